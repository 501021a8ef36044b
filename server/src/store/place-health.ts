/** The health of places: crashes, back-off, since when they are down. */
import { type Kysely, sql } from 'kysely';
import { isUnwell, type PlaceHealth, type Told, wellPlace } from '../domain/healing/health.ts';
import { canonical } from '../domain/workload.ts';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

type Place = { readonly component: string; readonly environment: string };

export function placeHealthStore(kysely: Kysely<Tables>) {
  return {
    of: (place: Place): Promise<PlaceHealth> => healthOf(kysely, place),

    /**
     * Keeps what is known now, and tells what changed. What is as before is not written again. False when another look came between: what
     * it found stands.
     */
    save: (place: Place, before: PlaceHealth, health: PlaceHealth, told: readonly Told[], at: string): Promise<boolean> =>
      told.length === 0 && canonical(before) === canonical(health)
        ? Promise.resolve(true)
        : save(kysely, place, { before, health, told, at }),

    /** Places to look at again soon, and which of them wait for another. */
    async unwell(): Promise<readonly (Place & { readonly waits: boolean })[]> {
      const waits = sql<boolean>`health ->> 'waitingFor' is not null`.as('waits');
      return kysely.selectFrom('place_health').select(['component', 'environment', waits]).where('unwell', '=', true).execute();
    },
  };
}
export type PlaceHealthStore = ReturnType<typeof placeHealthStore>;

type Saving = { readonly before: PlaceHealth; readonly health: PlaceHealth; readonly told: readonly Told[]; readonly at: string };

async function save(kysely: Kysely<Tables>, place: Place, { before, health, told, at }: Saving): Promise<boolean> {
  const { component, environment } = place;
  const changed = { health: JSON.stringify(health), unwell: isUnwell(health), looked_at: at };
  return recorded(kysely, async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`health/${component}/${environment}`}))`.execute(transaction);
    if (canonical(await healthOf(transaction, place)) !== canonical(before)) return { result: false, entries: [] };
    await transaction
      .insertInto('place_health')
      .values({ component, environment, ...changed })
      .onConflict((conflict) => conflict.columns(['component', 'environment']).doUpdateSet(changed))
      .execute();
    const entries = told.map(({ what, ...detail }) => {
      return { at, who: 'beluga', what, subject: `place/${component}.${environment}`, detail: { component, environment, ...detail } };
    });
    return { result: true, entries };
  });
}

async function healthOf(kysely: Kysely<Tables>, { component, environment }: Place): Promise<PlaceHealth> {
  const row = await kysely
    .selectFrom('place_health')
    .select('health')
    .where('component', '=', component)
    .where('environment', '=', environment)
    .executeTakeFirst();
  return row?.health ?? wellPlace;
}
