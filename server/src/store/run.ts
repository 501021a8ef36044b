/**
 * Runs and their steps: claimed with a lease, fenced with an epoch.
 *
 * Every write of a worker is conditional on its epoch; one that was taken over gets `lease-lost` and stops.
 */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { DeploymentState } from '../domain/deployment.ts';
import type { Verdict } from '../domain/gates/verdict.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { Step } from '../domain/rollout/step.ts';
import type { Cause, Run, RunDirection, StepState } from '../domain/run.ts';
import { endChange } from './change.ts';
import { waitsForGates } from './hold.ts';
import type { JournalEntry } from './journal.ts';
import { fenced, leaseEnd, renewLease } from './lease.ts';
import { isHeld } from './line-stop.ts';
import { runStart } from './start.ts';
import type { Tables } from './tables.ts';

export type PlannedStep = { readonly step: Step; readonly sentence: string };

export type Ending = {
  readonly state: Extract<DeploymentState, 'succeeded' | 'rolled-back' | 'failed' | 'refused' | 'cancelled'>;
  readonly reason: string | null;
  /** What every gate said when they refused it; null: what they said before stands. */
  readonly verdicts: readonly Verdict[] | null;
  readonly ledger: Ledger | null;
  readonly log: readonly string[];
};

type Place = { readonly component: string; readonly environment: string };

export function runStore(kysely: Kysely<Tables>) {
  return {
    /** Takes the next run that nobody holds: waiting with nothing moving in its place, or held by a lease that ran out. */
    claim: (owner: string, leaseMs: number): Promise<Run | null> => claim(kysely, owner, leaseMs),

    ...runStart(kysely),

    /** Holds on to a run. Throws `lease-lost` when another worker took it. */
    renew: (run: Run, leaseMs: number): Promise<void> => renewLease(kysely, 'run', run, leaseMs),

    /** Replaces what was still planned by a new plan; a step that was interrupted stays in the history as skipped. Gives the first ordinal. */
    plan: (run: Run, direction: RunDirection, steps: readonly PlannedStep[], at: string): Promise<number> =>
      planSteps(kysely, run, direction, steps, at),

    /** Keeps why it goes back, before it does. */
    turn: (run: Run, cause: Cause): Promise<void> => turn(kysely, run, cause),
    /** Why it goes back; null when nobody said. */
    causeOf: (run: Run): Promise<Cause | null> => causeOf(kysely, run),

    startStep: (run: Run, ordinal: number, at: string): Promise<void> => setStep(kysely, run, ordinal, 'running', { started_at: at }, at),
    endStep: (run: Run, ordinal: number, state: 'done' | 'failed', sentence: string, at: string): Promise<void> =>
      setStep(kysely, run, ordinal, state, { ended_at: at, sentence }, at),

    /** Ends a deployment and its run together; when it succeeded, its release is current and verified from now on. */
    finish: (run: Run, ending: Ending, at: string): Promise<void> =>
      fenced(kysely, 'run', run, async (transaction) => ({ result: undefined, entries: await finish(transaction, run, ending, at) })),

    /** Ends a run that no deployment stands behind; `told` false when nothing is new about it. */
    endHeal: (run: Run, reason: string | null, at: string, told = true): Promise<void> => endHeal(kysely, run, reason, at, told),

    /** Asks for the repair of a place, unless something waits or moves there already. */
    requestHeal: (id: string, place: Place, at: string): Promise<boolean> => requestHeal(kysely, id, place, at),

    /** What moves at a place now, or null. */
    movingAt: (place: Place): Promise<Run['purpose'] | null> => movingAt(kysely, place),

    /** A text that differs as soon as something began or ended to move at a place. */
    markAt: (place: Place): Promise<string> => markAt(kysely, place),

    /** Of these instances the ones that a step started last, and none has stopped since. */
    startedAt: (place: Place, names: readonly string[]): Promise<readonly string[]> => startedAt(kysely, place, names),

    /** The places where something waits or moves now. */
    async busyPlaces(): Promise<readonly Place[]> {
      return kysely.selectFrom('run').select(['component', 'environment']).where('state', '<>', 'done').distinct().execute();
    },
  };
}
export type RunStore = ReturnType<typeof runStore>;

function endHeal(kysely: Kysely<Tables>, run: Run, reason: string | null, at: string, told: boolean): Promise<void> {
  return fenced(kysely, 'run', run, async (transaction) => {
    await endRun(transaction, run.id, at);
    const what = reason === null ? 'instances.healed' : 'instances.not-healed';
    const subject = `place/${run.component}.${run.environment}`;
    const entry = { at, who: 'beluga', what, subject, detail: { run: run.id, reason } };
    return { result: undefined, entries: told ? [entry] : [] };
  });
}

