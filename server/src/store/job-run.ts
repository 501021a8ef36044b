/** Runs of jobs: due once, claimed with a lease, ended with their exit code and log. */
import { type Kysely, sql } from 'kysely';
import type { Queued } from '../domain/job-policy.ts';
import type { JobRun, JobRunCause } from '../domain/job-run.ts';
import type { Concurrency } from '../domain/release.ts';
import { BelugaError } from '../errors.ts';
import { type JournalEntry, recorded } from './journal.ts';
import { renewLease } from './lease.ts';
import type { Tables } from './tables.ts';

export type DueRun = {
  readonly id: string;
  readonly component: string;
  readonly environment: string;
  readonly releaseDigest: string;
  readonly version: string;
  readonly dueAt: string;
  readonly cause: JobRunCause;
};
/** What is recorded with a run when it is due: the policy of its release. */
export type Terms = { readonly concurrency: Concurrency; readonly startBy: string | null };
export type HeldJobRun = DueRun & { readonly epoch: number; readonly attempt: number };
export type OpenRun = Queued & {
  readonly component: string;
  readonly environment: string;
  readonly state: 'waiting' | 'running';
  readonly cause: JobRunCause;
  readonly concurrency: Concurrency;
  readonly attempt: number;
};

export function jobRunStore(kysely: Kysely<Tables>) {
  return {
    /** Records that a run is due; false when that run was recorded before. */
    due: (run: DueRun, terms: Terms, who: string, at: string): Promise<boolean> => recordDue(kysely, run, terms, who, at),

    /** The latest due time that was recorded for a job, or null. */
    lastDue: (component: string, environment: string): Promise<string | null> => lastDue(kysely, component, environment),

    /** When a component was installed first in an environment, or null. */
    firstInstalledAt: (component: string, environment: string): Promise<string | null> => firstInstalledAt(kysely, component, environment),

    /** Takes a run that is due or whose worker's lease ran out; never a second one of a job that still runs. */
    claim: (owner: string, leaseMs: number, at: string): Promise<HeldJobRun | null> => claim(kysely, owner, leaseMs, at),

    renew: (run: HeldJobRun, leaseMs: number): Promise<void> => renewLease(kysely, 'job_run', run, leaseMs),

    end: (run: HeldJobRun, outcome: Outcome, at: string): Promise<void> => recordEnd(kysely, run, outcome, at),

    /** Every run that waits or runs, by the time it is due. */
    open: (): Promise<readonly OpenRun[]> => openRuns(kysely),

    /** Ends a run without its having ended by itself: skipped while it waits, replaced while it runs. */
    giveUp: (id: string, from: OpenRun['state'], reason: string, at: string): Promise<boolean> => giveUp(kysely, id, from, reason, at),

    async list(filter: { component: string; environment: string; limit: number }): Promise<readonly JobRun[]> {
      const rows = await kysely
        .selectFrom('job_run')
        .selectAll()
        .where('component', '=', filter.component)
        .where('environment', '=', filter.environment)
        .orderBy('due_at', 'desc')
        .limit(filter.limit)
        .execute();
      return rows.map(present);
    },
  };
}
export type JobRunStore = ReturnType<typeof jobRunStore>;

type Outcome = {
  readonly exitCode: number | null;
  readonly log: readonly string[];
  /** When it is tried again, if it is. */
  readonly retryAt: string | null;
};

