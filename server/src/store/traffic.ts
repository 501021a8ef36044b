/** What a release did in an environment, which a soak counts: requests, added up without a journal, and runs that ended well. */
import { type Kysely, sql } from 'kysely';
import type { Tables } from './tables.ts';

export function trafficStore(kysely: Kysely<Tables>) {
  return {
    async add(releaseDigest: string, environment: string, requests: number, at: string): Promise<void> {
      await kysely
        .insertInto('traffic')
        .values({ release_digest: releaseDigest, environment, requests, counted_at: at })
        .onConflict((conflict) =>
          conflict
            .columns(['release_digest', 'environment'])
            .doUpdateSet({ requests: sql<number>`traffic.requests + excluded.requests`, counted_at: at }),
        )
        .execute();
    },
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
