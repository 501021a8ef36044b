/**
 * The order in which a train's releases go: waves, each after the ones that its releases depend on.
 *
 * Within a wave everything moves at once; the next wave starts when the whole wave has moved.
 */
import type { Broken, Party, PartySet } from './contract.ts';
import { newlyBroken, withReleases } from './contract.ts';

export type Ordered =
  | { readonly kind: 'waves'; readonly waves: readonly (readonly string[])[] }
  /** The components in the order in which each depends on the next, the first once more at the end. */
  | { readonly kind: 'cycle'; readonly cycle: readonly string[] };

/** Topological levels of the members (Kahn): what depends on nobody of the train goes first. Names are sorted: one set, one plan. */
export function ordered(members: readonly Party[]): Ordered {
  const inside = new Set(members.map(({ component }) => component));
  const waiting = new Map(members.map((one) => [one.component, one.dependsOn.filter((name) => inside.has(name))]));
  const waves: (readonly string[])[] = [];
  while (waiting.size > 0) {
    const wave = [...waiting].filter(([, needs]) => needs.every((name) => !waiting.has(name))).map(([name]) => name);
    if (wave.length === 0) return { kind: 'cycle', cycle: cycleIn(waiting) };
    for (const name of wave) waiting.delete(name);
    waves.push(wave.sort());
  }
  return { kind: 'waves', waves };
}

/** What is broken while one wave has moved and the next has not: who wants no interruption provides the former version beside the new one. */
export function brokenBetween(
  before: PartySet,
  members: readonly Party[],
  waves: readonly (readonly string[])[],
): readonly { readonly wave: number; readonly broken: readonly Broken[] }[] {
  const between = waves.slice(0, -1).map((_, index) => {
    const gone = new Set(waves.slice(0, index + 1).flat());
    const set = withReleases(
      before,
      members.filter(({ component }) => gone.has(component)),
    );
    return { wave: index + 1, broken: newlyBroken(before, set) };
  });
  return between.filter(({ broken }) => broken.length > 0);
}

/** Every one that is left waits for another: following them must come back. */
function cycleIn(waiting: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const walked: string[] = [];
  let name = [...waiting.keys()].sort()[0] ?? '';
  while (!walked.includes(name)) {
    walked.push(name);
    name = waiting.get(name)?.find((next) => waiting.has(next)) ?? name;
  }
  return [...walked.slice(walked.indexOf(name)), name];
}
