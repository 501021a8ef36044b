/** `beluga can-i-deploy`: whether a release may go to an environment, with every gate that stands in its way and when time opens it. */
import type { SimulationView } from '@beluga/contract/gate-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { given } from '../deployment/given.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import { wordsOfVerdicts } from '../deployment/verdicts.ts';
import { CliError } from '../errors.ts';
import { exitCodes } from '../exit-code.ts';
import type { Io } from '../output/io.ts';
import { distanceOf, momentOf } from '../output/moment.ts';
import { plainText } from '../output/text.ts';
import { connect, type Platform } from '../platform/home.ts';

type Options = { readonly to: string; readonly if?: string; readonly incident?: string };

export function define(command: Command): void {
  command
    .argument('<release>', 'component@version; without a version its newest release')
    .requiredOption('--to <environment>', 'where it would go')
    .option('--if <supposition>', 'tagged-now: when a release tagged now could be there, stage by stage')
    .option('--incident <reference>', 'the incident it mends, which the calendar does not hold up')
    .addHelpText('after', '\nExit code 0 when it may, 3 when a gate is closed.');
  whenCalled<Options>(command, async (io, options, [name = '']) => {
    const platform = await connect(io.env);
    if (options.if !== undefined) return simulate(io, platform, name, options);
    const { incident } = options;
    const plan = await platform.client.planDeployment(
      given({ ...(await releaseNamed(platform, name)), environment: options.to, incident }),
    );
    io.show(plan, () => {
      const answer = plan.allowed
        ? 'yes'
        : `no${plan.opensAt === null ? '' : `, but from ${momentOf(plan.opensAt)} on (${distanceOf(plan.opensAt, Date.now())})`}`;
      return [`${plan.component}@${plan.version} to ${plan.environment}: ${answer}`, '', ...wordsOfVerdicts(plan.verdicts)].join('\n');
    });
    return plan.allowed ? exitCodes.done : exitCodes.refused;
  });
}

async function simulate(io: Io, { client }: Platform, name: string, { to, incident, ...options }: Options): Promise<number> {
  if (options.if !== 'tagged-now') throw new CliError('usage', { problem: `--if takes tagged-now, not ${options.if}.` });
  const [component = '', version] = name.split('@');
  const simulation = await client.simulateRelease(given({ component, version, environment: to, incident }));
  io.show(simulation, () => wordsOfSimulation(simulation));
  return simulation.earliest === null ? exitCodes.refused : exitCodes.done;
}

function wordsOfSimulation({ component, like, environment, earliest, stages }: SimulationView): string {
  const answer = earliest === null ? 'time alone does not bring it there' : `${momentOf(earliest)} at the earliest`;
  const lines = stages.flatMap((stage) => [
    `  ${stage.environment.padEnd(10)} ${stage.earliest === null ? '-' : momentOf(stage.earliest)}`,
    ...stage.needs.map((need) => `             needs ${plainText(need)}`),
    ...wordsOfVerdicts(stage.verdicts.filter(({ verdict }) => verdict !== 'open')).map((line) => `             ${line}`),
  ]);
  return [`${component} tagged now (like ${like}) to ${environment}: ${answer}`, '', ...lines].join('\n');
}
