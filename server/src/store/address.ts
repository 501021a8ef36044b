/** Addresses: the port of a component in an environment, given once. */
import type { Kysely } from 'kysely';
import { BelugaError } from '../errors.ts';
import type { Tables } from './tables.ts';

type Place = { readonly component: string; readonly environment: string };

export function addressStore(kysely: Kysely<Tables>) {
  return {
    /** The port of a place: the one it has, else the lowest free one that is not in `taken`. */
    async give(place: Place, range: { readonly first: number; readonly last: number }, taken: ReadonlySet<number>): Promise<number> {
      const rows = await kysely.selectFrom('address').selectAll().execute();
      const own = rows.find((row) => row.component === place.component && row.environment === place.environment);
      if (own !== undefined && !taken.has(own.port)) return own.port;
      const used = new Set([...taken, ...rows.map((row) => row.port)]);
      for (let port = range.first; port <= range.last; port += 1) {
        if (!used.has(port) && (await insert(kysely, place, port))) return port;
      }
      throw new BelugaError('no-port-left', range);
    },
    async list(): Promise<readonly (Place & { readonly port: number })[]> {
      return kysely.selectFrom('address').selectAll().orderBy('port').execute();
    },
  };
}
export type AddressStore = ReturnType<typeof addressStore>;

/** False when another server gave the port away in between. */
async function insert(kysely: Kysely<Tables>, place: Place, port: number): Promise<boolean> {
  const { component, environment } = place;
  try {
    await kysely
      .insertInto('address')
      .values({ component, environment, port })
      .onConflict((conflict) => conflict.columns(['component', 'environment']).doUpdateSet({ port }))
      .execute();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '23505') return false;
    throw error;
  }
}
