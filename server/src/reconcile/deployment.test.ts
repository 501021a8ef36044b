import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformOf } from '@beluga/contract/platform';
import { cancelDeployment } from '../actions/cancel-deployment.ts';
import type { Context } from '../actions/context.ts';
import { requestDeployment } from '../actions/request-deployment.ts';
import { rollBack } from '../actions/roll-back.ts';
import { createSimulatedEngine } from '../drivers/engine/simulated/simulated.ts';
import { BelugaError } from '../errors.ts';
import { entryHash, firstHash } from '../store/journal.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { createPlane, deploy, ended, environments, quickPace, release } from './for-tests.ts';
import { type Loop, startLoop } from './loop.ts';

const database = await withDatabase();
/** Every deployment is one to production, and nothing has to be verified before. */
const onlyProduction = {
  environments: ['prod'],
  platform: platformOf({ apiVersion: 'beluga/v1', kind: 'Platform', environments: [{ name: 'prod', gates: { approvals: 0 } }] }),
};

describe('a deployment', () => {
  async function withLoop(work: (plane: ReturnType<typeof createPlane>) => Promise<void>): Promise<void> {
    const plane = createPlane(database);
    const loop = startLoop(plane.context, 'server-1', quickPace);
    try {
      await work(plane);
    } finally {
      await loop.stop();
    }
  }

  it('goes through every environment in order, each after the one before', () =>
    withLoop(async ({ context, engine }) => {
      await release(context, 'ordered', '1.0.0');
      const refused = await deploy(context, 'ordered', '1.0.0', 'prod');
      assert.equal(refused.state, 'refused');
      assert.match(refused.reason ?? '', /not verified in dev, int, re7 and preprod.*beluga deploy ordered@1.0.0 --to dev/s);
      for (const environment of environments) {
        assert.equal((await deploy(context, 'ordered', '1.0.0', environment)).state, 'succeeded', environment);
        const { instances } = await engine.observe({ component: 'ordered', environment });
        assert.deepEqual(
          instances.map((instance) => instance.traffic),
          ['serving', 'serving'],
        );
      }
    }));

  it('replaces the former release, and a rollback brings it back', () =>
    withLoop(async ({ context, engine }) => {
      await release(context, 'web', '1.0.0');
      await release(context, 'web', '2.0.0');
      await deploy(context, 'web', '1.0.0', 'dev');
      const second = await deploy(context, 'web', '2.0.0', 'dev');
      assert.equal(second.formerVersion, '1.0.0');
      assert.deepEqual(
        second.steps.map((step) => `${step.kind} ${step.state}`),
        ['pull done', 'start done', 'ready done', 'shift done', 'drain done', 'stop done'],
      );
      const back = await ended(context, (await rollBack(context, 'lea', { component: 'web', environment: 'dev' })).id);
      assert.equal(back.state, 'succeeded');
      assert.equal(back.version, '1.0.0');
      const { instances } = await engine.observe({ component: 'web', environment: 'dev' });
      assert.deepEqual(
        instances.map((instance) => instance.version),
        ['1.0.0', '1.0.0'],
      );
    }));

  it('that never gets ready is rolled back with its reason and its last lines, and the former release serves', () =>
    withLoop(async ({ context, engine }) => {
      await release(context, 'sick', '1.0.0');
      await release(context, 'sick', '2.0.0');
      await deploy(context, 'sick', '1.0.0', 'dev');
      const words = { instance: 'sick', seconds: 5, problem: 'refused', port: 8080 };
      const mend = engine.fail({ on: 'ready', error: new BelugaError('never-ready', words, { log: ['cannot open contracts.db'] }) });
      const second = await deploy(context, 'sick', '2.0.0', 'dev');
      mend();
      assert.equal(second.state, 'rolled-back');
      assert.match(second.reason ?? '', /was not ready within 5 s/);
      assert.deepEqual(second.log, ['cannot open contracts.db']);
      const { instances } = await engine.observe({ component: 'sick', environment: 'dev' });
      assert.deepEqual(
        instances.map((instance) => `${instance.version} ${instance.traffic}`),
        ['1.0.0 serving', '1.0.0 serving'],
      );
    }));

  it('that fails as the first of its component ends failed and leaves nothing behind', () =>
    withLoop(async ({ context, engine }) => {
      await release(context, 'stillborn', '1.0.0');
      const mend = engine.fail({
        on: 'ready',
        matching: 'stillborn',
        error: new BelugaError('crashes', { instance: 'stillborn', exitCode: 1 }),
      });
      const only = await deploy(context, 'stillborn', '1.0.0', 'dev');
      mend();
      assert.equal(only.state, 'failed');
      assert.deepEqual((await engine.observe({ component: 'stillborn', environment: 'dev' })).instances, []);
    }));

  it('takes the place of the one that waits, never of the one that moves', () =>
    withLoop(async ({ context, engine }) => {
      for (const version of ['1.0.0', '2.0.0', '3.0.0']) await release(context, 'queue', version);
      const mend = engine.fail({
        on: 'ready',
        matching: 'queue',
        error: new BelugaError('pull-failed', { image: 'queue', problem: 'slow' }),
      });
      const ask = (version: string) => requestDeployment(context, 'lea', { component: 'queue', environment: 'dev', version });
      const first = await ask('1.0.0');
      while ((await context.store.views.deployment(first.id))?.state !== 'running') await sleep(5);
      const second = await ask('2.0.0');
      const third = await ask('3.0.0');
      assert.match((await ended(context, second.id)).reason ?? '', /newer request took its place: 3.0.0/);
      mend();
      assert.equal((await ended(context, first.id)).state, 'succeeded');
      assert.equal((await ended(context, third.id)).state, 'succeeded');
    }));

  it('can be cancelled while it moves, and the former release serves', () =>
    withLoop(async ({ context, engine }) => {
      await release(context, 'stopped', '1.0.0');
      await release(context, 'stopped', '2.0.0');
      await deploy(context, 'stopped', '1.0.0', 'dev');
      const mend = engine.fail({
        on: 'start',
        matching: 'stopped',
        error: new BelugaError('pull-failed', { image: 'stopped', problem: 'slow' }),
      });
      const second = await requestDeployment(context, 'lea', { component: 'stopped', environment: 'dev', version: '2.0.0' });
      while ((await context.store.views.deployment(second.id))?.state !== 'running') await sleep(5);
      await cancelDeployment(context, 'marc', second.id);
      mend();
      const end = await ended(context, second.id);
      assert.equal(end.state, 'cancelled');
      assert.equal(end.reason, 'Cancelled by marc.');
      const { instances } = await engine.observe({ component: 'stopped', environment: 'dev' });
      assert.deepEqual(
        instances.map((instance) => instance.version),
        ['1.0.0', '1.0.0'],
      );
    }));

  it('leaves an audit trail whose hashes hold', () =>
    withLoop(async ({ context }) => {
      await release(context, 'audited', '1.0.0');
      await deploy(context, 'audited', '1.0.0', 'dev');
      let previous = firstHash;
      for (const entry of await context.store.views.audit({ after: 0, limit: 10_000 })) {
        assert.equal(entry.hash, entryHash(previous, entry), `entry ${entry.number}`);
        previous = entry.hash;
      }
    }));
});

