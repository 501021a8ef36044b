/**
 * The loop: claims what waits, carries it out under a lease, looks for drift and due runs; woken by the store and by the engine.
 *
 * Several servers run the same loop on one store; the leases share the work out.
 */
import { cleanEngine } from '../actions/clean-engine.ts';
import type { Context } from '../actions/context.ts';
import { lockDueTrains } from '../actions/plan-train.ts';
import { settleDue } from '../actions/settle-held.ts';
import type { Run } from '../domain/run.ts';
import { stamp } from '../domain/stamp.ts';
import { type Bell, createBell } from './bell.ts';
import { isLeaseLost } from './carry.ts';
import { deliverDue, forgetWithoutTargets } from './delivery.ts';
import { moveDeployment } from './deployment.ts';
import type { Marks } from './drift.ts';
import { collectNowAndThen } from './garbage.ts';
import { checkPlace, findDrift, moveHeal, survey, watchUnwell } from './instance.ts';
import { findDueRuns, type Looked, moveJobRun } from './job.ts';
import { keepLogs } from './keep-logs.ts';
import { askWhoIsAlive, createPulse } from './liveness.ts';
import { askWhoIsReady, createHearing } from './readiness.ts';
import { type Readings, sampleAll, thinSamples } from './sample.ts';
import { createMeter, scaleAll } from './scaling.ts';
import { followSecrets } from './secret.ts';
import { countTraffic } from './traffic.ts';
import { moveTrip } from './train.ts';

export type Loop = {
  /** Takes nothing new, lets go of what moves (another server or the next start resumes it) and ends. */
  stop(): Promise<void>;
};

export type Pace = {
  /** After this long without a sign of life a run may be taken over. */
  readonly leaseMs: number;
  /** How often to look even when nothing woke the loop. */
  readonly pollMs: number;
  readonly driftMs: number;
  /** How often a quick look says where a closer one is worth it. */
  readonly surveyMs: number;
  /** How often secrets are held against those that what runs was given. */
  readonly secretsMs: number;
  /** How often what nothing needs any more is taken off the engine. */
  readonly cleanMs: number;
  readonly jobsMs: number;
  /** How often the router's counts are read for a soak. */
  readonly trafficMs: number;
  /** How often what is not well is looked at again, and whether instances are alive. */
  readonly healthMs: number;
  /** How often scaling decides; 15 s as the horizontal autoscaler of Kubernetes. */
  readonly scalingMs: number;
  /** How often what components do and use is kept, to be drawn. */
  readonly sampleMs: number;
  /** How many runs move at once. */
  readonly width: number;
};

export const usualPace: Pace = {
  leaseMs: 4_000,
  pollMs: 500,
  driftMs: 30_000,
  surveyMs: 5_000,
  secretsMs: 5_000,
  cleanMs: 600_000,
  jobsMs: 1_000,
  healthMs: 1_000,
  scalingMs: 15_000,
  trafficMs: 10_000,
  sampleMs: 15_000,
  width: 16,
};

export function startLoop(context: Context, owner: string, pace: Pace = usualPace): Loop {
  const stopping = new AbortController();
  const { signal } = stopping;
  const bells = [createBell(), createBell(), createBell(), createBell()] as const;
  const ring = () => {
    for (const bell of bells) bell.ring();
  };
  const silence = context.store.onEvent(ring);
  const pulse = createPulse();
  const meter = createMeter();
  const hearing = createHearing();
  const looked: Looked = new Map();
  const marks: Marks = new Map();
  const readings: Readings = new Map();
  const work = Promise.all([
    claimRuns(context, owner, pace, bells[0], signal),
    claimJobRuns(context, owner, pace, bells[1], signal),
    claimTrips(context, owner, pace, bells[2], signal),
    every(context, pace.pollMs, signal, 'looking at what waits for its gates', () => settleDue(context)),
    every(context, pace.jobsMs, signal, 'locking trains', () => lockDueTrains(context)),
    every(context, pace.driftMs, signal, 'looking for drift', async () => void (await findDrift(context))),
    every(context, pace.surveyMs, signal, 'looking over everything', () => survey(context, marks)),
    every(context, pace.cleanMs, signal, 'cleaning the engine', async () => void (await cleanEngine(context, 'beluga'))),
    every(context, pace.secretsMs, signal, 'following secrets', () => followSecrets(context)),
    every(context, pace.healthMs, signal, 'looking at what is not well', () => watchUnwell(context)),
    every(context, pace.healthMs, signal, 'asking who is alive', () => askWhoIsAlive(context, pulse)),
    every(context, pace.healthMs, signal, 'asking who is ready', () => askWhoIsReady(context, hearing)),
    every(context, pace.scalingMs, signal, 'scaling', () => scaleAll(context, meter)),
    every(context, pace.jobsMs, signal, 'looking for due runs', () => findDueRuns(context, looked)),
    every(context, pace.trafficMs, signal, 'counting traffic', () => countTraffic(context)),
    every(context, pace.sampleMs, signal, 'looking what components do', () => sampleAll(context, readings)),
    every(context, 3_600_000, signal, 'thinning samples', () => thinSamples(context)),
    followEngine(context, signal),
    keepLogs(context, signal),
    collectNowAndThen(context, signal),
    tellOthers(context, pace, bells[3], signal),
  ]);
  return {
    async stop() {
      stopping.abort();
      silence();
      ring();
      await work;
    },
  };
}

