/** What `run.rollout` and `run.health` must keep to beyond the schema. */
import type { Manifest } from './manifest-schema.ts';
import { millisecondsOf } from './quantity.ts';
import { rolloutOf } from './rollout.ts';
import type { RolloutWritten } from './rollout-schema.ts';
import { type Finding, type Path, written } from './schema-findings.ts';

/** Every rule about rollouts that a manifest breaks. */
export function rolloutsAreWhole({ run = {}, environments = {} }: Manifest): readonly Finding[] {
  const places: readonly (readonly [Path, RolloutWritten | undefined])[] = [
    [['run', 'rollout'], run.rollout],
    ...Object.entries(environments).map(([name, overlay]) => [['environments', name, 'rollout'], overlay.rollout] as const),
  ];
  return places.flatMap(([path, rollout]) =>
    rollout === undefined ? [] : [...keysOfItsStrategy(rollout, path), ...sharesGrow(rollout, path), ...deadlineIsEnough(rollout, path)],
  );
}

/** An instance says in one way only that it is ready. */
export function healthIsAskedOneWay({ run = {} }: Manifest): readonly Finding[] {
  if (run.health?.path === undefined || run.health.command === undefined) return [];
  const path = ['run', 'health', 'command'];
  return [{ path, at: 'key', problem: 'run.health has a path and a command', remedy: 'keep one of them' }];
}

const onlyFor = { batch: 'rolling', steps: 'canary', analysis: 'canary' } as const;

function keysOfItsStrategy(rollout: RolloutWritten, path: Path): readonly Finding[] {
  const { strategy = 'blue-green' } = rollout;
  return Object.entries(onlyFor)
    .filter(([key, its]) => Object.hasOwn(rollout, key) && its !== strategy)
    .map(([key, its]): Finding => {
      const place = [...path, key];
      return {
        path: place,
        at: 'key',
        problem: `${written(place)} belongs to the strategy ${its}, not ${strategy}`,
        remedy: `remove it, or write strategy: ${its}`,
      };
    });
}

function sharesGrow({ steps = [] }: RolloutWritten, path: Path): readonly Finding[] {
  return steps.flatMap(({ weight }, index): readonly Finding[] => {
    const before = steps[index - 1];
    if (before === undefined || before.weight < weight) return [];
    const place = [...path, 'steps', index, 'weight'];
    return [
      {
        path: place,
        at: 'value',
        problem: `${written(place)} is ${weight}, not more than the ${before.weight} before`,
        remedy: 'let the shares grow, such as 10, 50',
      },
    ];
  });
}

function deadlineIsEnough(rollout: RolloutWritten, path: Path): readonly Finding[] {
  if (rollout.deadline === undefined) return [];
  const least = rolloutOf(rollout).steps.reduce((sum, { forMs }) => sum + forMs, 0);
  if (millisecondsOf(rollout.deadline) > least) return [];
  const place = [...path, 'deadline'];
  const problem = `${written(place)} is ${rollout.deadline}, not more than its steps take together`;
  return [{ path: place, at: 'value', problem, remedy: `choose more than ${least / 1000}s` }];
}
