/**
 * Deliveries: derived from the log of events, once each, and kept until the other side has them.
 *
 * The log is the write-ahead: an event is written in the transaction of what it tells, so that nothing that happened is ever not told.
 */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Delivery, DeliveryState } from '../domain/deliveries/delivery.ts';
import type { Draft, Happening } from '../domain/deliveries/derive.ts';
import { stamp } from '../domain/stamp.ts';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export type DeliveryOutcome =
  | { readonly state: 'sent'; readonly reference: string | null }
  | { readonly state: 'waiting'; readonly problem: string; readonly nextAt: string }
  | { readonly state: 'dead'; readonly problem: string };

const batch = 500;

export function deliveryStore(kysely: Kysely<Tables>) {
  return {
    /** Derives the deliveries of what happened since the last time; the first time of nothing. Gives whether more may wait. */
    relay: (derive: (event: Happening) => readonly Draft[], newId: () => string, at: Temporal.Instant): Promise<boolean> =>
      kysely.transaction().execute((transaction) => relay(transaction, derive, newId, at)),

    /** Tells nobody of what happened so far: there is nobody to tell. */
    async forget(): Promise<void> {
      await kysely.deleteFrom('delivery_position').execute();
    },
    /** Takes what is due, for so long; another server takes what was not ended by then. */
    take: (limit: number, leaseMs: number, at: Temporal.Instant): Promise<readonly Delivery[]> => take(kysely, limit, leaseMs, at),

    /** Ends an attempt. A newer revision that came meanwhile goes on waiting. */
    end: (delivery: Delivery, outcome: DeliveryOutcome, at: string): Promise<void> => end(kysely, delivery, outcome, at),

    async list(filter: { readonly state?: DeliveryState | undefined; readonly limit: number }): Promise<readonly Delivery[]> {
      let query = kysely.selectFrom('delivery').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(filter.limit);
      if (filter.state !== undefined) query = query.where('state', '=', filter.state);
      return (await query.execute()).map(present);
    },
    async find(id: string): Promise<Delivery | null> {
      const row = await kysely.selectFrom('delivery').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : present(row);
    },
    /** A person sends it once more. */
    replay: (id: string, who: string, at: string): Promise<void> =>
      recorded(kysely, async (transaction) => {
        await transaction
          .updateTable('delivery')
          .set({ state: 'waiting', attempts: 0, next_at: at, since: at, lease_until: null, problem: null })
          .where('id', '=', id)
          .execute();
        return { result: undefined, entries: [{ at, who, what: 'delivery.replayed', subject: `delivery/${id}`, detail: {} }] };
      }),
  };
}
export type DeliveryStore = ReturnType<typeof deliveryStore>;

async function relay(
  transaction: Transaction<Tables>,
  derive: (event: Happening) => readonly Draft[],
  newId: () => string,
  at: Temporal.Instant,
): Promise<boolean> {
  await sql`insert into delivery_position select true, coalesce(max(number), 0) from event on conflict do nothing`.execute(transaction);
  const position = await transaction.selectFrom('delivery_position').select('number').forUpdate().skipLocked().executeTakeFirst();
  if (position === undefined) return false;
  const events = await transaction
    .selectFrom('event')
    .selectAll()
    .where('number', '>', position.number)
    .orderBy('number')
    .limit(batch)
    .execute();
  for (const event of events)
    for (const draft of derive(event)) await upsert(transaction, await joined(transaction, draft, at), newId(), at);
  const last = events.at(-1);
  if (last !== undefined) await transaction.updateTable('delivery_position').set({ number: last.number }).execute();
  return events.length === batch;
}

/** The draft under the key of the one it joins, where there is one. */
async function joined(transaction: Transaction<Tables>, draft: Draft, at: Temporal.Instant): Promise<Draft> {
  if (draft.joinsMs === 0) return draft;
  const alike = draft.key.slice(0, draft.key.lastIndexOf('/') + 1);
  const other = await transaction
    .selectFrom('delivery')
    .select('key')
    .where('target', '=', draft.target)
    .where(sql<boolean>`starts_with(key, ${alike})`)
    .where('created_at', '>', stamp(at.subtract({ milliseconds: draft.joinsMs })))
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return other === undefined ? draft : { ...draft, key: other.key };
}

