/**
 * The second half of the contract, for engines that run real containers: what requests live through. Each test keeps a modest load on the
 * component's address, over kept connections and new ones, and loses no request.
 *
 * The simulated engine has no traffic to lose and does not run it.
 */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../../../dev/until.ts';
import { servesWell } from '../../domain/instance.ts';
import type { Rollout } from '../../domain/release.ts';
import { usualRollout, type Workload } from '../../domain/workload.ts';
import { BelugaError } from '../../errors.ts';
import { type LoadReport, startLoad } from './docker/rig/load.ts';
import { refusal } from './engine.contract.ts';
import type { Engine } from './engine.ts';
import { install, putBack, type Subject, testWorkload } from './subject.ts';

const { signal } = new AbortController();

export function trafficContract(name: string, open: () => Promise<Subject>): void {
  describe(`${name} loses no request:`, () => {
    let subject: Subject;
    let engine: Engine;
    before(async () => {
      subject = await open();
      ({ engine } = subject);
      await engine.prepare(['dev']);
    });
    after(() => subject?.close());

    const workload = (component: string, version: string, more: Partial<Workload> = {}) => testWorkload(subject, component, version, more);
    const installed = async (desired: Workload): Promise<string> => {
      await engine.route(desired, subject.port());
      await install(engine, desired);
      return await engine.address(desired);
    };
    const underLoad = async (address: string, work: () => Promise<void>, method = 'GET'): Promise<LoadReport> => {
      const load = startLoad({ url: `${address}/`, kept: 60, fresh: 20, connections: 8, method });
      await sleep(300);
      const outcome = await Promise.allSettled([work()]);
      await sleep(300);
      const report = await load.stop();
      if (outcome[0].status === 'rejected') throw outcome[0].reason;
      assert.deepEqual(report.failures, {}, `${report.failed} of ${report.sent} failed`);
      assert.ok(report.sent > 20);
      return report;
    };
    const ask = async (address: string, path: string) => await (await fetch(`${address}${path}`)).text();
    /** How many instances answer. */
    const answering = async (address: string) => {
      const said = await Promise.all(Array.from({ length: 12 }, () => ask(address, '/who')));
      return new Set(said.map((one) => (JSON.parse(one) as { readonly self: number }).self)).size;
    };

    test('a new release, new configuration and a rollback, of an application that ends at once when told to', async () => {
      const address = await installed(workload('rolled', '1'));
      const report = await underLoad(address, async () => {
        await install(engine, workload('rolled', '2'));
        await install(engine, workload('rolled', '3', { env: { GREETING: 'hello' } }));
        await install(engine, workload('rolled', '1'));
      });
      assert.deepEqual(Object.keys(report.answers).sort(), ['v1', 'v2', 'v3']);
      assert.equal(await ask(address, '/'), 'v1');
    });

    test('requests that must not be repeated live through a release too', async () => {
      const address = await installed(workload('posted', '1'));
      await underLoad(address, async () => void (await install(engine, workload('posted', '2'))), 'POST');
    });

    test('a release that takes over one instance after the other', async () => {
      const address = await installed(workload('rolling', '1'));
      const rollout = { ...usualRollout, strategy: 'rolling' as const, batch: 1 };
      await underLoad(address, async () => {
        const kinds = await install(engine, workload('rolling', '2', { rollout }));
        assert.equal(kinds.filter((kind) => kind === 'shift').length, 2);
      });
      assert.equal((await engine.observe({ component: 'rolling', environment: 'dev' })).instances.length, 2);
      const bad = workload('rolling', '3', { rollout });
      await underLoad(address, async () => {
        const former = workload('rolling', '2');
        const steps = engine.plan(bad, await engine.observe(bad));
        for (const step of steps.slice(0, steps.findIndex(({ kind }) => kind === 'stop') + 1)) await engine.perform(bad, step, signal);
        await putBack(engine, bad, former);
      });
      assert.deepEqual(
        (await engine.observe(bad)).instances.map(({ version, traffic }) => [version, traffic]),
        [
          ['2', 'serving'],
          ['2', 'serving'],
        ],
      );
    });

    const canary = (more: Partial<Rollout['analysis']> = {}): Rollout => ({
      ...usualRollout,
      strategy: 'canary',
      steps: [
        { weight: 10, forMs: 400 },
        { weight: 50, forMs: 400 },
      ],
      analysis: { ...usualRollout.analysis, requests: 5, latencyFactor: 100, withinMs: 10_000, ...more },
    });

    test('a canary that answers as well as the former version takes over', async () => {
      const address = await installed(workload('tried', '1'));
      const report = await underLoad(address, async () => {
        const kinds = await install(engine, workload('tried', '2', { rollout: canary() }));
        assert.deepEqual(kinds.slice(3), ['weigh', 'analyse', 'weigh', 'analyse', 'shift', 'drain', 'stop']);
      });
      assert.deepEqual(Object.keys(report.answers).sort(), ['v1', 'v2']);
      assert.equal(await ask(address, '/'), 'v2');
    });

    test('a canary that fails under load only goes back, and whatever could be asked twice was answered', async () => {
      const address = await installed(workload('overwhelmed', '1'));
      const bad = workload('overwhelmed', '2', {
        env: { FAIL_UNDER_LOAD: '1' },
        rollout: canary(),
        health: { path: null, withinMs: 5_000, minReadyMs: 0 },
      });
      const report = await underLoad(address, async () => {
        await assert.rejects(install(engine, bad), refusal('canary-worse'));
        const observed = await engine.observe(bad);
        assert.deepEqual(new Set(observed.instances.map(({ traffic }) => traffic)), new Set(['canary', 'serving']));
        assert.equal(observed.canaryPercent, 10);
        await putBack(engine, bad);
      });
      const counted = await engine.counters(bad);
      assert.deepEqual([counted.requests, counted.failed], [report.sent, 0], 'the router counts each request once');
      assert.deepEqual(
        (await engine.observe(bad)).instances.map(({ version }) => version),
        ['1', '1'],
      );
    });

    test('a canary that nobody asks anything is not proven', async () => {
      await installed(workload('alone', '1'));
      const next = workload('alone', '2', { rollout: canary({ withinMs: 1_000 }) });
      await assert.rejects(install(engine, next), refusal('canary-unproven'));
      await putBack(engine, next);
      assert.deepEqual(
        (await engine.observe(next)).instances.map(({ version }) => version),
        ['1', '1'],
      );
    });

    test('a canary goes on where it was when another server takes over, and through a router that is started anew', async () => {
      const address = await installed(workload('handed', '1'));
      const next = workload('handed', '2', { rollout: canary() });
      await underLoad(address, async () => {
        const steps = engine.plan(next, await engine.observe(next));
        for (const step of steps.slice(
          0,
          steps.findIndex(({ kind }) => kind === 'analyse'),
        ))
          await engine.perform(next, step, signal);
        const other = subject.again();
        await other.prepare(['dev']);
        const kinds = other.plan(next, await other.observe(next)).map(({ kind }) => kind);
        assert.deepEqual(kinds.slice(0, 3), ['ready', 'weigh', 'analyse']);
        await install(other, next);
      });
      assert.equal(await ask(address, '/'), 'v2');
    });

    test('an instance is ready when its own command says so, and gets no request while others are ready and it is not', async () => {
      const command = ['node', '-e', 'fetch("http://127.0.0.1:8080/up").then((answer) => process.exit(answer.ok ? 0 : 1))'];
      const health = { path: null, command, withinMs: 15_000, minReadyMs: 0 };
      const desired = workload('inside', '1', { health, env: { START_MS: '500' } });
      const address = await installed(desired);
      assert.equal(await ask(address, '/'), 'v1');
      const names = ['inside.dev.g1.0', 'inside.dev.g1.1'] as const;
      const says = () => engine.probe(names[0], { path: null, command, timeoutMs: 5_000 });
      assert.equal(await says(), null);
      assert.equal(await engine.probe(names[0], { path: '/unready', timeoutMs: 2_000 }), null);
      assert.match((await says()) ?? '', /ended with 1/);
      const ready = async () => (await engine.observe(desired)).instances.filter(servesWell).length;
      await underLoad(address, async () => {
        await engine.heed(desired, { ready: [names[1]], unready: [names[0]] });
        await until(async () => (await ready()) === 1 && (await answering(address)) === 1);
        await engine.heed(desired, { ready: [], unready: names });
        await until(async () => (await ready()) === 0 && (await answering(address)) === 2);
        await engine.heed(desired, { ready: names, unready: [] });
        await until(async () => (await ready()) === 2);
      });
      const bad = workload('inside', '2', {
        health: { ...health, command: ['node', '-e', 'console.log("no database"); process.exit(3)'], withinMs: 1_500 },
      });
      await assert.rejects(install(engine, bad), /ended with 3: no database/);
      await putBack(engine, bad);
    });

    test('replicas added and taken away', async () => {
      const address = await installed(workload('scaled', '1'));
      await underLoad(address, async () => {
        for (const min of [4, 1, 2]) await install(engine, workload('scaled', '1', { replicas: { min, max: 4 } }));
      });
    });

    test('one of two replicas killed, and brought back without anybody asking', async () => {
      const desired = workload('killed', '1');
      const address = await installed(desired);
      await underLoad(address, async () => {
        await subject.kill('killed.dev.g1.1');
        await until(async () => (await engine.observe(desired)).instances.some(({ restarts }) => restarts > 0));
        await until(async () => (await engine.observe(desired)).instances.filter(servesWell).length === 2);
      });
    });

    test('one that is not ready any more leaves and comes back, also while a release goes over it', async () => {
      const desired = workload('flipped', '1');
      const address = await installed(desired);
      const tell = async (path: string) => assert.equal(await engine.probe('flipped.dev.g1.0', { path, timeoutMs: 2_000 }), null);
      const ready = async () => (await engine.observe(desired)).instances.filter(servesWell).map(({ ordinal }) => ordinal);
      await underLoad(address, async () => {
        await tell('/unready');
        await until(async () => (await ready()).join() === '1' && (await answering(address)) === 1);
        await tell('/ready');
        await until(async () => (await ready()).length === 2 && (await answering(address)) === 2);
        await tell('/unready');
        await until(async () => (await ready()).join() === '1');
        await install(engine, workload('flipped', '2'));
      });
      assert.equal(await ask(address, '/'), 'v2');
    });

    for (const [fault, env] of [
      ['ends at start', { CRASH_AT_START: '1' }],
      ['never gets ready', { NEVER_READY: '1' }],
      ['never listens', { NEVER_LISTEN: '1' }],
      ['answers its check wrongly', { WRONG_ANSWER: '1' }],
    ] as const) {
      test(`a release that ${fault} never answers one`, async () => {
        const component = `bad-${Object.keys(env)[0]?.toLowerCase().replaceAll('_', '-')}`;
        const check = { path: '/declared', status: 200, contains: null, withinMs: 2_000 };
        const health = { path: '/up', withinMs: 2_000, minReadyMs: 0 };
        const address = await installed(workload(component, '1', { check }));
        const report = await underLoad(address, async () => {
          const bad = workload(component, '2', { env, check, health });
          await assert.rejects(install(engine, bad), BelugaError);
          await putBack(engine, bad);
        });
        assert.deepEqual(Object.keys(report.answers), ['v1']);
        assert.equal((await engine.observe({ component, environment: 'dev' })).instances.length, 2);
      });
    }

    test('a slow answer that is on its way when its instance leaves', async () => {
      const address = await installed(workload('slow', '1'));
      const answers = Array.from({ length: 4 }, () => ask(address, '/slow?ms=1500'));
      await sleep(100);
      await install(engine, workload('slow', '2'));
      assert.deepEqual(await Promise.all(answers), ['slow', 'slow', 'slow', 'slow']);
    });

    test('streams and upgraded connections go on until the grace is over, then end', async () => {
      const address = await installed(workload('streamed', '1', { stopGraceMs: 1_000 }));
      const [events, echo] = [await openEvents(address), await openEcho(address)];
      const next = workload('streamed', '2', { stopGraceMs: 1_000 });
      const steps = engine.plan(next, await engine.observe(next));
      for (const step of steps.slice(
        0,
        steps.findIndex(({ kind }) => kind === 'drain'),
      ))
        await engine.perform(next, step, signal);
      const heard = events.count();
      await until(() => events.count() > heard);
      assert.equal(await echo.say('still there?'), 'still there?');
      await install(engine, next);
      await Promise.all([events.ended, echo.ended]);
      assert.equal(await ask(address, '/'), 'v2');
    });

    test('an application that ignores being told to stop', async () => {
      const address = await installed(workload('stubborn', '1', { env: { IGNORE_SIGTERM: '1' }, stopGraceMs: 1_000 }));
      await underLoad(address, async () => void (await install(engine, workload('stubborn', '2', { stopGraceMs: 1_000 }))));
      assert.equal((await engine.observe({ component: 'stubborn', environment: 'dev' })).instances.length, 2);
    });

    test('another server that takes over', async () => {
      const address = await installed(workload('adopted', '1'));
      await underLoad(address, async () => {
        const other = subject.again();
        await other.prepare(['dev']);
        assert.equal(await other.address({ component: 'adopted', environment: 'dev' }), address);
        await install(other, workload('adopted', '2'));
      });
    });

    test('requests and failures are counted', async () => {
      const desired = workload('counted', '1', { env: { FAIL_UNDER_LOAD: '10' }, health: { path: null, withinMs: 5_000, minReadyMs: 0 } });
      const address = await installed(desired);
      for (let sent = 0; sent < 30; sent += 1) await ask(address, '/');
      const counters = await engine.counters(desired);
      assert.equal(counters.requests, 30);
      assert.equal(counters.failed, 10);
      assert.equal(counters.failures['status-5xx'], 10);
    });
  });
}

function openEvents(address: string): Promise<{ readonly count: () => number; readonly ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${address}/events`, { agent: false }, (answer) => {
      let count = 0;
      answer.on('data', () => (count += 1));
      const ended = new Promise<void>((end) => answer.on('close', end).on('error', () => {}));
      resolve({ count: () => count, ended });
    });
    asked.on('error', reject);
    asked.end();
  });
}

function openEcho(address: string): Promise<{ readonly say: (text: string) => Promise<string>; readonly ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${address}/`, { agent: false, headers: { connection: 'Upgrade', upgrade: 'echo' } });
    asked.on('upgrade', (_, socket) => {
      socket.on('error', () => {});
      const ended = new Promise<void>((end) => socket.on('close', end));
      const say = (text: string) =>
        new Promise<string>((heard) => {
          socket.once('data', (chunk: Buffer) => heard(chunk.toString()));
          socket.write(text);
        });
      resolve({ say, ended });
    });
    asked.on('error', reject);
    asked.end();
  });
}
