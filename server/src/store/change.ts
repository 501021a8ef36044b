/**
 * Changes: opened with the request of a production deployment, moved and ended with it, each in the transaction that does the same to
 * the deployment. The constraint `deployment_has_its_change` refuses a commit that would part them.
 */
import { type Kysely, sql, type Transaction } from 'kysely';
import {
  type Change,
  type ChangeClosure,
  type ChangeFacts,
  type ChangeKind,
  type ChangeOverride,
  type ChangeReview,
  type ChangeState,
  type ChangeTimes,
  endOf,
  roadTo,
  stateWhile,
  verdictInChange,
} from '../domain/changes/change.ts';
import type { Waiting } from '../domain/gates/hold.ts';
import type { Verdict } from '../domain/gates/verdict.ts';
import { changeFacts } from './change-facts.ts';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export type ChangeOpening = { readonly id: string; readonly kind: ChangeKind; readonly facts: ChangeFacts };

export type ChangeFilter = {
  readonly component?: string | undefined;
  readonly environment?: string | undefined;
  readonly system?: string | undefined;
  readonly state?: ChangeState | undefined;
  readonly kind?: ChangeKind | undefined;
  readonly closure?: ChangeClosure | undefined;
  /** Only the changes of these deployments. */
  readonly deployments?: readonly string[] | undefined;
  /** RFC 3339: only those that ended from then on. */
  readonly closedSince?: string | undefined;
  readonly limit: number;
};

export function changeStore(kysely: Kysely<Tables>) {
  return {
    list: (filter: ChangeFilter): Promise<readonly Change[]> => list(kysely, filter),
    async find(id: string): Promise<Change | null> {
      return (await list(kysely, { limit: 1 }, id))[0] ?? null;
    },
    /** A person looks back at a closed change. */
    review: (id: string, review: ChangeReview): Promise<void> =>
      recorded(kysely, async (transaction) => {
        await transaction
          .updateTable('change')
          .set({ review: JSON.stringify(review) })
          .where('id', '=', id)
          .execute();
        const detail = { note: review.note };
        return {
          result: undefined,
          entries: [{ at: review.at, who: review.by, what: 'change.reviewed', subject: `change/${id}`, detail }],
        };
      }),
    ...changeFacts(kysely),
  };
}
export type ChangeStore = ReturnType<typeof changeStore>;

type Opened = {
  readonly deployment: string;
  readonly who: string;
  readonly at: string;
  readonly refusal: string | null;
  /** What its deployment waits for; null when it only waits for its turn. */
  readonly waiting: Waiting | null;
};

/** Writes the change of a deployment that is recorded in the same transaction; cancelled at once when that is refused. */
export async function openChange(transaction: Transaction<Tables>, opening: ChangeOpening, opened: Opened): Promise<JournalEntry[]> {
  const { id, kind, facts } = opening;
  const { deployment, who, at, refusal, waiting } = opened;
  const state: ChangeState = refusal === null ? stateWhile(waiting) : 'cancelled';
  const passed: readonly ChangeState[] = refusal === null ? roadTo('new', state) : ['new', 'assessed', 'cancelled'];
  const { component, environment, system, version } = facts;
  await transaction
    .insertInto('change')
    .values({
      ...{ id, deployment_id: deployment, component, environment, system, version, kind, state, closure: null, note: refusal },
      ...{ facts: JSON.stringify(facts), times: JSON.stringify(Object.fromEntries(passed.map((one) => [one, at]))), review: null },
      ...{ opened_by: who, opened_at: at, closed_at: refusal === null ? null : at },
    })
    .execute();
  const detail = { deployment, component, environment, system, version, kind, state, risk: facts.risk.level };
  const subject = `change/${id}`;
  const entries: JournalEntry[] = [{ at, who: 'beluga', what: 'change.opened', subject, detail }];
  if (refusal !== null)
    entries.push({ at, who: 'beluga', what: 'change.cancelled', subject, detail: { ...detail, note: refusal, atOnce: true } });
  return entries;
}

/** Moves the change of a deployment that waits for its gates on to what it waits for now; with what is known now, where that is given. */
export async function moveWaitingChange(
  transaction: Transaction<Tables>,
  deployment: string,
  { waiting, opening, at }: { readonly waiting: Waiting | null; readonly opening: ChangeOpening | null; readonly at: string },
): Promise<JournalEntry[]> {
  const row = await rowOf(transaction, deployment);
  if (opening !== null) {
    const { kind, facts } = opening;
    await transaction
      .updateTable('change')
      .set({ kind, facts: JSON.stringify(facts) })
      .where('id', '=', row.id)
      .execute();
  }
  const state = stateWhile(waiting);
  if (state === row.state) return [];
  return move(transaction, row, { state, closure: null, note: null, at, passed: roadTo(row.state, state) });
}

