/** Signs a browser in: with a token, or with the code of a link that was printed for it. */
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { OpenedSession } from '../store/session.ts';
import type { Context } from './context.ts';

export type { OpenedSession };
export type SignIn = { readonly token?: string | undefined; readonly code?: string | undefined };

const sessionHours = 12;
const linkMinutes = 10;

export async function openSession(context: Context, { token, code }: SignIn): Promise<OpenedSession> {
  const span = spanOf(context, { hours: sessionHours });
  if (code !== undefined) {
    const opened = await context.store.sessions.openByCode(code, span);
    if (opened === null) throw new BelugaError('link-used');
    return opened;
  }
  const owner = token === undefined ? null : await context.store.tokens.owner(token);
  if (owner === null) throw new BelugaError('sign-in-refused');
  return context.store.sessions.open(owner.name, span, owner.access);
}

/** A code that signs in once, within ten minutes. */
export async function makeSignInLink(context: Context, who: string): Promise<{ readonly code: string; readonly expiresAt: string }> {
  const span = spanOf(context, { minutes: linkMinutes });
  return { code: await context.store.sessions.makeLink(who, span), expiresAt: span.until };
}

function spanOf(context: Context, length: Temporal.DurationLike): { readonly at: string; readonly until: string } {
  const now = context.now();
  return { at: stamp(now), until: stamp(now.add(length)) };
}
