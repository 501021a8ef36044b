/** The health of places: crashes, back-off, since when they are down. */
import type { Kysely } from 'kysely';
import { isUnwell, type PlaceHealth, type Told, wellPlace } from '../domain/healing/health.ts';
import { canonical } from '../domain/workload.ts';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

type Place = { readonly component: string; readonly environment: string };

export function placeHealthStore(kysely: Kysely<Tables>) {
  return {
    of: (place: Place): Promise<PlaceHealth> => healthOf(kysely, place),

    /** Keeps what is known now, and tells what changed. What is as before is not written again. */
    async save(place: Place, before: PlaceHealth, health: PlaceHealth, told: readonly Told[], at: string): Promise<void> {
      if (told.length === 0 && canonical(before) === canonical(health)) return;
      const { component, environment } = place;
      const changed = { health: JSON.stringify(health), unwell: isUnwell(health), looked_at: at };
      await recorded(kysely, async (transaction) => {
        await transaction
          .insertInto('place_health')
          .values({ component, environment, ...changed })
          .onConflict((conflict) => conflict.columns(['component', 'environment']).doUpdateSet(changed))
          .execute();
        const entries = told.map(({ what, ...detail }) => {
          return { at, who: 'beluga', what, subject: `place/${component}.${environment}`, detail: { component, environment, ...detail } };
        });
        return { result: undefined, entries };
      });
    },

    /** Places to look at again soon. */
    async unwell(): Promise<readonly Place[]> {
      return kysely.selectFrom('place_health').select(['component', 'environment']).where('unwell', '=', true).execute();
    },

    async all(): Promise<ReadonlyMap<string, PlaceHealth>> {
      const rows = await kysely.selectFrom('place_health').selectAll().execute();
      return new Map(rows.map((row) => [`${row.component}.${row.environment}`, row.health]));
    },
  };
}
export type PlaceHealthStore = ReturnType<typeof placeHealthStore>;

async function healthOf(kysely: Kysely<Tables>, { component, environment }: Place): Promise<PlaceHealth> {
  const row = await kysely
    .selectFrom('place_health')
    .select('health')
    .where('component', '=', component)
    .where('environment', '=', environment)
    .executeTakeFirst();
  return row?.health ?? wellPlace;
}
