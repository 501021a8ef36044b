/** The audit log, read forward from an entry or backward from the newest; searched in who, what, to what and the detail. */
import { type Kysely, sql } from 'kysely';
import type { JournalEntry } from '../journal.ts';
import type { Tables } from '../tables.ts';

export type AuditView = JournalEntry & { readonly number: number; readonly hash: string };
export type AuditPage = {
  readonly after?: number | undefined;
  /** Only entries with a lower number, the newest first. */
  readonly before?: number | undefined;
  readonly search?: string | undefined;
  readonly limit: number;
};

export async function auditPage(kysely: Kysely<Tables>, { after = 0, before, search, limit }: AuditPage): Promise<readonly AuditView[]> {
  let query = kysely.selectFrom('audit').selectAll().where('number', '>', after).limit(limit);
  if (before !== undefined) query = query.where('number', '<', before);
  for (const word of (search ?? '').split(/\s+/).filter(Boolean)) {
    query = query.where(sql<boolean>`position(lower(${word}) in lower(concat_ws(' ', who, what, subject, detail::text))) > 0`);
  }
  return query.orderBy('number', before === undefined ? 'asc' : 'desc').execute();
}
