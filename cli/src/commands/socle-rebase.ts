/** `beluga socle rebase`: moves applications to the newest version of a socle without building them again. */
import type { RebasePlanView, SocleDetailView } from '@beluga/contract';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { connect } from '../platform/home.ts';
import { withRegistry } from '../platform/registry.ts';
import { type Rebased, rebaseAll } from '../socle/rebase.ts';

type Options = { readonly from?: string; readonly system?: string; readonly dryRun?: boolean };

export function define(command: Command): void {
  command
    .argument('<socle>', 'the socle to move to, in its newest version')
    .option('--from <socle>', 'move from another socle; default: older versions of the same')
    .option('--system <name>', 'only the components of one application system')
    .option('--dry-run', 'only say who would move, and who may not');
  whenCalled<Options>(command, async (io, { from, system, dryRun }, [name = '']) => {
    const platform = await withRegistry(await connect(io.env), io.env);
    const plan = await platform.client.planRebase({ name, ...(from && { from }), ...(system && { system }) });
    if (dryRun === true) {
      io.show(plan, () => planWords(plan));
      return exitCodes.done;
    }
    const rebased = await rebaseAll(io, platform, plan);
    const { users } = await platform.client.showSocle({ name });
    const still = users.filter(({ number, environments }) => number < plan.onto.number && environments.length > 0);
    const { refused, done } = plan;
    io.show({ socle: name, number: plan.onto.number, ...rebased, refused, done, still }, () => doneWords(plan, rebased, still));
    return rebased.failed.length === 0 ? exitCodes.done : exitCodes.error;
  });
}

function planWords(plan: RebasePlanView): string {
  const waves = plan.waves.flatMap(({ system, criticality, items }, at) => [
    `Wave ${at + 1}: ${system} (${criticality})`,
    ...items.map((item) => `  ${item.component}@${item.version} -> ${item.newVersion}, from #${item.from.number}`),
  ]);
  const nothing = waves.length === 0 ? ['Nobody is to move.'] : [];
  return [`Onto ${plan.onto.name} #${plan.onto.number}; ${plan.done} there already.`, ...nothing, ...waves, ...refusedWords(plan)].join(
    '\n',
  );
}

function doneWords(plan: RebasePlanView, { moved, failed, left }: Rebased, still: SocleDetailView['users']): string {
  const target = `${plan.onto.name} #${plan.onto.number}`;
  const stopped =
    failed.length === 0
      ? []
      : [
          ...failed.map(({ component, version, problem }) => `  ${component}@${version} failed: ${problem}`),
          `Stopped there; ${left} more were not begun. Mend it and run the same command again: who moved is passed over.`,
        ];
  const old = still.map(({ component, version, environments }) => `  ${component}@${version} in ${environments.join(', ')}`);
  return [
    moved.length + failed.length === 0
      ? `Nobody is to move: ${plan.done} stand on ${target} already.`
      : `${moved.length} moved to ${target}, ${plan.done} were there already.`,
    ...moved.slice(0, 20).map(({ component, version, newVersion }) => `  ${component}@${version} -> ${newVersion}`),
    ...(moved.length > 20 ? [`  and ${moved.length - 20} more`] : []),
    ...moved
      .slice(0, 1)
      .map(({ component, newVersion }) => `Deploy them as any other release: beluga deploy ${component}@${newVersion} --to ENVIRONMENT`),
    ...stopped,
    ...refusedWords(plan),
    ...(old.length === 0 ? [] : ['Installed on an older version still; deploy the new release to change that:', ...old]),
  ].join('\n');
}

function refusedWords({ refused }: RebasePlanView): readonly string[] {
  if (refused.length === 0) return [];
  return ['May not move, and must be built again:', ...refused.map((one) => `  ${one.component}@${one.version}: ${one.problem}`)];
}
