/** The lease of a worker on a row: as long as its epoch stands there the work is his; whoever takes it over raises the epoch. */
import { type Kysely, sql, type Transaction } from 'kysely';
import { BelugaError } from '../errors.ts';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';

type Held = { readonly id: string; readonly epoch: number };
type Leased = 'run' | 'job_run' | 'train_trip';

/** When a lease ends that is given now, by the database's clock. */
export function leaseEnd(leaseMs: number) {
  return sql<string>`now() + ${leaseMs} * interval '1 millisecond'`;
}

/** Extends the lease; throws `lease-lost` when another took the row over, or it ended. */
export async function renewLease(kysely: Kysely<Tables>, table: Leased, { id, epoch }: Held, leaseMs: number): Promise<void> {
  const { numAffectedRows } = await sql`
    update ${sql.table(table)} set lease_until = ${leaseEnd(leaseMs)}
    where id = ${id} and epoch = ${epoch} and state = 'running'`.execute(kysely);
  if (numAffectedRows === 0n) throw new BelugaError('lease-lost', { run: id });
}

/** Does the work only while the row is still this worker's; throws `lease-lost` when it is not. */
export function fenced<T>(
  kysely: Kysely<Tables>,
  table: Leased,
  { id, epoch }: Held,
  work: (transaction: Transaction<Tables>) => Promise<{ result: T; entries: readonly JournalEntry[] }>,
): Promise<T> {
  return recorded(kysely, async (transaction) => {
    const { rows } = await sql`
      select id from ${sql.table(table)} where id = ${id} and epoch = ${epoch} and state = 'running' for update`.execute(transaction);
    if (rows.length === 0) throw new BelugaError('lease-lost', { run: id });
    return work(transaction);
  });
}