/** The newer state of a thing takes the place of the older; what is told together is gathered. */
async function upsert(
  transaction: Transaction<Tables>,
  { target, key, body, afterMs }: Draft,
  id: string,
  at: Temporal.Instant,
): Promise<void> {
  const now = stamp(at);
  const next = stamp(at.add({ milliseconds: afterMs }));
  const row = { id, target, key, body: JSON.stringify(body), revision: 1, state: 'waiting' as const, attempts: 0, next_at: next };
  await transaction
    .insertInto('delivery')
    .values({ ...row, lease_until: null, reference: null, problem: null, created_at: now, since: now, sent_at: null })
    .onConflict((conflict) =>
      conflict.columns(['target', 'key']).doUpdateSet({
        body: sql<string>`jsonb_build_object('kind', excluded.body -> 'kind', 'changes',
          (select jsonb_agg(distinct one) from jsonb_array_elements(delivery.body -> 'changes' || (excluded.body -> 'changes')) one))`,
        revision: sql<number>`delivery.revision + 1`,
        state: 'waiting',
        attempts: 0,
        since: now,
        next_at: sql<string>`greatest(excluded.next_at, case when delivery.state = 'waiting' then least(delivery.next_at, excluded.next_at) else excluded.next_at end)`,
      }),
    )
    .execute();
}

async function take(kysely: Kysely<Tables>, limit: number, leaseMs: number, at: Temporal.Instant): Promise<readonly Delivery[]> {
  const now = stamp(at);
  const rows = await kysely
    .updateTable('delivery')
    .set({ lease_until: stamp(at.add({ milliseconds: leaseMs })) })
    .where('id', 'in', (select) =>
      select
        .selectFrom('delivery')
        .select('id')
        .where('state', '=', 'waiting')
        .where('next_at', '<=', now)
        .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', now)]))
        // The end of an installation is not told before its start.
        .where(
          sql<boolean>`not exists (select from delivery start where start.target = delivery.target and start.state = 'waiting'
            and start.id <> delivery.id and start.key = (delivery.body -> 'changes' ->> 0) || '/started')`,
        )
        .orderBy('next_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
  return rows.map(present);
}

async function end(kysely: Kysely<Tables>, delivery: Delivery, outcome: DeliveryOutcome, at: string): Promise<void> {
  const reference = outcome.state === 'sent' ? outcome.reference : delivery.reference;
  await recorded(kysely, async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('delivery')
      .set({
        ...{ state: outcome.state, attempts: delivery.attempts + 1, lease_until: null, reference },
        problem: outcome.state === 'sent' ? null : outcome.problem,
        ...(outcome.state === 'sent' ? { sent_at: at } : {}),
        ...(outcome.state === 'waiting' ? { next_at: outcome.nextAt } : {}),
      })
      .where('id', '=', delivery.id)
      .where('revision', '=', delivery.revision)
      .executeTakeFirst();
    if (numUpdatedRows === 0n)
      await transaction.updateTable('delivery').set({ lease_until: null, reference }).where('id', '=', delivery.id).execute();
    if (outcome.state !== 'dead' || numUpdatedRows === 0n) return { result: undefined, entries: [] };
    const detail = { target: delivery.target, changes: delivery.body.changes, problem: outcome.problem };
    return { result: undefined, entries: [{ at, who: 'beluga', what: 'delivery.dead', subject: `delivery/${delivery.id}`, detail }] };
  });
}

type Row = Omit<Tables['delivery'], 'body'> & { readonly body: Delivery['body'] };

function present({ next_at, lease_until: _lease, created_at, sent_at, ...row }: Row): Delivery {
  return { ...row, nextAt: next_at, createdAt: created_at, sentAt: sent_at };
}