async function movingAt(kysely: Kysely<Tables>, { component, environment }: Place): Promise<Run['purpose'] | null> {
  const row = await kysely
    .selectFrom('run')
    .select('purpose')
    .where('component', '=', component)
    .where('environment', '=', environment)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return row?.purpose ?? null;
}

async function markAt(kysely: Kysely<Tables>, { component, environment }: Place): Promise<string> {
  const row = await kysely
    .selectFrom('run')
    .select(['id', 'state'])
    .where('component', '=', component)
    .where('environment', '=', environment)
    .where('state', '<>', 'waiting')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? '' : `${row.id} ${row.state}`;
}

function turn(kysely: Kysely<Tables>, run: Run, cause: Cause): Promise<void> {
  return fenced(kysely, 'run', run, async (transaction) => {
    const kept = JSON.stringify(cause);
    await transaction.updateTable('run').set({ cause: kept }).where('id', '=', run.id).execute();
    return { result: undefined, entries: [] };
  });
}

async function causeOf(kysely: Kysely<Tables>, run: Run): Promise<Cause | null> {
  return (await kysely.selectFrom('run').select('cause').where('id', '=', run.id).executeTakeFirstOrThrow()).cause;
}

async function startedAt(kysely: Kysely<Tables>, place: Place, names: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string; kind: string }>`
    select distinct on (name) name, step.kind
    from run join step on step.run_id = run.id, jsonb_array_elements_text(step.body -> 'instances') name
    where run.component = ${place.component} and run.environment = ${place.environment} and step.started_at is not null
      and (step.kind = 'start' or (step.kind = 'stop' and step.state = 'done')) and name = any(${names})
    order by name, step.started_at desc, step.ordinal desc`.execute(kysely);
  return rows.filter(({ kind }) => kind === 'start').map(({ name }) => name);
}

function planSteps(kysely: Kysely<Tables>, run: Run, direction: RunDirection, steps: readonly PlannedStep[], at: string): Promise<number> {
  return fenced(kysely, 'run', run, async (transaction) => {
    await transaction.updateTable('run').set({ direction }).where('id', '=', run.id).execute();
    await transaction.deleteFrom('step').where('run_id', '=', run.id).where('state', '=', 'planned').execute();
    await transaction
      .updateTable('step')
      .set({ state: 'skipped', ended_at: at })
      .where('run_id', '=', run.id)
      .where('state', '=', 'running')
      .execute();
    const last = await transaction
      .selectFrom('step')
      .select('ordinal')
      .where('run_id', '=', run.id)
      .orderBy('ordinal', 'desc')
      .limit(1)
      .executeTakeFirst();
    const first = (last?.ordinal ?? 0) + 1;
    if (steps.length > 0) {
      const rows = steps.map((planned, index) => stepRow(run.id, first + index, direction, planned));
      await transaction.insertInto('step').values(rows).execute();
    }
    return { result: first, entries: [] };
  });
}

