/**
 * Trips of trains: begun with the state of their train, claimed with a lease, fenced with an epoch, ended with it again.
 *
 * What a worker decides is written before it is done: whoever takes the trip over finds the deployment by the id that stands here.
 */
import { type Kysely, type Selectable, sql } from 'kysely';
import { type Party, partyOf } from '../domain/trains/contract.ts';
import { afterMoving, type TrainState, type TripEnd, type TripKind, whileMoving } from '../domain/trains/train.ts';
import type { Trip, TripMember } from '../domain/trains/trip.ts';
import { type JournalEntry, recorded } from './journal.ts';
import { fenced, renewLease } from './lease.ts';
import type { Tables } from './tables.ts';

/** A trip that this worker holds. */
export type HeldTrip = { readonly id: string; readonly train: string; readonly epoch: number };
export type StoredTrip = Trip & {
  readonly state: 'waiting' | 'running' | TripEnd;
  /** What served in the environment when it began: the digest of each component. */
  readonly before: Readonly<Record<string, string>>;
  readonly requestedAt: string;
  readonly endedAt: string | null;
};
export type TripRequest = Trip & {
  readonly before: Readonly<Record<string, string>>;
  readonly at: string;
  readonly from: readonly TrainState[];
};

export function tripStore(kysely: Kysely<Tables>) {
  const trips = kysely.selectFrom('train_trip').selectAll();
  return {
    /** Begins: the train moves from now on. False when it may not, or another train moves in that environment. */
    begin: (request: TripRequest): Promise<boolean> => begin(kysely, request),
    claim: (owner: string, leaseMs: number): Promise<HeldTrip | null> => claim(kysely, owner, leaseMs),
    renew: (held: HeldTrip, leaseMs: number): Promise<void> => renewLease(kysely, 'train_trip', held, leaseMs),
    /** Writes what became of members, before or after it is done. */
    note: (held: HeldTrip, members: readonly TripMember[]): Promise<void> => note(kysely, held, members),
    /** From forward to undo. */
    turn: (held: HeldTrip, reason: string, at: string): Promise<void> => turn(kysely, held, reason, at),
    /** Ends the trip, and with it what its train is. */
    end: (held: HeldTrip, kind: TripKind, ending: TripEnding, at: string): Promise<void> => end(kysely, held, kind, ending, at),

    async find(id: string): Promise<StoredTrip> {
      return (await present(kysely, [await trips.where('id', '=', id).executeTakeFirstOrThrow()]))[0] as StoredTrip;
    },
    /** The newest first. */
    async of(train: string): Promise<readonly StoredTrip[]> {
      const rows = await trips.where('train', '=', train).orderBy('requested_at', 'desc').orderBy('id', 'desc').execute();
      return present(kysely, rows);
    },
    /** The trip that moves in an environment now. */
    async movingIn(environment: string): Promise<StoredTrip | null> {
      const rows = await trips.where('environment', '=', environment).where('state', 'in', ['waiting', 'running']).execute();
      return (await present(kysely, rows))[0] ?? null;
    },
    /** The releases of these digests, as others see them. */
    async parties(digests: readonly string[]): Promise<readonly Party[]> {
      if (digests.length === 0) return [];
      const rows = kysely
        .selectFrom('release')
        .select(['component', 'version', 'digest', 'spec'])
        .where('digest', 'in', [...digests]);
      return (await rows.orderBy('component').execute()).map(partyOf);
    },
  };
}
export type TripStore = ReturnType<typeof tripStore>;

type TripEnding = { readonly state: TripEnd; readonly reason: string | null };

function note(kysely: Kysely<Tables>, held: HeldTrip, members: readonly TripMember[]): Promise<void> {
  return fenced(kysely, 'train_trip', held, async (transaction) => {
    for (const { component, state, deploymentId, tries, reason } of members) {
      await transaction
        .updateTable('train_trip_member')
        .set({ state, deployment_id: deploymentId, tries, reason })
        .where('trip_id', '=', held.id)
        .where('component', '=', component)
        .execute();
    }
    return { result: undefined, entries: [] };
  });
}

