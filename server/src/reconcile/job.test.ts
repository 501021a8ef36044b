import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../actions/context.ts';
import { requestDeployment } from '../actions/request-deployment.ts';
import { runJob } from '../actions/run-job.ts';
import type { Operation } from '../domain/release.ts';
import type { TaskOutcome } from '../drivers/engine/engine.ts';
import { createSimulatedEngine } from '../drivers/engine/simulated/simulated.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { moveDeployment } from './deployment.ts';
import { createPlane, deploy, quickPace, release } from './for-tests.ts';
import { findDueRuns, moveJobRun } from './job.ts';
import { startLoop } from './loop.ts';

const database = await withDatabase();
const nights = await withDatabase();
const { signal } = new AbortController();
const virtualHours = 2;
/** BELUGA_JOBS=50 takes minutes. */
const jobs = Number(process.env['BELUGA_JOBS'] ?? 12);

/** A control plane of which every step is taken by hand, at the time that is set. */
function byHand(task: (name: string) => Promise<TaskOutcome>, store = database) {
  let time = Temporal.Instant.from('2026-06-01T00:00:30Z');
  const engine = createSimulatedEngine({ task: (workload, name) => task(`${workload.version} ${name}`) });
  const { context } = createPlane(store, engine, { now: () => time });
  const to = (instant: Temporal.Instant) => {
    time = instant;
  };
  return { context, to, now: () => time };
}

async function install(context: Context, component: string, version: string): Promise<void> {
  await requestDeployment(context, 'lea', { component, environment: 'dev', version });
  const run = await context.store.runs.claim('server-1', 3_600_000);
  assert.ok(run !== null);
  await moveDeployment(context, run, signal);
}

const runsOf = (context: Context, component: string) =>
  context.store.jobRuns.list({ component, environment: 'dev', limit: 1_000 }).then((runs) => runs.toReversed());

