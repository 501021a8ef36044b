/** The teams, as the newest release of each component names them. */
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';

export type TeamView = { readonly name: string; readonly systems: readonly string[]; readonly components: number };

export async function teamsOf(kysely: Kysely<Tables>): Promise<readonly TeamView[]> {
  const { rows } = await sql<TeamView>`
    select team as name, jsonb_agg(distinct system order by system) as systems, count(*)::integer as components
    from component where team is not null group by team order by team`.execute(kysely);
  return rows;
}
