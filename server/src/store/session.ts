/**
 * Sessions of the console: two secrets each, one for the cookie and one for the page; only their hashes are kept.
 *
 * A cookie goes to every port of a host, so also to an application that runs there: alone it opens nothing.
 */
import { randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';
import { hashOf, type TokenAccess } from './token.ts';

export type Session = { readonly name: string; readonly access: TokenAccess; readonly expiresAt: string };
export type OpenedSession = Session & { readonly cookie: string; readonly proof: string };
/** RFC 3339: from when to when. */
type Span = { readonly at: string; readonly until: string };

export function sessionStore(kysely: Kysely<Tables>) {
  return {
    /** A session for someone who was already recognised, who may do in it what their token allows. */
    open: (name: string, span: Span, access: TokenAccess = 'write'): Promise<OpenedSession> =>
      recorded(kysely, async (transaction) => opened(transaction, { name, access }, span, 'session.opened')),
    /** A code that opens one session for `name`. */
    async makeLink(name: string, { at, until }: Span): Promise<string> {
      const code = secret();
      await kysely.deleteFrom('sign_in_link').where('expires_at', '<=', at).execute();
      await kysely
        .insertInto('sign_in_link')
        .values({ code_hash: hashOf(code), name, expires_at: until })
        .execute();
      return code;
    },
    /** Uses a code up; null when there is none, or no longer. */
    openByCode: (code: string, span: Span): Promise<OpenedSession | null> =>
      recorded<OpenedSession | null>(kysely, async (transaction) => {
        const link = await transaction.deleteFrom('sign_in_link').where('code_hash', '=', hashOf(code)).returningAll().executeTakeFirst();
        if (link === undefined || isPast(link.expires_at, span.at)) return { result: null, entries: [] };
        return opened(transaction, { name: link.name, access: 'write' }, span, 'session.opened-by-link');
      }),
    /** Who a cookie and its proof belong to; null for nobody, no longer, or when no token of that name is good any more. */
    async owner(cookie: string, proof: string, at: string): Promise<Session | null> {
      const row = await kysely
        .selectFrom('session')
        .select(['name', 'access', 'expires_at'])
        .where('cookie_hash', '=', hashOf(cookie))
        .where('proof_hash', '=', hashOf(proof))
        .where('name', 'in', (select) => select.selectFrom('token').select('token.name').where('revoked_at', 'is', null))
        .executeTakeFirst();
      return row === undefined || isPast(row.expires_at, at) ? null : { name: row.name, access: row.access, expiresAt: row.expires_at };
    },
    async close(cookie: string): Promise<void> {
      await kysely.deleteFrom('session').where('cookie_hash', '=', hashOf(cookie)).execute();
    },
  };
}
export type SessionStore = ReturnType<typeof sessionStore>;

async function opened(
  transaction: Transaction<Tables>,
  { name, access }: Pick<Session, 'name' | 'access'>,
  { at, until }: Span,
  what: string,
): Promise<{ result: OpenedSession; entries: readonly JournalEntry[] }> {
  const [cookie, proof] = [secret(), secret()];
  await transaction.deleteFrom('session').where('expires_at', '<=', at).execute();
  await transaction
    .insertInto('session')
    .values({ cookie_hash: hashOf(cookie), proof_hash: hashOf(proof), name, access, created_at: at, expires_at: until })
    .execute();
  return {
    result: { cookie, proof, name, access, expiresAt: until },
    entries: [{ at, who: name, what, subject: `session/${name}`, detail: {} }],
  };
}

function isPast(expiresAt: string, at: string): boolean {
  return Temporal.Instant.compare(expiresAt, at) <= 0;
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
