/** `beluga deploy`: installs a release in an environment and follows it to its end. */
import type { DeploymentView } from '@beluga/contract/api-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { millisecondsOf } from '../deployment/duration.ts';
import { followDeployment, hasEnded, wordsOfEnding } from '../deployment/follow.ts';
import { given } from '../deployment/given.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import { wordsOfWaiting } from '../deployment/waiting.ts';
import { CliError } from '../errors.ts';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import type { Io } from '../output/io.ts';
import { tell } from '../output/problem.ts';
import { connect, type Platform } from '../platform/home.ts';

export type WaitOptions = { readonly wait?: boolean; readonly timeout: string };
export type DeployOptions = WaitOptions & {
  readonly to: string;
  readonly incident?: string;
  readonly waitForGates?: true;
  readonly replaceSoaking?: true;
};
type Wish = {
  readonly component: string;
  readonly version: string;
  readonly environment: string;
  readonly incident?: string | undefined;
  readonly waitForGates?: boolean | undefined;
  readonly replaceSoaking?: boolean | undefined;
};

export function define(command: Command): void {
  command
    .argument('<release>', 'component@version; without a version its newest release')
    .requiredOption('--to <environment>', 'where it goes')
    .option('--incident <reference>', 'the incident it mends, such as INC0012345: the calendar does not hold it up')
    .option('--wait-for-gates', 'start by itself when time opens the gates and the plan is approved; returns unless --wait is given');
  command.option('--replace-soaking', 'take the place of a release that is proving itself there');
  withWaitOptions(command);
  whenCalled<DeployOptions>(command, async (io, options, [name = '']) => {
    const platform = await connect(io.env);
    const { to: environment, incident, waitForGates, replaceSoaking } = options;
    const wish = { ...(await releaseNamed(platform, name)), environment, incident, waitForGates, replaceSoaking };
    return deployAndShow(io, platform, wish, options, 'deploy');
  });
}

export function withWaitOptions(command: Command): void {
  command
    .option('--wait', 'follow it to its end (the default)')
    .option('--no-wait', 'return as soon as it is recorded')
    .option('--timeout <duration>', 'how long to wait at most', '10m');
}

export async function deployAndShow(io: Io, platform: Platform, wish: Wish, options: WaitOptions, command: string): Promise<number> {
  return showEnding(io, platform, await platform.client.requestDeployment(given(wish)), options, command);
}

/** Follows a deployment that was asked for and shows how it ended; gives the exit code. */
export async function showEnding(
  io: Io,
  platform: Platform,
  first: DeploymentView,
  options: WaitOptions,
  command: string,
): Promise<number> {
  const timeoutMs = millisecondsOf(options.timeout, command);
  if (first.waitsFor !== null && options.wait !== true) {
    io.show(first, () => wordsOfWaiting(first).join('\n'));
    return exitCodes.done;
  }
  if (options.wait === false && !hasEnded(first)) {
    io.show(
      first,
      () => `${first.id}: ${first.component}@${first.version} to ${first.environment} is ${first.state}; see beluga deployments`,
    );
    return exitCodes.done;
  }
  const last = hasEnded(first) ? first : await followDeployment(io, platform, first, timeoutMs);
  if (!hasEnded(last)) return tellTimedOut(io, last, timeoutMs);
  const address = io.format === 'table' && last.state === 'succeeded' ? await addressOf(platform, last) : null;
  io.show(last, () => `${wordsOfEnding(last)}${address === null ? '' : `\n  ${address}`}`);
  return exitCodeOf(last.state);
}

function tellTimedOut(io: Io, last: DeploymentView, timeoutMs: number): number {
  if (io.format !== 'table') io.show(last, () => '');
  tell(new CliError('timed-out', { id: last.id, state: last.state, seconds: Math.round(timeoutMs / 1000) }), io.format);
  return exitCodes.timedOut;
}

async function addressOf({ client }: Platform, { component, environment }: DeploymentView): Promise<string | null> {
  const { components } = await client.status();
  return components.find((cell) => cell.component === component && cell.environment === environment)?.address ?? null;
}