describe('a job', () => {
  const job = (name: string, changes: Operation = {}) => ({
    kind: 'Job' as const,
    run: { schedule: '*/10 * * * *', timeZone: 'UTC', ...changes },
    name,
  });
  async function step(context: Context): Promise<Promise<void>[]> {
    await findDueRuns(context);
    const moving: Promise<void>[] = [];
    for (;;) {
      const run = await context.store.jobRuns.claim('server-1', 3_600_000, context.now().toString());
      if (run === null) return moving;
      moving.push(moveJobRun(context, run, signal));
    }
  }

  it('that fails is tried again after its back-off, as often as it says', async () => {
    const { context, to, now } = byHand(async (name) => ({ exitCode: name.endsWith('-3') ? 0 : 1, log: [name] }));
    await release(context, 'again', '1.0.0', job('again', { retries: 2 }));
    await install(context, 'again', '1.0.0');
    to(now().add({ minutes: 10 }));
    await Promise.all(await step(context));
    const [first] = await runsOf(context, 'again');
    assert.equal(first?.state, 'waiting');
    assert.match(first?.reason ?? '', /Attempt 1 failed; tried again at 2026-06-01T00:10:40/);
    assert.equal((await step(context)).length, 0);
    for (const seconds of [10, 20]) {
      to(now().add({ seconds }));
      await Promise.all(await step(context));
    }
    const [last] = await runsOf(context, 'again');
    assert.deepEqual([last?.state, last?.attempt, last?.exitCode], ['succeeded', 3, 0]);
  });

  it('replaces the run that is not over, skips what could not start in time, and overlaps only when it may', async () => {
    const held: (() => void)[] = [];
    const { context, to, now } = byHand(() => new Promise((resolve) => held.push(() => resolve({ exitCode: 0, log: [] }))));
    const policies: Readonly<Record<string, Operation>> = {
      replacing: { concurrency: 'replace' },
      overlapping: { concurrency: 'allow' },
      waiting: { concurrency: 'forbid' },
      strict: { concurrency: 'forbid', startWithinMs: 60_000 },
    };
    for (const [name, policy] of Object.entries(policies)) {
      await release(context, name, '1.0.0', job(name, policy));
      await install(context, name, '1.0.0');
    }
    const moving: Promise<void>[] = [];
    for (let round = 0; round < 3; round += 1) {
      to(now().add({ minutes: 10 }));
      moving.push(...(await step(context)));
    }
    to(now().add({ minutes: 2 }));
    moving.push(...(await step(context)));
    const states = async (name: string) => (await runsOf(context, name)).map(({ state }) => state);
    assert.deepEqual(await states('replacing'), ['replaced', 'replaced', 'running']);
    assert.deepEqual(await states('overlapping'), ['running', 'running', 'running']);
    assert.deepEqual(await states('waiting'), ['running', 'skipped', 'waiting']);
    assert.deepEqual(await states('strict'), ['running', 'skipped', 'skipped']);
    for (const end of held) end();
    await Promise.allSettled(moving);
    assert.deepEqual(await states('replacing'), ['replaced', 'replaced', 'succeeded']);
  });

  it(`is neither killed, doubled, skipped nor started by installations: ${jobs} jobs, installed at any time over hours`, async () => {
    const durations = new Map<string, Temporal.Instant>();
    const running = new Map<string, () => void>();
    const used = new Map<string, string>();
    let seed = 42;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    const plane = byHand((key) => {
      const [version = '', id = ''] = key.split(' ');
      assert.ok(!used.has(id), `${id} was started twice`);
      used.set(id, version);
      durations.set(id, plane.now().add({ minutes: random(25) }));
      return new Promise((resolve) => running.set(id, () => resolve({ exitCode: 0, log: [] })));
    }, nights);
    const { context, to } = plane;
    const begin = Temporal.Instant.from('2026-06-02T00:00:30Z');
    const end = begin.add({ hours: virtualHours });
    to(begin);
    const every = (index: number) => [5, 10, 15, 30][index % 4] ?? 5;
    const names = Array.from({ length: jobs }, (_, index) => `night-${index}`);
    const version = new Map(names.map((name) => [name, 1]));
    for (const [index, name] of names.entries()) {
      const run = { schedule: `*/${every(index)} * * * *`, timeZone: 'UTC', concurrency: 'allow' as const };
      for (let number = 1; number <= 3; number += 1) await release(context, name, `${number}.0.0`, { kind: 'Job', run });
      await install(context, name, '1.0.0');
    }
    const moving: Promise<void>[] = [];
    for (let now = begin; Temporal.Instant.compare(now, end) <= 0; now = now.add({ minutes: 5 })) {
      to(now);
      for (let installed = random(4); installed > 0; installed -= 1) {
        const name = names[random(names.length)] ?? '';
        const next = Math.min((version.get(name) ?? 1) + 1, 3);
        version.set(name, next);
        await install(context, name, `${next}.0.0`);
      }
      moving.push(...(await step(context)));
      for (const [id, until] of durations) if (Temporal.Instant.compare(until, now) <= 0) running.get(id)?.();
    }
    // One that was claimed last may begin only now.
    const ended = Promise.all(moving).then(() => true);
    while (!(await Promise.race([ended, sleep(10, false)]))) for (const finish of running.values()) finish();
    for (const [index, name] of names.entries()) {
      const runs = await runsOf(context, name);
      const expected = (virtualHours * 60) / every(index);
      assert.deepEqual([runs.length, runs.filter(({ state }) => state === 'succeeded').length], [expected, expected], name);
      assert.ok(
        runs.every(({ id, version: recorded }) => used.get(id) === recorded),
        `${name}: a run changed its release`,
      );
    }
  });

  it('whose schedule an installation changes is not started by it', async () => {
    const { context, to, now } = byHand(async () => ({ exitCode: 0, log: [] }));
    await release(context, 'moved', '1.0.0', { kind: 'Job', run: { schedule: '0 1 * * *', timeZone: 'UTC' } });
    await release(context, 'moved', '2.0.0', { kind: 'Job', run: { schedule: '0 2 * * *', timeZone: 'UTC' } });
    await install(context, 'moved', '1.0.0');
    to(now().add({ hours: 1 }));
    await Promise.all(await step(context));
    to(now().add({ hours: 2 }));
    await install(context, 'moved', '2.0.0');
    await Promise.all(await step(context));
    assert.equal((await runsOf(context, 'moved')).length, 1);
    to(now().add({ hours: 23 }));
    await Promise.all(await step(context));
    assert.equal((await runsOf(context, 'moved')).length, 2);
  });

  it('runs now when a person asks', async () => {
    const { context } = byHand(async () => ({ exitCode: 0, log: ['done'] }));
    await release(context, 'manual', '1.0.0', job('manual'));
    await install(context, 'manual', '1.0.0');
    await runJob(context, 'lea', { component: 'manual', environment: 'dev' });
    await Promise.all(await step(context));
    const [run] = await runsOf(context, 'manual');
    assert.deepEqual([run?.cause, run?.state, run?.log], ['person', 'succeeded', ['done']]);
  });
});

describe('the tasks before a rollout', () => {
  it('run once a release and environment; one that fails stops the rollout with its log', async () => {
    const ran: string[] = [];
    let exitCode = 1;
    const engine = createSimulatedEngine({
      task: async ({ component, command, version }, name) => {
        if (component !== 'migrated') return { exitCode: 0, log: [] };
        ran.push(`${version} ${command?.join(' ')} ${name.split('-').at(-1)}`);
        return { exitCode, log: ['table missing'] };
      },
    });
    const { context } = createPlane(database, engine);
    const loop = startLoop(context, 'server-1', quickPace);
    try {
      const before = [{ name: 'migrate', command: ['node', 'migrate.js'], deadlineMs: 5_000 }];
      await release(context, 'migrated', '1.0.0', { run: { before } });
      const refused = await deploy(context, 'migrated', '1.0.0', 'dev');
      assert.equal(refused.state, 'failed');
      assert.match(refused.reason ?? '', /Task migrate before the rollout ended with code 1/);
      assert.deepEqual(refused.log, ['table missing']);
      assert.deepEqual((await engine.observe({ component: 'migrated', environment: 'dev' })).instances, []);
      exitCode = 0;
      assert.equal((await deploy(context, 'migrated', '1.0.0', 'dev')).state, 'succeeded');
      assert.equal((await deploy(context, 'migrated', '1.0.0', 'dev')).state, 'succeeded');
      assert.equal((await deploy(context, 'migrated', '1.0.0', 'int')).state, 'succeeded');
      assert.deepEqual(ran, ['1.0.0 node migrate.js 1', '1.0.0 node migrate.js 2', '1.0.0 node migrate.js 1']);
    } finally {
      await loop.stop();
      await sleep(0);
    }
  });
});
