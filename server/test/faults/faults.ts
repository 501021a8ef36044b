/**
 * The fault matrix: what goes wrong in a rollout, how it must end, and what nobody may notice meanwhile.
 *
 * Each fault is tried under load on a component of its own. The load is kept by a client that does not repeat anything.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { usualRollout, type Workload } from '../../src/domain/workload.ts';
import type { RealSubject } from '../../src/drivers/engine/docker/rig/subject.ts';
import { paths } from '../../src/drivers/engine/docker/router/configuration.ts';
import { livingRouter } from '../../src/drivers/engine/docker/router/process.ts';
import type { Engine } from '../../src/drivers/engine/engine.ts';
import { install, putBack } from '../../src/drivers/engine/subject.ts';
import { BelugaError } from '../../src/errors.ts';

export type Ground = { readonly subject: RealSubject; readonly former: Workload; readonly next: Workload };
export type Fault = {
  readonly name: string;
  /** What the former version is like; well unless said. */
  readonly former?: Partial<Workload>;
  /** What the new version is like. */
  readonly next?: Partial<Workload>;
  /** Which version must serve in the end. */
  readonly ends: 'new' | 'former';
  /** How the rollout goes; an install, and back when that is refused, unless said. */
  readonly roll?: (ground: Ground) => Promise<string | null>;
  /** Requests that may fail: none unless said. */
  readonly mayFail?: (sent: number) => number;
  /** What must serve in the end comes and goes: it is enough that all of it is there, and nothing else. */
  readonly restless?: true;
  /** Only new connections: what is on its way in a router that is killed is lost, whoever would be. */
  readonly freshOnly?: true;
};

const quickHealth = { path: '/up', withinMs: 2_500, minReadyMs: 0 };
const steady = { path: '/up', withinMs: 6_000, minReadyMs: 1_200 };
const { signal } = new AbortController();

export const faults: readonly Fault[] = [
  { name: 'crash at start', next: { env: { CRASH_AT_START: '1' }, health: quickHealth }, ends: 'former' },
  { name: 'crash after a while', next: { env: { CRASH_AFTER_MS: '900' }, health: steady }, ends: 'former' },
  { name: 'flapping readiness', next: { env: { FLAPS: '1' }, health: { ...steady, withinMs: 3_000 } }, ends: 'former' },
  {
    name: '5xx under load only',
    next: {
      env: { FAIL_UNDER_LOAD: '3' },
      health: { path: null, withinMs: 5_000, minReadyMs: 0 },
      rollout: {
        ...usualRollout,
        strategy: 'canary',
        steps: [{ weight: 20, forMs: 1_000 }],
        analysis: { ...usualRollout.analysis, requests: 20, withinMs: 10_000 },
      },
    },
    ends: 'former',
  },
  { name: 'slow start', next: { env: { START_MS: '3000' }, health: { path: '/up', withinMs: 15_000, minReadyMs: 0 } }, ends: 'new' },
  { name: 'exit at once on SIGTERM', ends: 'new' },
  { name: 'ignores SIGTERM', former: { env: { IGNORE_SIGTERM: '1' }, stopGraceMs: 1_000 }, next: { stopGraceMs: 1_000 }, ends: 'new' },
  {
    name: 'memory leak over the limit',
    next: { env: { LEAK: '1' }, health: steady, resources: { cpuMillis: null, memoryBytes: 128 * 1024 * 1024 } },
    ends: 'former',
  },
  {
    name: 'dependency down',
    next: {
      dependsOn: ['nobody'],
      health: { path: '/call?url=http%3A%2F%2Fnobody%2F', withinMs: 2_500, minReadyMs: 0 },
    },
    ends: 'former',
  },
  {
    name: 'former version broken too',
    ends: 'new',
    roll: breakFormer,
    mayFail: (sent) => sent,
  },
  {
    name: 'both versions broken',
    next: { env: { NEVER_READY: '1' }, health: quickHealth },
    ends: 'former',
    roll: breakFormer,
    restless: true,
    mayFail: (sent) => sent,
  },
  { name: 'engine restarted', ends: 'new', roll: restartEngine },
  { name: 'router killed', ends: 'new', roll: killRouter, freshOnly: true, mayFail: () => 2 },
  { name: 'server killed at each step', ends: 'new', roll: killServer },
  {
    name: 'server killed at each step of a canary',
    next: {
      rollout: {
        ...usualRollout,
        strategy: 'canary',
        steps: [{ weight: 30, forMs: 300 }],
        analysis: { ...usualRollout.analysis, requests: 5, latencyFactor: 1_000, withinMs: 10_000 },
      },
    },
    ends: 'new',
    roll: killServer,
  },
  {
    name: 'server killed at each step of a rolling release',
    next: { rollout: { ...usualRollout, strategy: 'rolling' } },
    ends: 'new',
    roll: killServer,
  },
];

/** As the reconciler does: forward, and back by itself when that is refused. Gives why it was. */
export async function roll({ subject, former, next }: Ground): Promise<string | null> {
  try {
    await patiently(() => install(subject.engine, next));
    return null;
  } catch (error) {
    if (!(error instanceof BelugaError)) throw error;
    await putBack(subject.engine, next, former);
    return error.message;
  }
}

/** The former version is killed again and again: what is left of it must not be taken for healthy, nor be removed for nothing. */
async function breakFormer(ground: Ground): Promise<string | null> {
  const { subject, former } = ground;
  const { instances } = await subject.engine.observe(former);
  const over = new AbortController();
  const killing = (async () => {
    while (!over.signal.aborted) {
      for (const { name } of instances) await subject.kill(name).catch(() => {});
      await sleep(200);
    }
  })();
  try {
    return await roll(ground);
  } finally {
    over.abort();
    await killing;
  }
}

async function restartEngine({ subject, next }: Ground): Promise<null> {
  const steps = subject.engine.plan(next, await subject.engine.observe(next));
  for (const step of steps.slice(0, 2)) await subject.engine.perform(next, step, signal);
  await subject.real.crash();
  const back = sleep(500).then(() => subject.real.start());
  await patiently(() => install(subject.engine, next));
  await back;
  return null;
}

async function killRouter({ subject, next }: Ground): Promise<null> {
  const steps = subject.engine.plan(next, await subject.engine.observe(next));
  for (const step of steps.slice(0, 3)) await subject.engine.perform(next, step, signal);
  process.kill((await livingRouter(paths(`${subject.home}/router`))) ?? 0, 'SIGKILL');
  await patiently(() => install(subject.engine, next));
  return null;
}

/** A server is cut off in each kind of step, once; the next one knows nothing of it and goes on, until it is cut off in the next kind. */
async function killServer({ subject, next }: Ground): Promise<null> {
  const cut = new Set<string>();
  for (let engine: Engine = subject.engine; ; engine = subject.again()) {
    const steps = engine.plan(next, await engine.observe(next));
    if (steps.length === 0) return null;
    for (const step of steps) {
      const first = !cut.has(step.kind);
      cut.add(step.kind);
      if (!first) await engine.perform(next, step, signal);
      else await engine.perform(next, step, AbortSignal.timeout(20)).catch(() => {});
      if (first) break;
    }
  }
}

/** As long as what failed may pass, as the reconciler does. */
async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (let left = 60; ; left -= 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (left === 0 || !(error instanceof BelugaError) || !error.retry) throw error;
      await sleep(250);
    }
  }
}
