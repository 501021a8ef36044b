/**
 * The journal: the audit entry and the event of a state change, written in the transaction of the change itself.
 *
 * Entries are chained: a hash covers the hash before it and the entry, so that an altered, missing or inserted one shows.
 */
import { createHash } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import { stamp } from '../domain/stamp.ts';
import { canonical } from '../domain/workload.ts';
import type { Tables } from './tables.ts';

export type JournalEntry = {
  /** RFC 3339 with milliseconds. */
  readonly at: string;
  /** The person, the pipeline's token, or `beluga` itself. */
  readonly who: string;
  /** What happened, as `noun.verb`: `deployment.requested`. It is also the type of the event. */
  readonly what: string;
  /** What it happened to: `deployment/dep-…`, `release/web@1.2.3`. */
  readonly subject: string;
  readonly detail: unknown;
};

/** The channel on which every change wakes listeners up. */
export const journalChannel = 'beluga_journal';

/** One writer at a time, so that the chain has no fork and no reader can miss an event between two commits. */
const journalLock = 4_600_001;

export const firstHash = `sha256:${'0'.repeat(64)}`;

/** Adds entries. Call it last in the transaction: from here to the commit other writers wait. */
export async function journal(transaction: Transaction<Tables>, entries: readonly JournalEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await sql`select pg_advisory_xact_lock(${journalLock})`.execute(transaction);
  const last = await transaction.selectFrom('audit').select(['number', 'hash']).orderBy('number', 'desc').limit(1).executeTakeFirst();
  const rows = chained(last ?? { number: 0, hash: firstHash }, entries);
  await transaction.insertInto('audit').values(rows).execute();
  const events = rows.map(({ number, what: type, subject, at: time, detail: data }) => ({ number, type, subject, time, data }));
  await transaction.insertInto('event').values(events).execute();
  const kinds = [...new Set(entries.map(({ what }) => what))];
  await sql`select pg_notify(${journalChannel}, what) from unnest(${kinds}::text[]) as what`.execute(transaction);
}

/** The entries as rows: each with the number after the one before, and a hash over it. */
function chained(last: { readonly number: number; readonly hash: string }, entries: readonly JournalEntry[]) {
  let { number, hash } = last;
  return entries.map((entry) => {
    number += 1;
    hash = entryHash(hash, { ...entry, number });
    const { at, who, what, subject } = entry;
    return { number, at, who, what, subject, detail: JSON.stringify(entry.detail ?? null), hash };
  });
}

/** The hash of an entry after another: SHA-256 of the former hash and the entry's canonical JSON. */
export function entryHash(previous: string, entry: JournalEntry & { readonly number: number }): string {
  const { number, at, who, what, subject, detail } = entry;
  const text = canonical({ number, at: stamp(Temporal.Instant.from(at)), who, what, subject, detail: detail ?? null });
  return `sha256:${createHash('sha256').update(previous).update('\n').update(text).digest('hex')}`;
}

/** Does the work and its journal entry in one transaction: both or neither. */
export async function recorded<T>(
  kysely: Kysely<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<{ readonly result: T; readonly entries: readonly JournalEntry[] }>,
): Promise<T> {
  return kysely.transaction().execute(async (transaction) => {
    const { result, entries } = await work(transaction);
    await journal(transaction, entries);
    return result;
  });
}
