/** Drift: what was found to differ from what is recorded, until it is gone. Instances of no component (strangers) stand under an empty one. */
import { type Kysely, sql, type Transaction } from 'kysely';
import { type Deviation, type Drift, type DriftKind, eventAbout, type Repair } from '../domain/drift/drift.ts';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';

type Place = { readonly component: string; readonly environment: string };
export type Finding = Place & {
  readonly found: readonly Deviation[];
  readonly repair: Repair;
  /** What the engine called it; null when comparing found it. */
  readonly event: string | null;
  /** RFC 3339. */
  readonly at: string;
  /** Of the kinds that this look would have found; others stay as they are. */
  readonly kinds: readonly DriftKind[];
};
export type DriftFilter = {
  readonly component?: string | undefined;
  readonly environment?: string | undefined;
  readonly open?: boolean | undefined;
  readonly limit?: number | undefined;
};

export function driftStore(kysely: Kysely<Tables>) {
  return {
    /** Keeps what is new, ends what is gone, and tells both. Writes nothing when all is known. */
    async settle(finding: Finding, newId: () => string): Promise<void> {
      const known = await openAt(kysely, finding);
      if (sameAs(known, finding)) return;
      await settle(kysely, finding, newId);
    },

    /** The newest first. */
    async list({ component, environment, open = false, limit = 50 }: DriftFilter): Promise<readonly Drift[]> {
      let rows = kysely.selectFrom('drift').selectAll().orderBy('found_at', 'desc').orderBy('id', 'desc').limit(limit);
      if (component !== undefined) rows = rows.where('component', '=', component);
      if (environment !== undefined) rows = rows.where('environment', '=', environment);
      if (open) rows = rows.where('repaired_at', 'is', null);
      return (await rows.execute()).map(present);
    },

    /** From now on what differs at a place and was only told is put right. */
    order: (place: Place, who: string, at: string): Promise<void> => order(kysely, place, who, at),

    /** Whether somebody ordered that what still differs at a place is put right. */
    async ordered({ component, environment }: Place): Promise<boolean> {
      const row = await kysely
        .selectFrom('drift')
        .select('id')
        .where('component', '=', component)
        .where('environment', '=', environment)
        .where('repaired_at', 'is', null)
        .where('repair', '=', 'always')
        .where('kind', 'not in', elsewhere)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
export type DriftStore = ReturnType<typeof driftStore>;

/** A secret is followed by a deployment; what is not ours is left alone. */
const elsewhere: readonly DriftKind[] = ['secret', 'stranger'];

function order(kysely: Kysely<Tables>, { component, environment }: Place, who: string, at: string): Promise<void> {
  return recorded(kysely, async (transaction) => {
    const rows = await transaction
      .updateTable('drift')
      .set({ repair: 'always' })
      .where('component', '=', component)
      .where('environment', '=', environment)
      .where('repaired_at', 'is', null)
      .where('repair', '=', 'report')
      .where('kind', 'not in', elsewhere)
      .returning('sentence')
      .execute();
    const detail = { component, environment, sentences: rows.map(({ sentence }) => sentence) };
    const entry = { at, who, what: 'drift.repair-ordered', subject: `place/${component}.${environment}`, detail };
    return { result: undefined, entries: rows.length === 0 ? [] : [entry] };
  });
}

type Row = Tables['drift'];
type Open = Pick<Row, 'id' | 'instance' | 'kind' | 'sentence'>;

function settle(kysely: Kysely<Tables>, finding: Finding, newId: () => string): Promise<void> {
  const { component, environment, found, repair, event, at } = finding;
  return recorded(kysely, async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`drift/${component}/${environment}`}))`.execute(transaction);
    const known = await openAt(transaction, finding);
    const fresh = found.filter((deviation) => !known.some((row) => isSame(row, deviation)));
    const over = known.filter((row) => !found.some((deviation) => isSame(row, deviation)));
    const entries: JournalEntry[] = [];
    for (const { instance, kind, sentence } of unique(fresh)) {
      const row = { id: newId(), instance, kind, sentence, repair, event: eventAbout(instance, event) };
      await transaction
        .insertInto('drift')
        .values({ ...row, component, environment, found_at: at, repaired_at: null })
        .execute();
      entries.push(entryOf('drift.found', finding, row));
    }
    for (const { id, instance, kind, sentence } of over) {
      await transaction.updateTable('drift').set({ repaired_at: at }).where('id', '=', id).execute();
      entries.push(entryOf('drift.repaired', finding, { id, instance, kind, sentence }));
    }
    return { result: undefined, entries };
  });
}

function entryOf(what: string, { component, environment, at }: Finding, detail: object): JournalEntry {
  const subject = component === '' ? `environment/${environment}` : `place/${component}.${environment}`;
  return { at, who: 'beluga', what, subject, detail: { component, environment, ...detail } };
}

function openAt(from: Kysely<Tables> | Transaction<Tables>, { component, environment, kinds }: Finding): Promise<readonly Open[]> {
  return from
    .selectFrom('drift')
    .select(['id', 'instance', 'kind', 'sentence'])
    .where('component', '=', component)
    .where('environment', '=', environment)
    .where('kind', 'in', kinds)
    .where('repaired_at', 'is', null)
    .execute();
}

/** One row an instance and kind, whatever else is found of it meanwhile. */
function isSame(row: Pick<Row, 'instance' | 'kind'>, { instance, kind }: Deviation): boolean {
  return row.instance === instance && row.kind === kind;
}

function sameAs(known: readonly Open[], { found }: Finding): boolean {
  return known.every((row) => found.some((one) => isSame(row, one))) && found.every((one) => known.some((row) => isSame(row, one)));
}

function unique(found: readonly Deviation[]): readonly Deviation[] {
  return [...new Map(found.map((one) => [`${one.instance} ${one.kind}`, one])).values()];
}

function present(row: Row): Drift {
  const { id, component, environment, instance, sentence, repair, event } = row;
  const kind = row.kind as DriftKind;
  return { id, component, environment, instance, kind, sentence, repair, event, foundAt: row.found_at, repairedAt: row.repaired_at };
}
