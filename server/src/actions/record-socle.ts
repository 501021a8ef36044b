/** Records which image a socle's name means from now on, as its next version; releases that stand on another one keep theirs. */
import type { Layer } from '../domain/release.ts';
import type { Runtime, Socle } from '../domain/socle.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';

type Wish = {
  readonly name: string;
  readonly image: string;
  readonly vendor: string;
  readonly layers: readonly Layer[];
  readonly runtime?: Runtime;
};

export async function recordSocle(context: Context, who: string, { runtime = {}, ...wish }: Wish): Promise<Socle> {
  if (!(await context.registry.holds(wish.image))) throw new BelugaError('image-missing', { image: wish.image });
  await context.registry.keep(wish.image);
  return context.store.socles.record({ ...wish, runtime, recordedAt: stamp(context.now()) }, who);
}
