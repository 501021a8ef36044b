import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../../dev/until.ts';
import type { Context } from '../actions/context.ts';
import { describePlatform } from '../actions/describe-platform.ts';
import { listInstances } from '../actions/list-instances.ts';
import { setScale } from '../actions/set-scale.ts';
import { longestStaggerMs } from '../domain/healing/health.ts';
import { servesWell } from '../domain/instance.ts';
import { createSimulatedEngine, type SimulatedEngine } from '../drivers/engine/simulated/simulated.ts';
import { BelugaError } from '../errors.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { createPlane, deploy, quickPace, release } from './for-tests.ts';
import { checkPlace } from './instance.ts';
import { startLoop, usualPace } from './loop.ts';

const database = await withDatabase();

/** A running control plane whose clock can be set forward. */
async function withLoop(work: (plane: { context: Context; engine: SimulatedEngine; later: (seconds: number) => void }) => Promise<void>) {
  let ahead = 0;
  const now = () => Temporal.Now.instant().add({ seconds: ahead });
  const engine = createSimulatedEngine({ now: () => now().toString() });
  const { context } = createPlane(database, engine, { now });
  const loop = startLoop(context, 'server-1', quickPace);
  try {
    await work({ context, engine, later: (seconds) => void (ahead += seconds) });
  } finally {
    await loop.stop();
  }
}

async function told(context: Context, component: string, type: string): Promise<readonly string[]> {
  const events = await context.store.views.events({ after: 0, subject: `place/${component}.`, limit: 1_000 });
  return events.filter((event) => event.type === type).map(({ data }) => (data as { sentence: string }).sentence);
}

describe('an instance', () => {
  const place = (component: string) => ({ component, environment: 'dev' });
  const serving = async (engine: SimulatedEngine, component: string) =>
    (await engine.observe(place(component))).instances.filter(servesWell).map(({ name }) => name);

  it('that crashes again and again is ended, and started when its back-off is over', () =>
    withLoop(async ({ context, engine, later }) => {
      await release(context, 'loops', '1.0.0');
      await deploy(context, 'loops', '1.0.0', 'dev');
      const [name = ''] = await serving(engine, 'loops');
      const mend = engine.fail({ on: 'ready', matching: 'loops', error: new BelugaError('crashes', { instance: name, exitCode: 3 }) });
      engine.crash(name, 1);
      engine.crash(name, 1);
      await until(async () => (await engine.observe(place('loops'))).instances.some(({ state }) => state === 'exited'));
      mend();
      await until(async () => (await told(context, 'loops', 'instances.crashing')).length === 1);
      await sleep(150);
      assert.equal((await serving(engine, 'loops')).length, 1);
      const held = (await listInstances(context, place('loops'))).find((one) => one.name === name);
      assert.match(held?.reason ?? '', /crashed 2 times in a row; starts again in \d+ s/);
      later(11);
      await until(async () => (await serving(engine, 'loops')).length === 2);
    }));

  it('that is not alive any more is restarted, and that is told', () =>
    withLoop(async ({ context, engine, later }) => {
      await release(context, 'deaf', '1.0.0', { run: { live: { path: '/live', everyMs: 20, timeoutMs: 100, failures: 3 } } });
      await deploy(context, 'deaf', '1.0.0', 'dev');
      later(1);
      const [name = ''] = await serving(engine, 'deaf');
      engine.deaf(name, true);
      await until(async () => (await told(context, 'deaf', 'instance.not-live')).length === 1);
      engine.deaf(name, false);
      await until(async () => (await serving(engine, 'deaf')).length === 2);
      assert.match((await told(context, 'deaf', 'instance.not-live'))[0] ?? '', /asked 3 times whether it is alive: no answer/);
    }));

  it('that says it is not ready is left to the router: no repair waits for it, and a release does not wait behind one', () =>
    withLoop(async ({ context, engine }) => {
      await release(context, 'pausing', '1.0.0');
      await release(context, 'pausing', '1.1.0');
      await deploy(context, 'pausing', '1.0.0', 'dev');
      const [name = ''] = await serving(engine, 'pausing');
      const done = engine.performed.length;
      engine.unready(name);
      await checkPlace(context, place('pausing'));
      const cell = (await describePlatform(context)).components.find(({ component }) => component === 'pausing');
      assert.deepEqual(cell?.replicas, { wanted: 2, ready: 1 });
      assert.equal(cell?.reason, '1 of 2 instances does not answer the health check and gets no requests');
      const shown = (await listInstances(context, place('pausing'))).find((one) => one.name === name);
      assert.match(shown?.reason ?? '', /^not ready/);
      await sleep(150);
      assert.equal(engine.performed.length, done);
      await deploy(context, 'pausing', '1.1.0', 'dev');
      assert.equal((await serving(engine, 'pausing')).length, 2);
    }));

  it('that says twice by its own command that it is not ready gets no requests until it says otherwise', () =>
    withLoop(async ({ context, engine, later }) => {
      const health = { path: null, command: ['ready'], withinMs: 5_000, minReadyMs: 0 };
      await release(context, 'commanded', '1.0.0', { run: { health } });
      await deploy(context, 'commanded', '1.0.0', 'dev');
      const [name = ''] = await serving(engine, 'commanded');
      const unready = async () =>
        (await engine.observe(place('commanded'))).instances.flatMap((one) => (one.unready === true ? [one.name] : [])).join();
      engine.deaf(name, true);
      await until(async () => {
        later(1);
        return (await unready()) === name;
      });
      engine.deaf(name, false);
      await until(async () => {
        later(1);
        return (await unready()) === '' && (await serving(engine, 'commanded')).length === 2;
      });
    }));

  it('whose dependency is down waits for it without noise, and is back when it is', () =>
    withLoop(async ({ context, engine, later }) => {
      await release(context, 'source', '1.0.0');
      await release(context, 'user', '1.0.0', { dependsOn: ['source'] });
      for (const component of ['source', 'user']) await deploy(context, component, '1.0.0', 'dev');
      const broken = (component: string) =>
        engine.fail({ on: 'ready', matching: component, error: new BelugaError('crashes', { instance: component, exitCode: 1 }) });
      const [mendSource, mendUser] = [broken('source'), broken('user')];
      for (const name of await serving(engine, 'source')) engine.kill(name);
      await until(async () => (await context.store.placeHealth.of(place('source'))).downSince !== null);
      for (const name of await serving(engine, 'user')) engine.crash(name, 4);
      await until(async () => (await context.store.placeHealth.of(place('user'))).waitingFor === 'source');
      later(180);
      const cell = (await describePlatform(context)).components.find(({ component }) => component === 'user');
      assert.match(cell?.reason ?? '', /^waiting for source \(down for 3 min\)$/);
      mendSource();
      mendUser();
      await until(async () => (await serving(engine, 'source')).length === 2);
      await until(async () => (await context.store.placeHealth.of(place('user'))).waitingFor === null);
      later(5);
      await until(async () => (await serving(engine, 'user')).length === 2);
      assert.equal((await told(context, 'user', 'component.waiting')).length, 1);
      await until(async () => (await told(context, 'user', 'component.back')).length === 1);
    }));
});

