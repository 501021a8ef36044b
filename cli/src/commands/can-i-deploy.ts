/** `beluga can-i-deploy`: whether a release may go to an environment, with every gate that stands in its way. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import { exitCodes } from '../exit-code.ts';
import { connect } from '../platform/home.ts';
import { wordsOfVerdicts } from './plan.ts';

export function define(command: Command): void {
  command
    .argument('<release>', 'component@version; without a version its newest release')
    .requiredOption('--to <environment>', 'where it would go');
  whenCalled<{ to: string }>(command, async (io, { to }, [name = '']) => {
    const platform = await connect(io.env);
    const plan = await platform.client.planDeployment({ ...(await releaseNamed(platform, name)), environment: to });
    io.show(plan, () =>
      [`${plan.component}@${plan.version} to ${to}: ${plan.allowed ? 'yes' : 'no'}`, ...wordsOfVerdicts(plan)].join('\n'),
    );
    return plan.allowed ? exitCodes.done : exitCodes.refused;
  });
}
