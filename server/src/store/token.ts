/** Tokens: only their hash is kept. Whoever carries one is the person, or the pipeline, that its name says. */
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

/** `read` looks, and pulls images; `write` changes and pushes too. */
export type TokenAccess = 'read' | 'write';

export type Token = {
  readonly id: string;
  readonly name: string;
  readonly access: TokenAccess;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly revokedAt: string | null;
  readonly revokedBy: string | null;
  /** To the minute; null: never. */
  readonly usedAt: string | null;
};

export function tokenStore(kysely: Kysely<Tables>) {
  return {
    /** Who carries this token; null for nobody. The token's own hash is the key, so the comparison tells nothing about its text. */
    async owner(token: string): Promise<{ readonly name: string; readonly access: TokenAccess } | null> {
      const hash = hashOf(token);
      const row = await kysely
        .selectFrom('token')
        .select(['name', 'access', isStale.as('stale')])
        .where('hash', '=', hash)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (row === undefined) return null;
      if (row.stale) await kysely.updateTable('token').set({ used_at: sql`now()` }).where('hash', '=', hash).where(isStale).execute();
      return { name: row.name, access: row.access };
    },
    /** Makes sure that a token is known: the platform's own, at each start. */
    async add(token: string, name: string, at: string): Promise<void> {
      await kysely
        .insertInto('token')
        .values(rowOf(token, { id: `tok-${hashOf(token).slice(0, 16)}`, name, access: 'write', at, who: null }))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    create: (token: string, made: Made): Promise<void> => create(kysely, token, made),
    /** From then on it opens nothing. False when there is none by that identifier that still does. */
    revoke: (id: string, who: string, at: string): Promise<boolean> => revoke(kysely, id, who, at),
    async list(): Promise<readonly Token[]> {
      const rows = await kysely.selectFrom('token').selectAll().orderBy('created_at').orderBy('id').execute();
      return rows.map((row) => ({
        ...{ id: row.id, name: row.name, access: row.access, createdAt: row.created_at, createdBy: row.created_by },
        ...{ revokedAt: row.revoked_at, revokedBy: row.revoked_by, usedAt: row.used_at },
      }));
    },
  };
}

/** A token is written to once a minute at most, however often it is used. */
const isStale = sql<boolean>`used_at is null or used_at < now() - interval '1 minute'`;

export type TokenStore = ReturnType<typeof tokenStore>;

type Made = { readonly id: string; readonly name: string; readonly access: TokenAccess; readonly at: string; readonly who: string };

function create(kysely: Kysely<Tables>, token: string, made: Made): Promise<void> {
  return recorded(kysely, async (transaction) => {
    await transaction.insertInto('token').values(rowOf(token, made)).execute();
    const { id, name, access, at, who } = made;
    return { result: undefined, entries: [{ at, who, what: 'token.created', subject: `token/${id}`, detail: { name, access } }] };
  });
}

function revoke(kysely: Kysely<Tables>, id: string, who: string, at: string): Promise<boolean> {
  return recorded(kysely, async (transaction) => {
    const revoked = await transaction
      .updateTable('token')
      .set({ revoked_at: at, revoked_by: who })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returning('name')
      .executeTakeFirst();
    if (revoked === undefined) return { result: false, entries: [] };
    return { result: true, entries: [{ at, who, what: 'token.revoked', subject: `token/${id}`, detail: { name: revoked.name } }] };
  });
}

function rowOf(token: string, { id, name, access, at, who }: Omit<Made, 'who'> & { readonly who: string | null }) {
  return { hash: hashOf(token), id, name, access, created_at: at, created_by: who, revoked_at: null, revoked_by: null, used_at: null };
}

/** What stands in the database of a secret that only its holder has. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