async function requestHeal(kysely: Kysely<Tables>, id: string, place: Place, at: string): Promise<boolean> {
  const { component, environment } = place;
  const open = await kysely
    .selectFrom('run')
    .select('id')
    .where('component', '=', component)
    .where('environment', '=', environment)
    .where('state', '<>', 'done')
    .executeTakeFirst();
  if (open !== undefined) return false;
  const row = { id, component, environment, purpose: 'heal', deployment_id: null, state: 'waiting', direction: 'forward' } as const;
  const inserted = await kysely
    .insertInto('run')
    .values({ ...row, epoch: 0, lease_owner: null, lease_until: null, created_at: at, ended_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

async function claim(kysely: Kysely<Tables>, owner: string, leaseMs: number): Promise<Run | null> {
  try {
    return await kysely.transaction().execute(async (transaction): Promise<Run | null> => {
      const row = await nextRun(transaction);
      if (row === undefined) return null;
      const epoch = row.epoch + 1;
      await transaction
        .updateTable('run')
        .set({ state: 'running', epoch, lease_owner: owner, lease_until: leaseEnd(leaseMs) })
        .where('id', '=', row.id)
        .execute();
      const { id, component, environment, purpose, direction } = row;
      return { id, component, environment, purpose, deploymentId: row.deployment_id, direction, epoch };
    });
  } catch (error) {
    // Two servers chose two waiting runs of one place: the index lets one of them through.
    if (error instanceof Error && 'code' in error && error.code === '23505') return null;
    throw error;
  }
}

function nextRun(transaction: Transaction<Tables>) {
  return transaction
    .selectFrom('run')
    .selectAll()
    .where((where) =>
      where.or([
        where.and([
          where('state', '=', 'waiting'),
          where.not(isHeld(where)),
          where.not(waitsForGates(where)),
          where.not(
            where.exists(
              where
                .selectFrom('run as moving')
                .select('moving.id')
                .whereRef('moving.component', '=', 'run.component')
                .whereRef('moving.environment', '=', 'run.environment')
                .where('moving.state', '=', 'running'),
            ),
          ),
        ]),
        where.and([where('state', '=', 'running'), where('lease_until', '<', sql<string>`now()`)]),
      ]),
    )
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

function setStep(
  kysely: Kysely<Tables>,
  run: Run,
  ordinal: number,
  state: StepState,
  fields: { started_at?: string; ended_at?: string; sentence?: string },
  at: string,
): Promise<void> {
  return fenced(kysely, 'run', run, async (transaction) => {
    const step = await transaction
      .updateTable('step')
      .set({ state, ...fields })
      .where('run_id', '=', run.id)
      .where('ordinal', '=', ordinal)
      .returning(['kind', 'purpose', 'sentence'])
      .executeTakeFirstOrThrow();
    const subject = run.deploymentId === null ? `place/${run.component}.${run.environment}` : `deployment/${run.deploymentId}`;
    const detail = { component: run.component, environment: run.environment, ordinal, ...step, state };
    return { result: undefined, entries: [{ at, who: 'beluga', what: `step.${state}`, subject, detail }] };
  });
}

function stepRow(runId: string, ordinal: number, purpose: RunDirection, planned: PlannedStep) {
  const { step, sentence } = planned;
  const body = JSON.stringify(step);
  return { run_id: runId, ordinal, kind: step.kind, purpose, body, sentence, state: 'planned' as const, started_at: null, ended_at: null };
}

async function endRun(transaction: Transaction<Tables>, id: string, at: string): Promise<void> {
  await transaction
    .updateTable('step')
    .set({ state: 'skipped' })
    .where('run_id', '=', id)
    .where('state', 'in', ['planned', 'running'])
    .execute();
  await transaction.updateTable('run').set({ state: 'done', ended_at: at, lease_until: null }).where('id', '=', id).execute();
}

async function finish(transaction: Transaction<Tables>, run: Run, ending: Ending, at: string): Promise<JournalEntry[]> {
  const id = run.deploymentId;
  if (id === null) throw new Error(`run ${run.id} has no deployment`);
  await endRun(transaction, run.id, at);
  const { state, reason, verdicts } = ending;
  const row = await transaction
    .updateTable('deployment')
    .set({
      state,
      reason,
      ended_at: at,
      log: JSON.stringify(ending.log),
      ledger: ending.ledger === null ? null : JSON.stringify(ending.ledger),
      ...(verdicts === null ? {} : { verdicts: JSON.stringify(verdicts) }),
    })
    .where('id', '=', id)
    .returning(['release_digest', 'component', 'environment', 'version', 'production'])
    .executeTakeFirstOrThrow();
  const { component, environment, version } = row;
  if (state === 'succeeded') {
    await transaction
      .insertInto('current_release')
      .values({ component, environment, release_digest: row.release_digest, deployment_id: id, installed_at: at })
      .onConflict((conflict) =>
        conflict
          .columns(['component', 'environment'])
          .doUpdateSet({ release_digest: row.release_digest, deployment_id: id, installed_at: at }),
      )
      .execute();
    const verification = { release_digest: row.release_digest, environment, deployment_id: id, verified_at: at };
    await transaction
      .insertInto('verification')
      .values({ ...verification, revoked_at: null, revoked_reason: null, revoked_by: null })
      .execute();
  }
  const change = row.production
    ? await endChange(transaction, id, { state, reason, verdicts, at, touched: await wasTouched(transaction, run.id) })
    : [];
  const detail = { component, environment, version, state, reason, ledger: ending.ledger };
  return [...change, { at, who: 'beluga', what: `deployment.${state}`, subject: `deployment/${id}`, detail }];
}

/** Whether a step of the run changed what runs; what only fetched did not. */
async function wasTouched(transaction: Transaction<Tables>, run: string): Promise<boolean> {
  const step = await transaction
    .selectFrom('step')
    .select('ordinal')
    .where('run_id', '=', run)
    .where('kind', '<>', 'pull')
    .where('started_at', 'is not', null)
    .executeTakeFirst();
  return step !== undefined;
}