it('between the return of a dependency and the start of what waits for it lie at most five of the ten seconds', () => {
  const { healthMs, pollMs } = usualPace;
  // The return is seen, the instance's own moment comes and is seen, a worker takes the run.
  assert.ok(healthMs + longestStaggerMs + healthMs + pollMs <= 5_000);
});

describe('scaling', () => {
  const place = { component: 'elastic', environment: 'dev' };
  const scaling = {
    ...{ cpuPercent: null, memoryPercent: null, requests: 10, concurrency: null },
    ...{ downAfterMs: 200, upAfterMs: 0 },
  };

  it('adds instances for a peak, takes them away after it, and leaves a pinned number alone', () =>
    withLoop(async ({ context, engine }) => {
      await release(context, 'elastic', '1.0.0', { run: { replicas: { min: 1, max: 4 }, scaling } });
      await deploy(context, 'elastic', '1.0.0', 'dev');
      const count = async () => (await engine.observe(place)).instances.filter(servesWell).length;
      assert.equal(await count(), 1);
      let requests = 0;
      let each = 10;
      const traffic = setInterval(() => engine.gets(place, { requests: (requests += each) }), 20);
      try {
        await until(async () => (await count()) === 4);
        assert.equal((await context.store.scale.of(place))?.wanted, 4);
        const [first = ''] = await told(context, 'elastic', 'component.scaled');
        assert.match(first, /^(Stays at 1|From 1 to 4): /);
        each = 0;
        await until(async () => (await count()) === 1);
        const pinned = await setScale(context, 'lea', { ...place, to: 3 });
        assert.match(pinned.reason, /^lea set it to 3/);
        await until(async () => (await count()) === 3);
        each = 50;
        await sleep(200);
        assert.equal(await count(), 3);
      } finally {
        clearInterval(traffic);
      }
    }));
});
