/**
 * What a job does when a run is due, waits or failed: the words and the meaning of a Kubernetes CronJob and Job.
 *
 *   allow     runs may overlap
 *   forbid    a run waits for the end of the other; of those that wait only the latest is started, the others are skipped
 *   replace   the latest is started, the one that runs is stopped
 *
 * A run that could not start by its deadline is skipped. One that failed is tried again after 10 s, 20 s, 40 s and so on, at most 6 minutes.
 */
import type { Concurrency } from './release.ts';

export type Queued = { readonly id: string; readonly dueAt: string; readonly startBy: string | null };
export type Queue = {
  readonly concurrency: Concurrency;
  /** By the time they are due; only those of the schedule. */
  readonly waiting: readonly Queued[];
  readonly running: readonly string[];
  readonly now: Temporal.Instant;
};
export type Sorted = {
  readonly skip: readonly { readonly id: string; readonly reason: string }[];
  readonly replace: readonly string[];
};

/** Which of the runs that wait are given up, and which of those that run are stopped for a later one. */
export function sortOut({ concurrency, waiting, running, now }: Queue): Sorted {
  const late = waiting.filter(({ startBy }) => startBy !== null && Temporal.Instant.compare(Temporal.Instant.from(startBy), now) < 0);
  const fit = waiting.filter((run) => !late.includes(run));
  const latest = fit.at(-1);
  const passed = concurrency === 'allow' || running.length === 0 ? [] : fit.filter((run) => run !== latest);
  return {
    skip: [
      ...late.map(({ id }) => ({ id, reason: 'It could not start in time.' })),
      ...passed.map(({ id }) => ({ id, reason: 'A later run was due before the one that runs ended.' })),
    ],
    replace: concurrency === 'replace' && latest !== undefined ? running : [],
  };
}

const firstMs = 10_000;
const longestMs = 360_000;

/** How long to wait after so many attempts that failed. */
export function retryAfterMs(attempts: number): number {
  return Math.min(firstMs * 2 ** Math.min(Math.max(attempts - 1, 0), 10), longestMs);
}
