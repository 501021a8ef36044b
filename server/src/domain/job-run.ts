/**
 * A job run: one execution of a Job, due once.
 *
 *   waiting ──▶ running ──▶ succeeded | failed | replaced (by a later one)
 *      │  ▲          └─ failed, tried again later ─┐
 *      │  └──────────────────────────────────────┘
 *      └──▶ skipped (it could not start in time, or a later one took its place)
 *
 * A run keeps the release it started with to its end; an installation neither kills, doubles nor starts one.
 */
import { Cron } from 'croner';

export type JobRunState = 'waiting' | 'running' | 'succeeded' | 'failed' | 'skipped' | 'replaced';
export type JobRunCause = 'schedule' | 'person';

export type JobRun = {
  readonly id: string;
  readonly component: string;
  readonly environment: string;
  readonly version: string;
  readonly dueAt: string;
  readonly cause: JobRunCause;
  readonly state: JobRunState;
  readonly exitCode: number | null;
  readonly log: readonly string[];
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** From 1; more when it failed and was tried again. */
  readonly attempt: number;
  /** Why it was skipped, replaced or is tried again. */
  readonly reason: string | null;
};

/**
 * The latest instant at which a run was due after `since` and not after `now`, or null.
 *
 * Runs missed while nobody could start them are made up for once, by the latest: the rule of a Kubernetes CronJob.
 */
export function latestDue(cron: string, timeZone: string, since: Temporal.Instant, now: Temporal.Instant): Temporal.Instant | null {
  const rule = new Cron(cron, { timezone: timeZone, mode: '5-part' });
  const [latest] = rule.previousRuns(1, new Date(now.epochMilliseconds + 1));
  if (latest === undefined) return null;
  const due = Temporal.Instant.fromEpochMilliseconds(latest.getTime());
  return Temporal.Instant.compare(due, since) > 0 ? due : null;
}