async function claimRuns(context: Context, owner: string, pace: Pace, bell: Bell, signal: AbortSignal): Promise<void> {
  const moving = new Set<Promise<void>>();
  while (!signal.aborted) {
    const run =
      moving.size < pace.width ? await quietly(context, 'claiming a run', () => context.store.runs.claim(owner, pace.leaseMs)) : null;
    if (run === null || run === undefined) {
      await bell.wait(context, pace.pollMs, signal);
      continue;
    }
    const move = moveRun(context, run, pace, signal).finally(() => {
      moving.delete(move);
      bell.ring();
    });
    moving.add(move);
  }
  await Promise.all(moving);
}

async function moveRun(context: Context, run: Run, pace: Pace, signal: AbortSignal): Promise<void> {
  await underLease(
    context,
    pace,
    signal,
    () => context.store.runs.renew(run, pace.leaseMs),
    (held) => (run.purpose === 'heal' ? moveHeal(context, run, held) : moveDeployment(context, run, held)),
  );
  if (!signal.aborted) await quietly(context, 'looking at a place', () => checkPlace(context, run));
}

function claimJobRuns(context: Context, owner: string, pace: Pace, bell: Bell, signal: AbortSignal): Promise<void> {
  const { jobRuns } = context.store;
  return claimEach(context, pace, bell, signal, {
    what: 'claiming a job run',
    claim: () => jobRuns.claim(owner, pace.leaseMs, stamp(context.now())),
    renew: (run) => jobRuns.renew(run, pace.leaseMs),
    move: (run, held) => moveJobRun(context, run, held),
  });
}

function claimTrips(context: Context, owner: string, pace: Pace, bell: Bell, signal: AbortSignal): Promise<void> {
  const { trips } = context.store;
  return claimEach(context, pace, bell, signal, {
    what: 'claiming the trip of a train',
    claim: () => trips.claim(owner, pace.leaseMs),
    renew: (trip) => trips.renew(trip, pace.leaseMs),
    move: (trip, held) => moveTrip(context, trip, held),
  });
}

type Claimed<T> = {
  readonly what: string;
  readonly claim: () => Promise<T | null>;
  readonly renew: (held: T) => Promise<void>;
  readonly move: (held: T, signal: AbortSignal) => Promise<void>;
};

async function claimEach<T>(context: Context, pace: Pace, bell: Bell, signal: AbortSignal, each: Claimed<T>): Promise<void> {
  const moving = new Set<Promise<void>>();
  while (!signal.aborted) {
    const claimed = await quietly(context, each.what, each.claim);
    if (claimed === null || claimed === undefined) {
      await bell.wait(context, pace.pollMs, signal);
      continue;
    }
    const renew = () => each.renew(claimed);
    const move = underLease(context, pace, signal, renew, (held) => each.move(claimed, held)).finally(() => moving.delete(move));
    moving.add(move);
  }
  await Promise.all(moving);
}

/** Brings others what happened, at once and then as often as needed; where nobody is told it does nothing. */
async function tellOthers(context: Context, pace: Pace, bell: Bell, signal: AbortSignal): Promise<void> {
  await quietly(context, 'looking who is told', () => forgetWithoutTargets(context));
  while (!signal.aborted) {
    const brought = await quietly(context, 'telling others', () => deliverDue(context));
    if (brought === undefined || brought === 0) await bell.wait(context, pace.pollMs, signal);
  }
}

/** Does the work while the lease is renewed beside it; the work is aborted when the lease is lost or the server stops. */
async function underLease(
  context: Context,
  pace: Pace,
  stopping: AbortSignal,
  renew: () => Promise<void>,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController();
  const ended = new AbortController();
  const signal = AbortSignal.any([stopping, lost.signal]);
  const keeping = (async () => {
    while (!ended.signal.aborted) {
      await context.pause(pace.leaseMs / 4, AbortSignal.any([ended.signal, stopping])).catch(() => undefined);
      if (ended.signal.aborted || stopping.aborted) return;
      await renew().catch((error: unknown) => (isLeaseLost(error) ? lost.abort() : undefined));
    }
  })();
  try {
    await work(signal);
  } catch (error) {
    if (!signal.aborted && !isLeaseLost(error))
      context.log.error({ error: describe(error) }, 'a run stopped; it is taken up again when its lease ends');
  } finally {
    ended.abort();
    await keeping;
  }
}

async function every(context: Context, ms: number, signal: AbortSignal, what: string, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await quietly(context, what, work);
    await context.pause(ms, signal).catch(() => undefined);
  }
}

async function followEngine(context: Context, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await quietly(context, 'following the engine', async () => {
      for await (const change of context.engine.changes(signal)) {
        const { place } = change;
        if (change.kind === 'engine-up') await findDrift(context);
        else if (place !== null) await quietly(context, 'looking at a place', () => checkPlace(context, place, change.what));
      }
    });
    await context.pause(1_000, signal).catch(() => undefined);
  }
}

/** Logs what breaks and goes on: the loop outlives a database or an engine that is away for a while. */
async function quietly<T>(context: Context, what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    context.log.warn({ error: describe(error) }, `${what} failed; trying again`);
    await context.pause(500).catch(() => undefined);
    return undefined;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