function turn(kysely: Kysely<Tables>, held: HeldTrip, reason: string, at: string): Promise<void> {
  return fenced(kysely, 'train_trip', held, async (transaction) => {
    await transaction.updateTable('train_trip').set({ direction: 'undo', reason }).where('id', '=', held.id).execute();
    const entry = { at, who: 'beluga', what: 'train.turned', subject: `train/${held.train}`, detail: { trip: held.id, reason } };
    return { result: undefined, entries: [entry] };
  });
}

function end(kysely: Kysely<Tables>, held: HeldTrip, kind: TripKind, { state, reason }: TripEnding, at: string): Promise<void> {
  return fenced(kysely, 'train_trip', held, async (transaction) => {
    const train = afterMoving[kind][state];
    await transaction.updateTable('train_trip').set({ state, reason, ended_at: at, lease_until: null }).where('id', '=', held.id).execute();
    await transaction.updateTable('train').set({ state: train, reason }).where('name', '=', held.train).execute();
    const detail = { trip: held.id, kind, outcome: state, state: train, reason };
    return { result: undefined, entries: [{ at, who: 'beluga', what: `train.${train}`, subject: `train/${held.train}`, detail }] };
  });
}

async function begin(kysely: Kysely<Tables>, request: TripRequest): Promise<boolean> {
  const { id, train, kind, environment, direction, reason, incident, members, requestedBy, at } = request;
  try {
    return await recorded(kysely, async (transaction): Promise<{ result: boolean; entries: JournalEntry[] }> => {
      const held = await transaction.selectFrom('train').select('state').where('name', '=', train).forUpdate().executeTakeFirst();
      if (held === undefined || !request.from.includes(held.state)) return { result: false, entries: [] };
      const state = whileMoving[kind];
      await transaction.updateTable('train').set({ state, reason }).where('name', '=', train).execute();
      await transaction
        .insertInto('train_trip')
        .values({
          ...{ id, train, kind, environment, state: 'waiting', direction, reason, incident, before: JSON.stringify(request.before) },
          ...{ requested_by: requestedBy, requested_at: at, epoch: 0, lease_owner: null, lease_until: null, ended_at: null },
        })
        .execute();
      const rows = members.map(({ deploymentId: deployment_id, ...member }) => ({ trip_id: id, deployment_id, ...member }));
      if (rows.length > 0) await transaction.insertInto('train_trip_member').values(rows).execute();
      const why = { ...(reason === null ? {} : { reason }), ...(incident === null ? {} : { incident }) };
      const detail = { trip: id, kind, environment, state, components: members.map(({ component }) => component), ...why };
      return { result: true, entries: [{ at, who: requestedBy, what: `train.${state}`, subject: `train/${train}`, detail }] };
    });
  } catch (error) {
    // Another train began to move in this environment at the same time: the index lets one of them through.
    if (error instanceof Error && 'code' in error && error.code === '23505') return false;
    throw error;
  }
}

async function claim(kysely: Kysely<Tables>, owner: string, leaseMs: number): Promise<HeldTrip | null> {
  const result = await sql<HeldTrip>`
    update train_trip set state = 'running', epoch = epoch + 1, lease_owner = ${owner},
      lease_until = now() + ${leaseMs} * interval '1 millisecond'
    where id = (
      select id from train_trip where state = 'waiting' or (state = 'running' and lease_until < now())
      order by requested_at limit 1 for update skip locked)
    returning id, train, epoch`.execute(kysely);
  return result.rows[0] ?? null;
}

async function present(kysely: Kysely<Tables>, rows: readonly Selectable<Tables['train_trip']>[]): Promise<readonly StoredTrip[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const members = await kysely
    .selectFrom('train_trip_member')
    .selectAll()
    .where('trip_id', 'in', ids)
    .orderBy('wave')
    .orderBy('component')
    .execute();
  return rows.map(({ id, train, kind, environment, state, direction, reason, incident, before, ...row }) => ({
    ...{ id, train, kind, environment, state, direction, reason, incident, before },
    ...{ requestedBy: row.requested_by, requestedAt: row.requested_at, endedAt: row.ended_at },
    members: members
      .filter(({ trip_id }) => trip_id === id)
      .map(({ trip_id: _, deployment_id: deploymentId, ...member }) => ({ ...member, deploymentId })),
  }));
}
