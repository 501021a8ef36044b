/**
 * Carries a run out: observe, plan, then one step after another, each recorded before and after.
 *
 * A step that fails for a passing reason is tried again for a while; the plan of a run taken over from another worker is computed
 * again from what runs, so that nothing depends on what was remembered.
 */
import type { Context } from '../actions/context.ts';
import type { Observed } from '../domain/instance.ts';
import { sentenceOf } from '../domain/rollout/sentence.ts';
import type { Step } from '../domain/rollout/step.ts';
import { subjectOf } from '../domain/rollout/undo.ts';
import type { Run, RunDirection } from '../domain/run.ts';
import { stamp } from '../domain/stamp.ts';
import type { Workload } from '../domain/workload.ts';
import { BelugaError } from '../errors.ts';

/** Where a run stopped: at which step, why; `shifted` when all traffic had moved before. */
export type Carried = { readonly outcome: 'done' } | { readonly outcome: 'stopped'; readonly error: unknown; readonly shifted: boolean };

export type Carrying = {
  readonly context: Context;
  readonly run: Run;
  readonly desired: Workload;
  /** What served before, as far as it is known: going back may start it again. */
  readonly former: Workload | null;
  readonly direction: RunDirection;
  /** A step that moves forward stops then. */
  readonly deadline: Temporal.Instant | null;
  /** Aborts when the lease is lost or the server stops. */
  readonly signal: AbortSignal;
  /** What the planner is shown of what runs; all of it unless said. */
  readonly seen?: (observed: Observed) => Observed;
  /** Asked before each step; throws to stop there. */
  readonly before: (step: Step) => Promise<void>;
  /** Told after each step. */
  readonly after: (step: Step) => Promise<void>;
};

/** How long a step is tried again while the engine, the router or the registry does not answer. */
const patienceMs = 30_000;

export async function carry(carrying: Carrying): Promise<Carried> {
  const { context, run, desired, former, direction } = carrying;
  let left: readonly Step[] | null = null;
  try {
    const { seen = (all) => all } = carrying;
    const observed = seen(await patiently(carrying, () => context.engine.observe(desired)));
    const steps = direction === 'forward' ? context.engine.plan(desired, observed) : context.engine.undo(desired, observed, former);
    const planned = steps.map((step) => ({ step, sentence: sentenceOf(step) }));
    const first = await context.store.runs.plan(run, direction, planned, stamp(context.now()));
    for (const [index, step] of steps.entries()) {
      left = steps.slice(index);
      await carrying.before(step);
      await carryStep(carrying, step, first + index);
      await carrying.after(step);
    }
    return { outcome: 'done' };
  } catch (error) {
    if (isLeaseLost(error) || carrying.signal.aborted) throw error;
    return { outcome: 'stopped', error, shifted: left?.every(({ kind }) => kind !== 'shift') ?? false };
  }
}

async function carryStep(carrying: Carrying, step: Step, ordinal: number): Promise<void> {
  const { context, run, desired, former, signal } = carrying;
  const { runs } = context.store;
  await runs.startStep(run, ordinal, stamp(context.now()));
  try {
    const subject = subjectOf(step, desired, former);
    const outcome = await beforeDeadline(carrying, step, (until) =>
      patiently({ context, signal: until }, () => context.engine.perform(subject, step, until)),
    );
    await runs.endStep(run, ordinal, 'done', outcome.sentence, stamp(context.now()));
  } catch (error) {
    if (isLeaseLost(error) || signal.aborted) throw error;
    await runs.endStep(run, ordinal, 'failed', messageOf(error), stamp(context.now()));
    throw error;
  }
}

/** Former instances that leave are not hurried by the deadline: the new ones serve. */
async function beforeDeadline<T>(carrying: Carrying, step: Step, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { context, deadline, desired, signal } = carrying;
  if (deadline === null || step.kind === 'drain' || step.kind === 'stop') return await work(signal);
  const [late, ended] = [new AbortController(), new AbortController()];
  const leftMs = Math.max(0, deadline.epochMilliseconds - context.now().epochMilliseconds);
  const waiting = context.pause(leftMs, AbortSignal.any([signal, ended.signal])).then(
    () => late.abort(),
    () => {},
  );
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } catch (error) {
    if (!late.signal.aborted || signal.aborted) throw error;
    throw new BelugaError('deadline-passed', { seconds: desired.rollout.deadlineMs / 1000 }, { cause: error });
  } finally {
    ended.abort();
    await waiting;
  }
}

/** Tries again while the refusal says that it may pass, with growing pauses. */
export async function patiently<T>({ context, signal }: Pick<Carrying, 'context' | 'signal'>, work: () => Promise<T>): Promise<T> {
  const giveUpAt = context.now().add({ milliseconds: patienceMs });
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    try {
      return await work();
    } catch (error) {
      const passing = error instanceof BelugaError && error.retry && Temporal.Instant.compare(context.now(), giveUpAt) < 0;
      if (!passing || signal.aborted) throw error;
      await context.pause(pauseMs, signal);
    }
  }
}

export function isLeaseLost(error: unknown): boolean {
  return error instanceof BelugaError && error.code === 'lease-lost';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
