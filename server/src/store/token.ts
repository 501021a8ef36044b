/** Tokens: only their hash is kept. */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export function tokenStore(kysely: Kysely<Tables>) {
  return {
    /** Who carries this token; null for nobody. The token's own hash is the key, so the comparison tells nothing about its text. */
    async owner(token: string): Promise<{ readonly name: string } | null> {
      const row = await kysely.selectFrom('token').select('name').where('hash', '=', hashOf(token)).executeTakeFirst();
      return row ?? null;
    },
    async add(token: string, name: string, at: string): Promise<void> {
      await kysely
        .insertInto('token')
        .values({ hash: hashOf(token), name, created_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}
export type TokenStore = ReturnType<typeof tokenStore>;

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
