/** Trains and what is on them. */
import type { Kysely, Transaction } from 'kysely';
import { type Party, partyOf } from '../domain/trains/contract.ts';
import type { Train, TrainDates, TrainMember, TrainState } from '../domain/trains/train.ts';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export function trainStore(kysely: Kysely<Tables>) {
  return {
    /** False when the name is taken. */
    create: (name: string, dates: TrainDates, who: string, at: string): Promise<boolean> => create(kysely, name, dates, who, at),

    async find(name: string): Promise<Train | null> {
      return (await list(kysely, { name }))[0] ?? null;
    },
    /** The next to depart first. */
    list: (filter: TrainFilter = {}): Promise<readonly Train[]> => list(kysely, filter),

    /** In the place of another release of its component. False when the train is no longer open. */
    add: (train: string, member: TrainMember): Promise<boolean> => add(kysely, train, member),

    remove: (train: string, component: string, who: string, at: string): Promise<boolean> =>
      change(kysely, train, ['open'], async (transaction) => {
        await transaction.deleteFrom('train_member').where('train', '=', train).where('component', '=', component).execute();
        return { at, who, what: 'train.left', detail: { component } };
      }),

    /** From one of these states to another. False when it is in none of them (any more). */
    move: (train: string, from: readonly TrainState[], move: Move): Promise<boolean> => moveState(kysely, train, from, move),

    /** Says why a train is not where it should be; once for each reason. */
    say: (train: string, reason: string, at: string): Promise<boolean> =>
      change(kysely, train, ['open'], async (transaction) => {
        await transaction.updateTable('train').set({ reason }).where('name', '=', train).execute();
        return { at, who: 'beluga', what: 'train.not-locked', detail: { reason } };
      }),

    /** The releases on a train, as others see them. */
    parties: (train: string): Promise<readonly Party[]> => parties(kysely, train),
  };
}
export type TrainStore = ReturnType<typeof trainStore>;

type TrainFilter = {
  readonly name?: string;
  readonly states?: readonly TrainState[];
  /** RFC 3339: only those that should have been locked before. */
  readonly lockedBefore?: string;
};
type Move = { readonly to: TrainState; readonly who: string; readonly at: string; readonly locksAt?: string };
type Done = Omit<JournalEntry, 'subject'>;

function add(kysely: Kysely<Tables>, train: string, member: TrainMember): Promise<boolean> {
  return change(kysely, train, ['open'], async (transaction) => {
    const { component, version, releaseDigest, addedBy: added_by, addedAt: added_at } = member;
    const row = { version, release_digest: releaseDigest, added_by, added_at };
    await transaction
      .insertInto('train_member')
      .values({ train, component, ...row })
      .onConflict((conflict) => conflict.columns(['train', 'component']).doUpdateSet(row))
      .execute();
    return { at: added_at, who: added_by, what: 'train.boarded', detail: { component, version } };
  });
}

function moveState(kysely: Kysely<Tables>, train: string, from: readonly TrainState[], { to, who, at, locksAt }: Move): Promise<boolean> {
  return change(kysely, train, from, async (transaction) => {
    const dates = locksAt === undefined ? {} : { locks_at: locksAt };
    await transaction
      .updateTable('train')
      .set({ state: to, reason: null, ...dates })
      .where('name', '=', train)
      .execute();
    return { at, who, what: `train.${to}`, detail: { state: to, ...(locksAt === undefined ? {} : { locksAt }) } };
  });
}

async function parties(kysely: Kysely<Tables>, train: string): Promise<readonly Party[]> {
  const rows = await kysely
    .selectFrom('train_member')
    .innerJoin('release', 'release.digest', 'train_member.release_digest')
    .select(['release.component', 'release.version', 'release.digest', 'release.spec'])
    .where('train', '=', train)
    .orderBy('release.component')
    .execute();
  return rows.map(partyOf);
}

function create(kysely: Kysely<Tables>, name: string, dates: TrainDates, who: string, at: string): Promise<boolean> {
  return recorded(kysely, async (transaction) => {
    const inserted = await transaction
      .insertInto('train')
      .values({
        ...{ name, state: 'open', reason: null, created_by: who, created_at: at },
        ...{ opens_at: dates.opensAt, locks_at: dates.locksAt, rehearsal_at: dates.rehearsalAt, departs_at: dates.departsAt },
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('name')
      .executeTakeFirst();
    if (inserted === undefined) return { result: false, entries: [] };
    return { result: true, entries: [{ at, who, what: 'train.created', subject: `train/${name}`, detail: dates }] };
  });
}

/** Does the work while the train is in one of these states, and nobody else changes it. */
function change(
  kysely: Kysely<Tables>,
  train: string,
  states: readonly TrainState[],
  work: (transaction: Transaction<Tables>) => Promise<Done>,
): Promise<boolean> {
  return recorded(kysely, async (transaction) => {
    const held = await transaction.selectFrom('train').select('state').where('name', '=', train).forUpdate().executeTakeFirst();
    if (held === undefined || !states.includes(held.state)) return { result: false, entries: [] };
    return { result: true, entries: [{ ...(await work(transaction)), subject: `train/${train}` }] };
  });
}

async function list(kysely: Kysely<Tables>, { name, states, lockedBefore }: TrainFilter): Promise<readonly Train[]> {
  let query = kysely.selectFrom('train').selectAll().orderBy('departs_at').orderBy('name');
  if (name !== undefined) query = query.where('name', '=', name);
  if (states !== undefined) query = query.where('state', 'in', [...states]);
  if (lockedBefore !== undefined) query = query.where('locks_at', '<', lockedBefore);
  const rows = await query.execute();
  if (rows.length === 0) return [];
  const names = rows.map((row) => row.name);
  const members = await kysely.selectFrom('train_member').selectAll().where('train', 'in', names).orderBy('component').execute();
  return rows.map((row) => ({
    ...{ name: row.name, state: row.state, reason: row.reason, createdBy: row.created_by, createdAt: row.created_at },
    ...{ opensAt: row.opens_at, locksAt: row.locks_at, rehearsalAt: row.rehearsal_at, departsAt: row.departs_at },
    members: members.filter(({ train }) => train === row.name).map(presentMember),
  }));
}

function presentMember({ component, version, ...row }: Tables['train_member']): TrainMember {
  return { component, version, releaseDigest: row.release_digest, addedBy: row.added_by, addedAt: row.added_at };
}
