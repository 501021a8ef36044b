import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../../dev/until.ts';
import type { Context } from '../actions/context.ts';
import { describePlatform } from '../actions/describe-platform.ts';
import { listDrift } from '../actions/list-drift.ts';
import { registerRelease } from '../actions/register-release.ts';
import { repairDrift } from '../actions/repair-drift.ts';
import { setScale } from '../actions/set-scale.ts';
import type { Drift } from '../domain/drift/drift.ts';
import { servesWell } from '../domain/instance.ts';
import type { SimulatedEngine } from '../drivers/engine/simulated/simulated.ts';
import { openLocalSecrets } from '../drivers/secret/local/local-secrets.ts';
import { BelugaError } from '../errors.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { createPlane, deploy, quickPace, release, specOf } from './for-tests.ts';
import { checkPlace } from './instance.ts';
import { startLoop } from './loop.ts';

const database = await withDatabase();

async function withLoop(work: (plane: { context: Context; engine: SimulatedEngine }) => Promise<void>, changes: Partial<Context> = {}) {
  const plane = createPlane(database, undefined, changes);
  const loop = startLoop(plane.context, 'server-1', quickPace);
  try {
    await work(plane);
  } finally {
    await loop.stop();
  }
}

const drifts = (context: Context, component: string): Promise<readonly Drift[]> => listDrift(context, { component });
const serving = async (engine: SimulatedEngine, component: string) =>
  (await engine.observe({ component, environment: 'dev' })).instances
    .filter(servesWell)
    .map(({ name }) => name)
    .sort();

