/** Records which image a socle's name means from now on; releases that stand on another one keep theirs. */
import type { Layer } from '../domain/release.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Socle } from '../store/socle.ts';
import type { Context } from './context.ts';

export type { Socle };

export async function recordSocle(
  context: Context,
  who: string,
  wish: { name: string; image: string; vendor: string; layers: readonly Layer[] },
): Promise<Socle> {
  if (!(await context.registry.holds(wish.image))) throw new BelugaError('image-missing', { image: wish.image });
  const socle = { ...wish, recordedAt: stamp(context.now()) };
  await context.store.socles.record(socle, who);
  return socle;
}
