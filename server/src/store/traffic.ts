/** What a release did in an environment, which a soak counts: requests, added up without a journal, and runs that ended well. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export type Reading = {
  readonly component: string;
  readonly environment: string;
  /** Null: nobody's, a deployment moves. */
  readonly releaseDigest: string | null;
  /** All that were counted so far; a counter that fell began anew. */
  readonly requests: number;
};

export function trafficStore(kysely: Kysely<Tables>) {
  return {
    add: (releaseDigest: string, environment: string, requests: number, at: string): Promise<void> =>
      add(kysely, releaseDigest, environment, requests, at),
    /** What the router counts now. What it counted more than the last time is the release's, if it was the release's then too. */
    keepReading: (reading: Reading, at: string): Promise<void> =>
      kysely.transaction().execute((transaction) => keepReading(transaction, reading, at)),
    async requests(releaseDigest: string, environment: string): Promise<number> {
      const row = await kysely
        .selectFrom('traffic')
        .select('requests')
        .where('release_digest', '=', releaseDigest)
        .where('environment', '=', environment)
        .executeTakeFirst();
      return row?.requests ?? 0;
    },
    /** How many runs of a job's release ended well there. */
    async jobRuns(releaseDigest: string, environment: string): Promise<number> {
      const row = await kysely
        .selectFrom('job_run')
        .select((select) => select.fn.countAll<number>().as('runs'))
        .where('release_digest', '=', releaseDigest)
        .where('environment', '=', environment)
        .where('state', '=', 'succeeded')
        .executeTakeFirstOrThrow();
      return Number(row.runs);
    },
  };
}
export type TrafficStore = ReturnType<typeof trafficStore>;

async function add(kysely: Kysely<Tables>, releaseDigest: string, environment: string, requests: number, at: string): Promise<void> {
  await kysely
    .insertInto('traffic')
    .values({ release_digest: releaseDigest, environment, requests, counted_at: at })
    .onConflict((conflict) =>
      conflict
        .columns(['release_digest', 'environment'])
        .doUpdateSet({ requests: sql<number>`traffic.requests + excluded.requests`, counted_at: at }),
    )
    .execute();
}

async function keepReading(transaction: Transaction<Tables>, reading: Reading, at: string): Promise<void> {
  const { component, environment, releaseDigest, requests } = reading;
  const last = await transaction
    .selectFrom('router_reading')
    .selectAll()
    .where('component', '=', component)
    .where('environment', '=', environment)
    .forUpdate()
    .executeTakeFirst();
  const fields = { release_digest: releaseDigest, requests };
  await transaction
    .insertInto('router_reading')
    .values({ component, environment, ...fields })
    .onConflict((conflict) => conflict.columns(['component', 'environment']).doUpdateSet(fields))
    .execute();
  if (last === undefined || releaseDigest === null || last.release_digest !== releaseDigest) return;
  const more = requests < last.requests ? requests : requests - last.requests;
  if (more > 0) await add(transaction, releaseDigest, environment, more, at);
}