describe('drift', () => {
  it('is found by the event, put right, and told with what, when and until when', () =>
    withLoop(async ({ context, engine }) => {
      await release(context, 'truth', '1.0.0');
      await deploy(context, 'truth', '1.0.0', 'dev');
      await until(async () => (await context.store.sightings.served({ component: 'truth', environment: 'dev' })).length === 2);
      const [first = '', second = ''] = await serving(engine, 'truth');
      engine.alter({ instance: first, kind: 'paused', sentence: `${first} is paused.` }, { state: 'paused' });
      await until(async () => (await drifts(context, 'truth'))[0]?.repairedAt !== null && (await drifts(context, 'truth')).length === 1);
      await until(async () => (await serving(engine, 'truth')).join() === [first, second].join());
      engine.takeAway(second);
      const gone = await until(async () =>
        (await drifts(context, 'truth')).find(({ kind, repairedAt }) => kind === 'removed' && repairedAt !== null),
      );
      assert.equal(gone.sentence, `The container of ${second} is gone.`);
      await until(async () => (await serving(engine, 'truth')).join() === [first, second].join());
      engine.alter({ instance: first, kind: 'limits', sentence: `${first} has other limits.` });
      await until(async () => (await drifts(context, 'truth')).find(({ kind, repairedAt }) => kind === 'limits' && repairedAt !== null));
      await until(async () => (await serving(engine, 'truth')).join() === [first, second].join());
      const events = await context.store.views.events({ after: 0, subject: 'place/truth.', limit: 1_000 });
      const told = events.map(({ type }) => type).filter((type) => type.startsWith('drift.'));
      assert.deepEqual(told.filter((type) => type === 'drift.found').length, 3);
      assert.deepEqual(told.filter((type) => type === 'drift.repaired').length, 3);
    }));

  it('is one instance more by the name that the next would have, but not what a scale leaves behind', () =>
    withLoop(async ({ context, engine }) => {
      const place = { component: 'copied', environment: 'dev' };
      await release(context, 'copied', '1.0.0', { run: { replicas: { min: 2, max: 3 } } });
      await deploy(context, 'copied', '1.0.0', 'dev');
      for (const to of [3, 2]) {
        await setScale(context, 'marc', { ...place, to });
        await until(async () => (await checkPlace(context, place)) || (await serving(engine, 'copied')).length === to);
        await until(async () => (await serving(engine, 'copied')).length === to && (await context.store.runs.movingAt(place)) === null);
      }
      assert.deepEqual(await drifts(context, 'copied'), []);
      const [first] = (await engine.observe(place)).instances;
      const name = `${first?.name.slice(0, first.name.lastIndexOf('.'))}.2`;
      if (first !== undefined) engine.plant(place, { ...first, name, ordinal: 2, traffic: 'none' });
      await checkPlace(context, place);
      const found = await until(async () => (await drifts(context, 'copied')).find(({ repairedAt }) => repairedAt !== null));
      assert.deepEqual([found.kind, found.instance], ['added', name]);
      assert.match(found.sentence, /which no deployment brought\.$/);
      assert.equal((await engine.observe(place)).instances.length, 2);
    }));

  it('is only told where the release says so, and stands in the status until somebody has it put right, once', () =>
    withLoop(async ({ context, engine }) => {
      await release(context, 'watched', '1.0.0', { run: { repair: 'report' } });
      await deploy(context, 'watched', '1.0.0', 'dev');
      await until(async () => (await context.store.sightings.served({ component: 'watched', environment: 'dev' })).length === 2);
      const [first = '', second = ''] = await serving(engine, 'watched');
      engine.takeAway(second);
      const found = await until(async () => (await drifts(context, 'watched'))[0]);
      assert.equal(found.repair, 'report');
      await sleep(300);
      assert.deepEqual(await serving(engine, 'watched'), [first]);
      const cell = (await describePlatform(context)).components.find(({ component }) => component === 'watched');
      assert.match(cell?.reason ?? '', /drift: The container of watched\.dev\.\w+\.1 is gone \(\d+ s ago\)$/);
      await repairDrift(context, 'marc', { component: 'watched', environment: 'dev' });
      await until(async () => (await serving(engine, 'watched')).length === 2);
      await until(async () => (await drifts(context, 'watched'))[0]?.repairedAt !== null);
      const events = await context.store.views.events({ after: 0, subject: 'place/watched.', limit: 1_000 });
      assert.deepEqual(
        events.map(({ type }) => type).filter((type) => type.startsWith('drift.')),
        ['drift.found', 'drift.repair-ordered', 'drift.repaired'],
      );
      await assert.rejects(repairDrift(context, 'marc', { component: 'watched', environment: 'dev' }), { code: 'nothing-drifts' });
      engine.takeAway(first);
      await until(async () =>
        (await drifts(context, 'watched')).find(({ repairedAt, repair }) => repairedAt === null && repair === 'report'),
      );
    }));

  it('of a secret rolls the same release out again, once for each value, and keeps only keyed fingerprints', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'secret-'));
    const [source, key] = [join(folder, 'password'), join(folder, 'key')];
    await writeFile(source, 'first-canary');
    const secrets = await openLocalSecrets(key);
    await withLoop(
      async ({ context, engine }) => {
        const spec = { ...specOf('secretive'), config: { env: {}, files: [], secrets: [{ name: 'db', ref: `file:${source}` }] } };
        const image = `127.0.0.1:4600/secretive@${context.hash('secretive')}`;
        await registerRelease(context, 'lea', { spec, version: '1.0.0', image, layers: [], commit: null });
        await deploy(context, 'secretive', '1.0.0', 'dev');
        const before = await serving(engine, 'secretive');
        await sleep(300);
        assert.deepEqual(await serving(engine, 'secretive'), before);
        await writeFile(source, 'second-canary');
        await until(async () =>
          (await drifts(context, 'secretive')).find(({ kind, repairedAt }) => kind === 'secret' && repairedAt !== null),
        );
        const now = await serving(engine, 'secretive');
        assert.equal(now.length, 2);
        assert.equal(
          now.some((name) => before.includes(name)),
          false,
        );
        const failing = engine.fail({
          on: 'ready',
          matching: 'secretive',
          error: new BelugaError('crashes', { instance: 'x', exitCode: 1 }),
        });
        await writeFile(source, 'third-canary');
        const deployments = () => context.store.views.deployments({ component: 'secretive', environment: 'dev', limit: 50 });
        await until(async () => (await deployments()).some(({ state }) => state === 'rolled-back'));
        await sleep(500);
        failing();
        assert.deepEqual(
          (await deployments()).map(({ state, requestedBy }) => `${state} ${requestedBy}`),
          ['rolled-back beluga', 'succeeded beluga', 'succeeded lea'],
        );
        assert.deepEqual(await serving(engine, 'secretive'), now);
        const kept = JSON.stringify([
          await context.store.secretPrints.installed(),
          await context.store.views.events({ after: 0, limit: 1_000 }),
        ]);
        assert.doesNotMatch(kept, /canary/);
        for (const value of ['first-canary', 'second-canary', 'third-canary'])
          assert.equal(kept.includes(createHash('sha256').update(value).digest('hex')), false);
      },
      { secrets },
    );
    await rm(folder, { recursive: true });
  });
});
