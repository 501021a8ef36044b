/** `beluga plan`: what a deployment would do; changes nothing. */
import type { ShownPlanView } from '@beluga/contract/change-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import { wordsOfVerdicts } from '../deployment/verdicts.ts';
import { plainText } from '../output/text.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command
    .argument('<release>', 'component@version; without a version its newest release')
    .requiredOption('--to <environment>', 'where it would go');
  whenCalled<{ to: string }>(command, async (io, { to }, [name = '']) => {
    const platform = await connect(io.env);
    const plan = await platform.client.planDeployment({ ...(await releaseNamed(platform, name)), environment: to });
    io.show(plan, () => wordsOfPlan(plan));
    return 0;
  });
}

function wordsOfPlan(plan: ShownPlanView): string {
  const steps = plan.steps.map((step, index) => `  ${index + 1}. ${plainText(step)}`);
  const title = `${plan.component}: ${plan.formerVersion ?? 'nothing'} -> ${plan.version} in ${plan.environment}`;
  return [
    title,
    ...(steps.length === 0 ? ['  Nothing to do: it runs so already.'] : steps),
    '',
    ...wordsOfOutlook(plan),
    ...wordsOfVerdicts(plan.verdicts),
    `Plan ${plan.hash}`,
  ].join('\n');
}

/** What it brings, what is known of it, and the way back. */
function wordsOfOutlook({ delta: { commits, vulnerabilities }, evidence, rollback }: ShownPlanView): readonly string[] {
  const { scanned, added, removed } = vulnerabilities;
  const known = evidence.map(({ kind, outcome }) => `${kind} ${outcome}`);
  return [
    `Brings ${commits.length === 1 ? '1 commit' : `${commits.length} commits`}; ${
      scanned ? `${added.length} more vulnerabilities, ${removed.length} fewer` : 'vulnerabilities are not known on both sides'
    }.`,
    known.length === 0 ? 'No evidence was recorded.' : `Evidence: ${plainText(known.join(', '))}.`,
    `Way back: ${plainText(rollback.reason)}`,
  ];
}
