/**
 * The journey of the demo, in order: an insurance system and a registry of others, from a commit to production, under load, through
 * two bad versions, a killed instance, a killed server, and back.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { DeploymentView, JobRunView } from '@beluga/contract/api-schema';
import {
  above,
  addressOf,
  belowProduction,
  expectRefusal,
  expectRollback,
  expectServing,
  freeVersions,
  rollBack,
  ship,
  succeeded,
  take,
} from './delivery.ts';
import { ending, killInstance, killServerDuring, startAgain } from './faults.ts';
import { type Load, startLoad } from './load/load.ts';
import { publishAndRead } from './npm-registry.ts';
import { commitVersion, installPackages, makeRepository, type Repository, revert } from './repository.ts';
import { promise, type Stage } from './stage.ts';

const components = ['contrats-api', 'contrats-web', 'contrats-relance', 'registre-npm'] as const;
const front = 'contrats-web';
const jobMs = 75_000;

/** What the journey goes on with from part to part. */
type Journey = { readonly stage: Stage; readonly version: (number: number) => string; readonly repositories: readonly Repository[] };

/** Goes the whole way; gives the addresses. Throws at the first promise that does not hold. `loaded` is told of the load, to end it. */
export async function travel(
  stage: Stage,
  socket: () => Promise<string>,
  loaded: (load: Load) => void,
): Promise<Readonly<Record<string, string>>> {
  const journey = await prepare(stage);
  await firstVersions(journey);
  const addresses = await addressesOf(journey);
  const load = startLoad({
    address: addresses[front] ?? '',
    paths: ['/', '/souscrire', '/style.css', '/healthz', '/souscrire', '/style.css'],
    keptPerSecond: 150,
    newPerSecond: 30,
    connections: 16,
  });
  loaded(load);
  stage.measureWith(() => load.mark());
  await secondVersion(journey);
  await badVersions(journey);
  await faults(journey, socket);
  await back(journey);
  await others(journey, addresses);
  return addresses;
}

async function prepare(stage: Stage): Promise<Journey> {
  await stage.step('set the machine up and start the platform', async () => succeeded(await stage.beluga('up')));
  const repositories = await stage.step('make four git repositories and install their packages', async () => {
    const made = await Promise.all(components.map((component) => makeRepository(stage.home, component)));
    await Promise.all(made.map(installPackages));
    return made;
  });
  return { stage, repositories, version: await freeVersions(stage, front) };
}

async function firstVersions({ stage, version, repositories }: Journey): Promise<void> {
  const first = version(1);
  for (const repository of repositories) {
    await stage.step(`ship ${repository.component} ${first} to dev`, () => ship(stage, repository, first));
  }
  await stage.step('skip a stage: refused', () => expectRefusal(stage, front, first, 're7'));
  for (const { component } of repositories) {
    await stage.step(`take ${component} ${first} to production`, () => take(stage, component, first, above));
  }
}

async function secondVersion({ stage, version, repositories }: Journey): Promise<void> {
  const [second, repository] = [version(2), named(repositories, front)];
  await stage.step(`take ${front} ${second}, one file changed, to production under load`, async () => {
    await commitVersion(repository, 2, 'feat: annoncer la souscription en ligne');
    await ship(stage, repository, second);
    await take(stage, front, second, above);
  });
}

async function badVersions({ stage, version, repositories }: Journey): Promise<void> {
  const repository = named(repositories, front);
  await stage.step(`a version that never gets ready, ${version(3)}, does not take over`, async () => {
    await commitVersion(repository, 3, 'feat: attendre le référentiel des produits');
    await bad(stage, repository, version(3), version(2));
  });
  await stage.step(`a version that fails its check, ${version(4)}, does not take over`, async () => {
    await revert(repository);
    await commitVersion(repository, 4, 'feat: nouvelle présentation du portefeuille');
    await bad(stage, repository, version(4), version(2));
  });
  await revert(repository);
}

/** It passes below production, where its overlay does not apply, and fails there. */
async function bad(stage: Stage, repository: Repository, version: string, former: string): Promise<void> {
  await ship(stage, repository, version);
  await take(stage, front, version, belowProduction);
  await expectRollback(stage, front, version, 'prod');
  await expectServing(stage, front, 'prod', former);
}

async function faults({ stage, version, repositories }: Journey, socket: () => Promise<string>): Promise<void> {
  const [fifth, repository] = [version(5), named(repositories, front)];
  await stage.step('kill -9 of an instance in production', async () => {
    const killed = await killInstance(await socket(), front, 'prod');
    stage.io.progress.say(`    killed the process of container ${killed}`);
    await wait(3000);
  });
  await stage.step(`kill -9 of the server while it deploys ${fifth}: it resumes`, async () => {
    await commitVersion(repository, 5, 'fix: en une minute');
    await ship(stage, repository, fifth);
    await take(stage, front, fifth, belowProduction);
    const id = await startDeploying(stage, fifth);
    await killServerDuring(stage, id);
    stage.io.progress.say('    killed the server');
    await startAgain(stage);
    const { state, reason } = await ending(stage, id);
    promise(state === 'succeeded', `the deployment should have been carried on: ${state}, ${reason ?? 'no reason'}`);
    await expectServing(stage, front, 'prod', fifth);
  });
}

async function startDeploying(stage: Stage, version: string): Promise<string> {
  const said = await stage.beluga<DeploymentView>('deploy', `${front}@${version}`, '--to', 'prod', '--no-wait');
  succeeded(said);
  promise(said.result !== null, 'beluga deploy --no-wait printed no JSON');
  return said.result.id;
}

async function back({ stage, version }: Journey): Promise<void> {
  await stage.step(`roll back to ${version(1)}`, async () => {
    await rollBack(stage, front, version(1), 'prod');
    await expectServing(stage, front, 'prod', version(1));
  });
}

async function others({ stage, version }: Journey, addresses: Readonly<Record<string, string>>): Promise<void> {
  await stage.step('publish a package to the registry that was shipped', () => publishAndRead(addresses['registre-npm'] ?? '', version(1)));
  await stage.step('the job ran in production by its schedule', async () => {
    for (const startedMs = performance.now(); performance.now() - startedMs < jobMs; await wait(2000)) {
      const { result } = await stage.beluga<readonly JobRunView[]>('runs', 'contrats-relance', '--env', 'prod');
      const done = result?.find(({ cause, state }) => cause === 'schedule' && state === 'succeeded');
      if (done !== undefined) return done.log.slice(-1).forEach((line) => stage.io.progress.say(`    | ${line}`));
    }
    promise(false, `contrats-relance did not run by its schedule within ${jobMs / 1000} s`);
  });
}

async function addressesOf({ stage }: Journey): Promise<Readonly<Record<string, string>>> {
  const entries = components
    .filter((component) => component !== 'contrats-relance')
    .map(async (component) => [component, await addressOf(stage, component, 'prod')]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, string>;
}

function named(repositories: readonly Repository[], component: string): Repository {
  const found = repositories.find((repository) => repository.component === component);
  promise(found !== undefined, `no repository of ${component}`);
  return found;
}
