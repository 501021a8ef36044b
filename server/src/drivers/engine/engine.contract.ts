/**
 * The contract of the engine port: every driver passes it.
 *
 * Gaps: none in this suite. What needs real containers and real traffic stands in `engine-traffic.contract.ts`, which the simulated
 * engine does not run: nothing listens in memory.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../../../dev/until.ts';
import type { Observed } from '../../domain/instance.ts';
import { servesWell } from '../../domain/instance.ts';
import { BelugaError } from '../../errors.ts';
import type { Engine, EngineChange } from './engine.ts';
import { install, putBack, type Subject, testWorkload } from './subject.ts';

const { signal } = new AbortController();
const serving = (observed: Observed) => observed.instances.filter(servesWell).map((instance) => instance.name);
const names = (observed: Observed) => observed.instances.map((instance) => instance.name);
const standing = (observed: Observed) =>
  observed.instances.map(({ name, state, traffic, startedAt }) => ({ name, state, traffic, startedAt }));

export function refusal(code: string) {
  return (error: unknown) => error instanceof BelugaError && error.code === code && error.message !== '' && error.remedy !== '';
}

export function engineContract(name: string, open: () => Promise<Subject>): void {
  describe(`${name} keeps the contract of an engine:`, () => {
    let subject: Subject;
    let engine: Engine;
    before(async () => {
      subject = await open();
      ({ engine } = subject);
      await engine.prepare(['dev']);
    });
    after(() => subject?.close());
    const workload = (component: string, version: string, more = {}) => testWorkload(subject, component, version, more);

    test('it says who it is', async () => {
      const { kind, version } = await engine.info();
      assert.match(kind, /^[a-z]+$/);
      assert.match(version, /^\d/);
    });

    test('preparing twice changes nothing', async () => {
      await engine.prepare(['dev']);
      await engine.prepare(['dev']);
    });

    test('what was never installed has no instance, no step and no address', async () => {
      const place = { component: 'nobody', environment: 'dev' };
      assert.deepEqual(await engine.observe(place), { instances: [] });
      assert.deepEqual(engine.plan(null, { instances: [] }), []);
      await assert.rejects(engine.address(place), refusal('not-deployed'));
    });

    test('an installed component serves as many instances as were asked for, and nothing is left to do', async () => {
      const desired = workload('first', '1');
      await engine.route(desired, subject.port());
      assert.deepEqual(await install(engine, desired), ['pull', 'start', 'ready', 'shift']);
      const observed = await engine.observe(desired);
      assert.deepEqual(serving(observed), ['first.dev.g1.0', 'first.dev.g1.1']);
      assert.deepEqual(engine.plan(desired, observed), []);
      const [one] = observed.instances;
      assert.equal(one?.version, '1');
      assert.equal(one?.image, desired.image);
      assert.ok((await engine.places()).some(({ component }) => component === 'first'));
      assert.match(await engine.address(desired), /^http:\/\/127\.0\.0\.1:\d+$/);
    });

    test('a new release takes over whole and the former one is gone', async () => {
      await install(engine, workload('second', '1'));
      const next = workload('second', '2');
      assert.deepEqual(await install(engine, next), ['pull', 'start', 'ready', 'shift', 'drain', 'stop']);
      assert.deepEqual(names(await engine.observe(next)), ['second.dev.g2.0', 'second.dev.g2.1']);
    });

    test('replicas are added and taken away without touching the others', async () => {
      await install(engine, workload('scaled', '1'));
      const more = workload('scaled', '1', { replicas: { min: 3, max: 3 } });
      const before = await engine.observe(more);
      await install(engine, more);
      const grown = await engine.observe(more);
      assert.equal(serving(grown).length, 3);
      assert.deepEqual(grown.instances.slice(0, 2), before.instances);
      await install(engine, workload('scaled', '1', { replicas: { min: 1, max: 1 } }));
      assert.deepEqual(serving(await engine.observe(more)), ['scaled.dev.g1.0']);
    });

    test('every step may be done again, by another server too, without changing anything', async () => {
      await install(engine, workload('again', '1'));
      const next = workload('again', '2');
      const steps = engine.plan(next, await engine.observe(next));
      for (const step of steps) {
        await engine.perform(next, step, signal);
        const done = standing(await engine.observe(next));
        const other = subject.again();
        await other.perform(next, step, signal);
        assert.deepEqual(standing(await other.observe(next)), done, `${step.kind} changed something the second time`);
      }
      assert.deepEqual(names(await engine.observe(next)), ['again.dev.g2.0', 'again.dev.g2.1']);
    });

    test('a rollout that one server began is carried on by the next from what runs', async () => {
      await install(engine, workload('resumed', '1'));
      const next = workload('resumed', '2');
      let server = engine;
      for (
        let steps = server.plan(next, await server.observe(next));
        steps.length > 0;
        steps = server.plan(next, await server.observe(next))
      ) {
        for (const step of steps.slice(0, 2)) await server.perform(next, step, signal);
        server = subject.again();
      }
      assert.deepEqual(serving(await engine.observe(next)), ['resumed.dev.g2.0', 'resumed.dev.g2.1']);
    });

    test('a release that ends at start is refused with its last lines, and going back leaves the former one untouched', async () => {
      await install(engine, workload('crashing', '1'));
      const before = await engine.observe({ component: 'crashing', environment: 'dev' });
      const bad = workload('crashing', '2', { env: { CRASH_AT_START: '1' } });
      await assert.rejects(
        install(engine, bad),
        (error) => refusal('crashes')(error) && /boom/.test((error as BelugaError).log.join('\n')),
      );
      await putBack(engine, bad);
      assert.deepEqual(await engine.observe(bad), before);
    });

    test('a release that never gets ready is refused when its time is over, and going back leaves the former one untouched', async () => {
      await install(engine, workload('unready', '1'));
      const before = await engine.observe({ component: 'unready', environment: 'dev' });
      const bad = workload('unready', '2', { env: { NEVER_READY: '1' }, health: { path: '/up', withinMs: 1_500, minReadyMs: 0 } });
      await assert.rejects(install(engine, bad), refusal('never-ready'));
      await putBack(engine, bad);
      assert.deepEqual(await engine.observe(bad), before);
    });

    test('a release that answers its declared check wrongly is refused before any traffic reaches it', async () => {
      await install(engine, workload('checked', '1'));
      const before = await engine.observe({ component: 'checked', environment: 'dev' });
      const check = { path: '/declared', status: 200, contains: null, withinMs: 2_000 };
      const bad = workload('checked', '2', { env: { WRONG_ANSWER: '1' }, check });
      await assert.rejects(install(engine, bad), refusal('check-failed'));
      await putBack(engine, bad);
      assert.deepEqual(await engine.observe(bad), before);
      await install(engine, workload('checked', '3', { check }));
      assert.equal(serving(await engine.observe(bad)).length, 2);
    });

    test('going back after the shift brings the former instances back', async () => {
      await install(engine, workload('regretted', '1'));
      const next = workload('regretted', '2');
      const steps = engine.plan(next, await engine.observe(next));
      for (const step of steps.slice(0, steps.findIndex(({ kind }) => kind === 'shift') + 1)) await engine.perform(next, step, signal);
      await putBack(engine, next);
      assert.deepEqual(serving(await engine.observe(next)), ['regretted.dev.g1.0', 'regretted.dev.g1.1']);
      assert.equal((await engine.observe(next)).instances.length, 2);
    });

    test('the last healthy set is never removed, whoever asks', async () => {
      const desired = workload('guarded', '1');
      await install(engine, desired);
      const all = names(await engine.observe(desired));
      await assert.rejects(engine.perform(desired, { kind: 'shift', add: [], remove: all }, signal), refusal('would-stop-serving'));
      await assert.rejects(
        engine.perform(desired, { kind: 'stop', instances: all, graceMs: 1_000 }, signal),
        refusal('would-stop-serving'),
      );
      assert.deepEqual(serving(await engine.observe(desired)), all);
    });

    test('a component that leaves an environment leaves nothing there', async () => {
      const desired = workload('leaving', '1');
      await install(engine, desired);
      const place = { component: 'leaving', environment: 'dev' };
      for (const step of engine.plan(null, await engine.observe(place))) await engine.perform(place, step, signal);
      assert.deepEqual(await engine.observe(place), { instances: [] });
      assert.ok(!(await engine.places()).some(({ component }) => component === 'leaving'));
    });

    test('an instance that was killed is told as a change and brought back', async () => {
      const desired = workload('killed', '1');
      await install(engine, desired);
      const stopped = new AbortController();
      const seen: EngineChange[] = [];
      const followed = (async () => {
        for await (const change of engine.changes(stopped.signal)) seen.push(change);
      })();
      await sleep(300);
      await subject.kill('killed.dev.g1.0');
      await until(() => seen.some(({ kind, place }) => kind === 'instance' && place?.component === 'killed'));
      stopped.abort();
      await followed;
      await install(engine, desired);
      assert.deepEqual(serving(await engine.observe(desired)), ['killed.dev.g1.0', 'killed.dev.g1.1']);
    });

    test('what was changed by hand is told, seen in a quick look, and put right', async () => {
      const desired = workload('altered', '1');
      await install(engine, desired);
      assert.deepEqual(await engine.compare(desired), []);
      const before = (await engine.survey()).marks.get('altered.dev');
      await subject.pause('altered.dev.g1.0');
      const [told] = await engine.compare(desired);
      assert.deepEqual({ kind: told?.kind, instance: told?.instance }, { kind: 'paused', instance: 'altered.dev.g1.0' });
      assert.notEqual((await engine.survey()).marks.get('altered.dev'), before);
      await install(engine, desired);
      assert.deepEqual(await engine.compare(desired), []);
      assert.equal(serving(await engine.observe(desired)).length, 2);
    });

    test('an instance that is held stays ended until a step starts it', async () => {
      const desired = workload('held', '1');
      await install(engine, desired);
      await engine.hold('held.dev.g1.1', 1_000);
      await sleep(500);
      const { instances } = await subject.again().observe(desired);
      assert.equal(instances.find(({ name }) => name === 'held.dev.g1.1')?.state, 'exited');
      assert.deepEqual(serving({ instances }), ['held.dev.g1.0']);
      await install(engine, desired);
      assert.equal(serving(await engine.observe(desired)).length, 2);
      await assert.rejects(engine.hold('nobody.dev.g1.0', 1_000), refusal('unknown-instance'));
    });

    test('an instance tells what it said, and what it says while it ends is heard before it is removed', async () => {
      const desired = workload('talking', '1');
      await install(engine, desired);
      const there = (await engine.instances(desired)).map(({ name, place, running }) => `${place.component} ${name} ${running}`);
      assert.deepEqual(there.toSorted(), ['talking talking.dev.g1.0 true', 'talking talking.dev.g1.1 true']);
      const lines = [];
      for await (const line of engine.logs('talking.dev.g1.1', { tail: 10 })) lines.push(line);
      assert.ok(lines.some(({ text, stream }) => text.includes('listening on 8080') && stream === 'out'));
      assert.ok(lines.every(({ instance, at }) => instance === 'talking.dev.g1.1' && !Number.isNaN(Date.parse(at))));
      await assert.rejects(async () => {
        for await (const line of engine.logs('nobody.dev.g1.0', {})) assert.fail(line.text);
      }, refusal('unknown-instance'));
      const other = subject.again();
      const heard: string[] = [];
      other.beforeRemoval(async (place, instance) => {
        for await (const { text } of other.logs(instance, {})) heard.push(`${place.environment} ${instance} ${text}`);
      });
      await install(other, workload('talking', '2'));
      for (const ordinal of [0, 1]) assert.ok(heard.includes(`dev talking.dev.g1.${ordinal} told to stop`), heard.join(', '));
      assert.ok((await other.instances(desired)).every(({ name }) => name.startsWith('talking.dev.g2.')));
    });

    test('a task runs once under its name, whoever asks again, and tells its exit code and its log', async () => {
      const job = workload('nightly', '1', { kind: 'Job', command: ['node', '/app/task.js'], env: { EXIT_CODE: '7', RUN_MS: '500' } });
      const [one, two] = await Promise.all([
        engine.task(job, 'nightly-run-1', 20_000, signal),
        sleep(200).then(() => subject.again().task(job, 'nightly-run-1', 20_000, signal)),
      ]);
      assert.equal(one.exitCode, 7);
      assert.deepEqual(two, one);
      assert.deepEqual(one.log, ['the task begins', 'the task ends']);
      await engine.forget('nightly-run-1');
      await engine.forget('nightly-run-1');
      assert.ok(!(await engine.places()).some(({ component }) => component === 'nightly'));
    });

    test('a rollout that is told to stop stops early', async () => {
      await install(engine, workload('halted', '1'));
      const slow = workload('halted', '2', { env: { NEVER_READY: '1' }, health: { path: '/up', withinMs: 60_000, minReadyMs: 0 } });
      await assert.rejects(install(engine, slow, AbortSignal.timeout(2_000)));
      await putBack(engine, slow);
      assert.deepEqual(serving(await engine.observe(slow)), ['halted.dev.g1.0', 'halted.dev.g1.1']);
    });
  });
}
