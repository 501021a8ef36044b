/** Says that nothing new should be built on a socle, why, and on which one instead. */
import type { Socle } from '../domain/socle.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findSocle } from './find-socle.ts';

type Wish = { readonly name: string; readonly reason: string; readonly instead?: string };

export async function deprecateSocle(context: Context, who: string, { name, reason, instead }: Wish): Promise<Socle> {
  const socle = await findSocle(context, name);
  if (instead === name) throw new BelugaError('socle-instead-of-itself', { socle: name });
  if (instead !== undefined) await findSocle(context, instead);
  const deprecated = { at: stamp(context.now()), reason, instead: instead ?? null };
  const known = socle.deprecated;
  if (known !== null && known.reason === reason && known.instead === deprecated.instead) return socle;
  await context.store.socles.deprecate(name, deprecated, who);
  return { ...socle, deprecated };
}
