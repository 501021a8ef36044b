/** What was last seen of every place: how many instances were wanted and how many served. */
import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

export type Sighting = {
  readonly component: string;
  readonly environment: string;
  readonly wanted: number;
  readonly ready: number;
  readonly at: string;
};

type Place = { readonly component: string; readonly environment: string };

export function sightingStore(kysely: Kysely<Tables>) {
  return {
    /** Writes only what differs from the last look. */
    async record({ component, environment, wanted, ready, at }: Sighting): Promise<void> {
      await kysely
        .insertInto('sighting')
        .values({ component, environment, wanted, ready, seen_at: at })
        .onConflict((conflict) =>
          conflict
            .columns(['component', 'environment'])
            .doUpdateSet({ wanted, ready, seen_at: at })
            .where(sql<boolean>`(sighting.wanted, sighting.ready) is distinct from (excluded.wanted, excluded.ready)`),
        )
        .execute();
    },

    /** The instances that served when nothing moved. */
    async served({ component, environment }: Place): Promise<readonly string[]> {
      const row = await kysely
        .selectFrom('sighting')
        .select('served')
        .where('component', '=', component)
        .where('environment', '=', environment)
        .executeTakeFirst();
      return row?.served ?? [];
    },

    async keepServed({ component, environment }: Place, names: readonly string[]): Promise<void> {
      await kysely
        .updateTable('sighting')
        .set({ served: JSON.stringify(names) })
        .where('component', '=', component)
        .where('environment', '=', environment)
        .execute();
    },
  };
}
export type SightingStore = ReturnType<typeof sightingStore>;
