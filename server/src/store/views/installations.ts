/** Installations counted by the hour, for a calendar. */
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';

export type InstallationsQuestion = { readonly environment: string; readonly from: string; readonly to: string };
export type HourOfInstallations = { readonly hour: string; readonly count: number; readonly failed: number };

/** The hours, in UTC and in their order, in which a deployment began; others are left out. */
export async function installationsByHour(
  kysely: Kysely<Tables>,
  { environment, from, to }: InstallationsQuestion,
): Promise<readonly HourOfInstallations[]> {
  const { rows } = await sql<HourOfInstallations>`
    select date_trunc('hour', started_at, 'UTC') as hour, count(*)::integer as count,
      (count(*) filter (where state in ('failed', 'rolled-back')))::integer as failed
    from deployment
    where environment = ${environment} and started_at >= ${from}::timestamptz and started_at < ${to}::timestamptz
    group by 1 order by 1`.execute(kysely);
  return rows;
}
