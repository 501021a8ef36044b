/** Samples of what components did and used. They are drawn and then forgotten: no journal tells of them. */
import { type Kysely, sql } from 'kysely';
import type { PlacedSample, Sample } from '../domain/sample.ts';
import type { Tables } from './tables.ts';

export type SampleQuestion = {
  readonly component: string;
  readonly environment: string;
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly stepSeconds: number;
};

/** One of 5 minutes is kept of what is older than `thinAfter`, nothing of what is older than `forgetAfter`; RFC 3339 both. */
export type Thinning = { readonly thinAfter: string; readonly forgetAfter: string };

const thinSeconds = 300;
/** Longer than from one look to the next, so that each 5 minutes keep at least one. */
const keptSeconds = 20;

export function sampleStore(kysely: Kysely<Tables>) {
  return {
    async add(samples: readonly PlacedSample[]): Promise<void> {
      if (samples.length === 0) return;
      await kysely
        .insertInto('sample')
        .values(
          samples.map(({ component, environment, at, serving, ...measured }) => ({
            ...{ component, environment, at, serving },
            ...{ requests_per_second: measured.requestsPerSecond, failed_per_second: measured.failedPerSecond },
            ...{ latency_ms: measured.latencyMs, cpu_millis: measured.cpuMillis, memory_bytes: measured.memoryBytes },
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    /** The parts of a time in which somebody looked, the oldest first: what was measured on average, the fewest that served. */
    async of({ component, environment, from, to, stepSeconds }: SampleQuestion): Promise<readonly Sample[]> {
      const { rows } = await sql<Sample>`
        select date_bin(make_interval(secs => ${stepSeconds}), at, ${from}::timestamptz) as at,
          avg(requests_per_second) as "requestsPerSecond", avg(failed_per_second) as "failedPerSecond", avg(latency_ms) as "latencyMs",
          avg(cpu_millis) as "cpuMillis", avg(memory_bytes) as "memoryBytes", min(serving)::int as serving
        from sample
        where component = ${component} and environment = ${environment} and at >= ${from} and at < ${to}
        group by 1 order by 1`.execute(kysely);
      return rows;
    },

    async thin({ thinAfter, forgetAfter }: Thinning): Promise<void> {
      await sql`
        delete from sample where at < ${forgetAfter}
          or (at < ${thinAfter} and extract(epoch from at)::bigint % ${thinSeconds} >= ${keptSeconds})`.execute(kysely);
    },
  };
}
export type SampleStore = ReturnType<typeof sampleStore>;