function recordDue(kysely: Kysely<Tables>, run: DueRun, terms: Terms, who: string, at: string): Promise<boolean> {
  return recorded(kysely, async (transaction) => {
    const { id, component, environment, version, cause } = run;
    const inserted = await transaction
      .insertInto('job_run')
      .values({
        ...{ id, component, environment, version, cause, release_digest: run.releaseDigest, due_at: run.dueAt },
        ...{
          state: 'waiting',
          exit_code: null,
          log: '[]',
          epoch: 0,
          lease_owner: null,
          lease_until: null,
          started_at: null,
          ended_at: null,
          not_before: null,
          reason: null,
          concurrency: terms.concurrency,
          start_by: terms.startBy,
        },
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    const entry = { at, who, what: 'job-run.due', subject: `job-run/${id}`, detail: { component, environment, version, cause } };
    return { result: inserted !== undefined, entries: inserted === undefined ? [] : [entry] };
  });
}

async function claim(kysely: Kysely<Tables>, owner: string, leaseMs: number, at: string): Promise<HeldJobRun | null> {
  const result = await sql<Row>`
        update job_run set state = 'running', epoch = epoch + 1, lease_owner = ${owner}, started_at = coalesce(started_at, ${at}::timestamptz),
          lease_until = now() + ${leaseMs} * interval '1 millisecond'
        where id = (
          select id from job_run due
          where (state = 'waiting' and (not_before is null or not_before <= ${at}::timestamptz)
                 and (concurrency = 'allow' or not exists (select 1 from job_run moving
                   where moving.component = due.component and moving.environment = due.environment and moving.state = 'running')))
             or (state = 'running' and lease_until < now())
          order by due_at limit 1 for update skip locked)
        returning *`.execute(kysely);
  const row = result.rows[0];
  if (row === undefined) return null;
  const { id, component, environment, version, cause, epoch, attempt } = row;
  return { id, component, environment, version, cause, epoch, attempt, releaseDigest: row.release_digest, dueAt: row.due_at };
}

function recordEnd(kysely: Kysely<Tables>, run: HeldJobRun, outcome: Outcome, at: string): Promise<void> {
  return recorded(kysely, async (transaction): Promise<{ result: undefined; entries: JournalEntry[] }> => {
    const again = outcome.exitCode === 0 ? null : outcome.retryAt;
    const state = again !== null ? 'waiting' : outcome.exitCode === 0 ? 'succeeded' : 'failed';
    const reason = again === null ? null : `Attempt ${run.attempt} failed; tried again at ${again}.`;
    const next = again === null ? { ended_at: at } : { attempt: run.attempt + 1, not_before: again };
    const { numUpdatedRows } = await transaction
      .updateTable('job_run')
      .set({ state, exit_code: outcome.exitCode, log: JSON.stringify(outcome.log), reason, ...next, lease_until: null })
      .where('id', '=', run.id)
      .where('epoch', '=', run.epoch)
      .where('state', '=', 'running')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new BelugaError('lease-lost', { run: run.id });
    const detail = {
      component: run.component,
      environment: run.environment,
      version: run.version,
      state,
      exitCode: outcome.exitCode,
      reason,
    };
    return {
      result: undefined,
      entries: [{ at, who: 'beluga', what: again === null ? `job-run.${state}` : 'job-run.retried', subject: `job-run/${run.id}`, detail }],
    };
  });
}

async function lastDue(kysely: Kysely<Tables>, component: string, environment: string): Promise<string | null> {
  const row = await kysely
    .selectFrom('job_run')
    .select('due_at')
    .where('component', '=', component)
    .where('environment', '=', environment)
    .where('cause', '=', 'schedule')
    .orderBy('due_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.due_at ?? null;
}

async function firstInstalledAt(kysely: Kysely<Tables>, component: string, environment: string): Promise<string | null> {
  const row = await kysely
    .selectFrom('deployment')
    .select('ended_at')
    .where('component', '=', component)
    .where('environment', '=', environment)
    .where('state', '=', 'succeeded')
    .orderBy('ended_at')
    .limit(1)
    .executeTakeFirst();
  return row?.ended_at ?? null;
}

async function openRuns(kysely: Kysely<Tables>): Promise<readonly OpenRun[]> {
  const rows = await kysely
    .selectFrom('job_run')
    .select(['id', 'component', 'environment', 'state', 'cause', 'concurrency', 'attempt', 'due_at', 'start_by'])
    .where('state', 'in', ['waiting', 'running'])
    .orderBy('due_at')
    .execute();
  return rows.map(({ due_at, start_by, state, ...row }) => {
    return { ...row, dueAt: due_at, startBy: start_by, state: state === 'running' ? ('running' as const) : ('waiting' as const) };
  });
}

function giveUp(kysely: Kysely<Tables>, id: string, from: OpenRun['state'], reason: string, at: string): Promise<boolean> {
  const state = from === 'waiting' ? 'skipped' : 'replaced';
  return recorded(kysely, async (transaction) => {
    const row = await transaction
      .updateTable('job_run')
      .set({ state, reason, ended_at: at, lease_until: null })
      .where('id', '=', id)
      .where('state', '=', from)
      .returning(['component', 'environment', 'version'])
      .executeTakeFirst();
    const entry = { at, who: 'beluga', what: `job-run.${state}`, subject: `job-run/${id}`, detail: { ...row, state, reason } };
    return { result: row !== undefined, entries: row === undefined ? [] : [entry] };
  });
}

type Row = {
  attempt: number;
  id: string;
  component: string;
  environment: string;
  version: string;
  cause: JobRunCause;
  epoch: number;
  release_digest: string;
  due_at: string;
};

export function present(
  row: Pick<Row, 'id' | 'component' | 'environment' | 'version' | 'cause'> & {
    due_at: string;
    state: JobRun['state'];
    exit_code: number | null;
    log: readonly string[];
    started_at: string | null;
    ended_at: string | null;
    attempt: number;
    reason: string | null;
  },
): JobRun {
  const { id, component, environment, version, cause, state, log } = row;
  const times = { dueAt: row.due_at, startedAt: row.started_at, endedAt: row.ended_at };
  const { attempt, reason } = row;
  return { id, component, environment, version, cause, state, log, exitCode: row.exit_code, attempt, reason, ...times };
}
