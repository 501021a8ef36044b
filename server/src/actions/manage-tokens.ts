/**
 * Tokens: who may speak to the platform, and as whom. Only the owner makes and revokes them: whoever could give themself a second name
 * could approve what they ask for.
 */
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Token, TokenAccess } from '../store/token.ts';
import type { Context } from './context.ts';

export type { Token };

const owner = 'owner';

/** The secret is told this once; only its hash is kept. */
export async function createToken(
  context: Context,
  who: string,
  { name, access = 'write' }: { readonly name: string; readonly access?: TokenAccess | undefined },
): Promise<Pick<Token, 'id' | 'name' | 'access'> & { readonly secret: string }> {
  onlyTheOwner(who, 'make a token');
  const id = context.newId('tok');
  const secret = context.newSecret();
  await context.store.tokens.create(secret, { id, name, access, at: stamp(context.now()), who });
  return { id, name, access, secret };
}

/** Throws `unknown-token`. */
export async function revokeToken(context: Context, who: string, id: string): Promise<readonly Token[]> {
  onlyTheOwner(who, 'revoke a token');
  if (!(await context.store.tokens.revoke(id, who, stamp(context.now())))) throw new BelugaError('unknown-token', { id });
  return context.store.tokens.list();
}

export function listTokens(context: Context): Promise<readonly Token[]> {
  return context.store.tokens.list();
}

export function mayManageTokens(who: string): boolean {
  return who === owner;
}

function onlyTheOwner(who: string, what: string): void {
  if (!mayManageTokens(who)) throw new BelugaError('only-the-owner', { who, what });
}