describe('a server that is killed in the middle of a deployment', () => {
  /** Dies at the given write of the run, or once it is on its way back: nothing after it reaches the store, as after kill -9. */
  function dyingAt(context: Context, fatal: number | 'undo', died: () => void): Context {
    let writes = 0;
    let dead = false;
    const death = new AbortController();
    const die = () => {
      dead = true;
      death.abort();
      died();
    };
    const mortal =
      <A extends readonly unknown[], R>(write: (...args: A) => Promise<R>, beforeCommit: boolean) =>
      async (...args: A): Promise<R> => {
        if (dead) return new Promise<R>(() => {});
        writes += 1;
        const now = fatal === 'undo' ? args[1] === 'undo' : writes === fatal;
        if (now && beforeCommit) {
          die();
          return new Promise<R>(() => {});
        }
        const result = await write(...args);
        if (!now) return result;
        die();
        return new Promise<R>(() => {});
      };
    const { runs } = context.store;
    const half = fatal !== 'undo' && fatal % 2 === 0;
    const mortalRuns = {
      ...runs,
      begin: mortal(runs.begin, half),
      plan: mortal(runs.plan, half),
      startStep: mortal(runs.startStep, half),
      endStep: mortal(runs.endStep, half),
      finish: mortal(runs.finish, half),
      renew: (...args: Parameters<typeof runs.renew>) => (dead ? Promise.resolve() : runs.renew(...args)),
      claim: (...args: Parameters<typeof runs.claim>) => (dead ? Promise.resolve(null) : runs.claim(...args)),
    };
    /** The dead do not wake, and no timer of theirs keeps the test. */
    const pause: Context['pause'] = (ms, signal) =>
      new Promise((resolve, reject) => {
        if (dead) return;
        const either = signal === undefined ? death.signal : AbortSignal.any([signal, death.signal]);
        context.pause(ms, either).then(resolve, (error: unknown) => (dead ? undefined : reject(error as Error)));
      });
    return { ...context, pause, store: { ...context.store, runs: mortalRuns } };
  }

  for (const [name, state, reason] of [
    ['crashing', 'rolled-back', /^Instance crashing ended with code 3 before it was ready\.$/],
    ['unwanted', 'cancelled', /^Cancelled by marc: not today\.$/],
  ] as const) {
    it(`while that goes back is ended by the next one as what it was, ${state}, and with the reason`, async () => {
      const engine = createSimulatedEngine();
      const { context } = createPlane(database, engine, onlyProduction);
      for (const version of ['1.0.0', '2.0.0']) await release(context, name, version);
      const first = startLoop(context, 'server-0', quickPace);
      await deploy(context, name, '1.0.0', 'prod');
      await first.stop();
      const error =
        name === 'crashing'
          ? new BelugaError('crashes', { instance: name, exitCode: 3 })
          : new BelugaError('pull-failed', { image: name, problem: 'slow' });
      const mend = engine.fail({ on: name === 'crashing' ? 'ready' : 'start', matching: name, error });
      const { promise, resolve } = Promise.withResolvers<void>();
      startLoop(dyingAt(context, 'undo', resolve), 'server-1', quickPace);
      const { id } = await requestDeployment(context, 'lea', { component: name, environment: 'prod', version: '2.0.0' });
      // Cancelled before anything was begun it would have nothing to put back.
      const begun = async () =>
        (await context.store.views.deployment(id))?.steps.some(({ kind, state }) => kind === 'start' && state !== 'planned');
      while ((await begun()) !== true) await sleep(5);
      if (name === 'unwanted') await cancelDeployment(context, 'marc', id, 'not today');
      if (name === 'unwanted') mend();
      await promise;
      const next: Loop = startLoop(context, 'server-2', quickPace);
      const end = await ended(context, id);
      await next.stop();
      assert.equal(end.state, state, end.reason ?? '');
      assert.match(end.reason ?? '', reason);
    });
  }

  for (let fatal = 1; fatal <= 15; fatal += 1) {
    it(`at write ${fatal} of its run is resumed by the next one: installed once, nothing orphaned, under one change that is closed`, async () => {
      const engine = createSimulatedEngine();
      const { context } = createPlane(database, engine, onlyProduction);
      const name = `mortal-${fatal}`;
      await release(context, name, '1.0.0');
      await release(context, name, '2.0.0');
      const first = startLoop(context, 'server-0', quickPace);
      await deploy(context, name, '1.0.0', 'prod');
      await first.stop();

      const { promise, resolve } = Promise.withResolvers<void>();
      startLoop(dyingAt(context, fatal, resolve), 'server-1', quickPace);
      const { id } = await requestDeployment(context, 'lea', { component: name, environment: 'prod', version: '2.0.0' });
      await promise;

      const next: Loop = startLoop(context, 'server-2', quickPace);
      const end = await ended(context, id);
      await next.stop();
      assert.equal(end.state, 'succeeded', end.reason ?? '');
      const { instances } = await engine.observe({ component: name, environment: 'prod' });
      assert.deepEqual(
        instances.map((instance) => `${instance.version} ${instance.traffic}`),
        ['2.0.0 serving', '2.0.0 serving'],
      );
      const trail = await context.store.views.events({ after: 0, subject: `deployment/${id}`, limit: 100 });
      assert.equal(trail.filter((event) => event.type === 'deployment.succeeded').length, 1);
      const changes = await context.store.changes.list({ component: name, limit: 10 });
      assert.deepEqual(
        changes.map((change) => `${change.facts.version} ${change.state} ${change.closure}`),
        ['2.0.0 closed successful', '1.0.0 closed successful'],
      );
    });
  }
});
