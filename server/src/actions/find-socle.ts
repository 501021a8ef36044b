/** A socle by name; throws `unknown-socle`. */
import type { Socle } from '../domain/socle.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';

export async function findSocle({ store }: Context, name: string): Promise<Socle> {
  const all = await store.socles.list();
  const found = all.find((socle) => socle.name === name);
  if (found !== undefined) return found;
  const known = all.map((socle) => socle.name).join(', ');
  throw new BelugaError('unknown-socle', { socle: name, known: known === '' ? 'none yet' : known });
}
