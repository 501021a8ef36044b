/** What the demo asks of Beluga: ship, take a release further, expect a refusal, expect a rollback, look at what runs. */
import type { DeploymentView, ReleaseView, StatusView } from '@beluga/contract/api-schema';
import { exitCodes } from '../exit-code.ts';
import type { Said } from './beluga-command.ts';
import type { Repository } from './repository.ts';
import { NotAsPromised, promise, type Stage } from './stage.ts';

export const above = ['int', 're7', 'preprod', 'prod'] as const;
export const belowProduction = ['int', 're7', 'preprod'] as const;

/** Builds the image, registers the release and deploys it to the first environment. */
export async function ship(stage: Stage, { folder }: Repository, version: string): Promise<void> {
  succeeded(await stage.beluga('ship', folder, '--version', version));
}

/** Takes a release through these environments, one after the other. */
export async function take(stage: Stage, component: string, version: string, environments: readonly string[]): Promise<void> {
  for (const environment of environments) succeeded(await deploy(stage, component, version, environment));
}

/** A stage cannot be skipped: the order gate says so, and nothing is installed. */
export async function expectRefusal(stage: Stage, component: string, version: string, environment: string): Promise<void> {
  const { exitCode, result, words } = await deploy(stage, component, version, environment);
  promise(
    exitCode === exitCodes.refused,
    `${component} ${version} should have been refused in ${environment}: exit code ${exitCode}. ${words}`,
  );
  stage.io.progress.say(`    refused: ${result?.reason ?? words}`);
}

/** A bad release does not take over: the deployment ends rolled back, with a reason and the last lines of its log. */
export async function expectRollback(stage: Stage, component: string, version: string, environment: string): Promise<void> {
  const { exitCode, result, words } = await deploy(stage, component, version, environment);
  promise(
    exitCode === exitCodes.rolledBack,
    `${component} ${version} should have been rolled back in ${environment}: exit code ${exitCode}. ${words}`,
  );
  promise(result !== null && result.state === 'rolled-back' && result.reason !== null, `the deployment gave no reason: ${words}`);
  stage.io.progress.say(`    rolled back: ${result.reason}`);
  for (const line of result.log.slice(-3)) stage.io.progress.say(`    | ${line}`);
  promise(result.log.length > 0, 'the deployment kept no line of the log of what failed');
}

/** Installs the former or the named version again. */
export async function rollBack(stage: Stage, component: string, version: string, environment: string): Promise<void> {
  succeeded(await stage.beluga('rollback', component, '--env', environment, '--to', version, '--wait'));
}

export async function status(stage: Stage): Promise<StatusView> {
  const said = await stage.beluga<StatusView>('status');
  succeeded(said);
  promise(said.result !== null, 'beluga status printed no JSON');
  return said.result;
}

/** The version that is recorded as running, and how many instances are ready. */
export async function expectServing(stage: Stage, component: string, environment: string, version: string): Promise<void> {
  const cell = (await status(stage)).components.find((one) => one.component === component && one.environment === environment);
  promise(cell?.release === version, `${component} in ${environment} should be ${version}, it is ${cell?.release ?? 'absent'}`);
}

/** The address of a component in an environment. */
export async function addressOf(stage: Stage, component: string, environment: string): Promise<string> {
  const cell = (await status(stage)).components.find((one) => one.component === component && one.environment === environment);
  promise(typeof cell?.address === 'string', `${component} has no address in ${environment}`);
  return cell.address.replace(/\/$/, '');
}

/** Version numbers that no release of these components has: the first run of the demo ships 1.0.0, the second 1.0.1. */
export async function freeVersions(stage: Stage, component: string): Promise<(number: number) => string> {
  const said = await stage.beluga<readonly ReleaseView[]>('releases', component);
  const taken = (said.result ?? []).map(({ version }) => Number(/^\d+\.0\.(\d+)$/.exec(version)?.[1] ?? -1));
  const run = Math.max(-1, ...taken) + 1;
  return (number) => `${number}.0.${run}`;
}

export function deploy(stage: Stage, component: string, version: string, environment: string): Promise<Said<DeploymentView>> {
  return stage.beluga('deploy', `${component}@${version}`, '--to', environment, '--wait');
}

/** Refuses a command that did not end well, with its own sentence and remedy. */
export function succeeded({ exitCode, words, remedy }: Said<unknown>): void {
  if (exitCode !== exitCodes.done) throw new NotAsPromised(words === '' ? `the command ended with code ${exitCode}` : words, remedy);
}