/** Moves the change of a production deployment that starts, with the override it uses up. Throws when there is none that is scheduled: then nothing may start. */
export async function startChange(
  transaction: Transaction<Tables>,
  deployment: string,
  override: ChangeOverride | null,
  at: string,
): Promise<JournalEntry[]> {
  const row = await rowOf(transaction, deployment);
  await transaction
    .updateTable('change')
    .set({ facts: sql<string>`jsonb_set(facts, '{override}', ${JSON.stringify(override)}::jsonb)` })
    .where('id', '=', row.id)
    .execute();
  return move(transaction, row, { state: 'implementing', closure: null, note: null, at, passed: roadTo(row.state, 'implementing') });
}

type End = {
  readonly state: Parameters<typeof endOf>[0];
  readonly touched: boolean;
  readonly reason: string | null;
  /** What every gate said when they refused it; without it, what they said before stands. */
  readonly verdicts?: readonly Verdict[] | null;
  readonly at: string;
};

/** Ends the change of a production deployment that ends. */
export async function endChange(transaction: Transaction<Tables>, deployment: string, end: End): Promise<JournalEntry[]> {
  const row = await rowOf(transaction, deployment);
  if (end.verdicts) await keepVerdicts(transaction, row.id, end.verdicts);
  const { state, closure } = endOf(end.state, end.touched);
  const passed: readonly ChangeState[] = state === 'cancelled' ? [row.state, 'cancelled'] : roadTo(row.state, 'closed');
  return move(transaction, row, { state, closure, note: end.reason, at: end.at, passed });
}

async function keepVerdicts(transaction: Transaction<Tables>, id: string, verdicts: readonly Verdict[]): Promise<void> {
  const kept = JSON.stringify(verdicts.map(verdictInChange));
  await transaction
    .updateTable('change')
    .set({ facts: sql<string>`jsonb_set(facts, '{verdicts}', ${kept}::jsonb)` })
    .where('id', '=', id)
    .execute();
}

type Row = Pick<Tables['change'], 'id' | 'deployment_id' | 'component' | 'environment' | 'system' | 'version' | 'kind' | 'state'> & {
  readonly times: ChangeTimes;
};

function rowOf(transaction: Transaction<Tables>, deployment: string): Promise<Row> {
  return transaction
    .selectFrom('change')
    .select(['id', 'deployment_id', 'component', 'environment', 'system', 'version', 'kind', 'state', 'times'])
    .where('deployment_id', '=', deployment)
    .forUpdate()
    .executeTakeFirstOrThrow(() => new Error(`production deployment ${deployment} has no change`));
}

type Move = Pick<Change, 'closure' | 'note'> & {
  readonly state: ChangeState;
  readonly at: string;
  readonly passed: readonly ChangeState[];
};

async function move(transaction: Transaction<Tables>, row: Row, { state, closure, note, at, passed }: Move): Promise<JournalEntry[]> {
  const times = { ...row.times, ...Object.fromEntries(passed.slice(1).map((one) => [one, at])) };
  const ended = state === 'closed' || state === 'cancelled';
  await transaction
    .updateTable('change')
    .set({ state, closure, note, times: JSON.stringify(times), closed_at: ended ? at : null })
    .where('id', '=', row.id)
    .execute();
  const { component, environment, system, version, kind, deployment_id: deployment } = row;
  const detail = { deployment, component, environment, system, version, kind, state, closure, note, from: row.state };
  return [{ at, who: 'beluga', what: `change.${state}`, subject: `change/${row.id}`, detail }];
}

/** The newest first. */
async function list(kysely: Kysely<Tables>, filter: ChangeFilter, id?: string): Promise<readonly Change[]> {
  let query = kysely
    .selectFrom('change')
    .innerJoin('deployment', 'deployment.id', 'change.deployment_id')
    .selectAll('change')
    .select('deployment.ledger')
    .orderBy('change.opened_at', 'desc')
    .orderBy('change.id', 'desc')
    .limit(filter.limit);
  if (id !== undefined) query = query.where((where) => where.or([where('change.id', '=', id), where('change.deployment_id', '=', id)]));
  for (const key of ['component', 'environment', 'system', 'state', 'kind', 'closure'] as const) {
    const value = filter[key];
    if (value !== undefined) query = query.where(`change.${key}`, '=', value);
  }
  if (filter.deployments !== undefined) {
    if (filter.deployments.length === 0) return [];
    query = query.where('change.deployment_id', 'in', [...filter.deployments]);
  }
  if (filter.closedSince !== undefined) query = query.where('change.closed_at', '>=', filter.closedSince);
  const rows = await query.execute();
  return rows.map(({ deployment_id, opened_by, opened_at, closed_at, ...row }) => ({
    ...{ id: row.id, deployment: deployment_id, kind: row.kind, state: row.state, closure: row.closure, note: row.note, facts: row.facts },
    ...{ times: row.times, ledger: row.ledger, review: row.review, openedBy: opened_by, openedAt: opened_at, closedAt: closed_at },
  }));
}
