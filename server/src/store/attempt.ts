/** What the measures are computed from: every request for a deployment to an environment, with what became of it. */
import { type Kysely, sql } from 'kysely';
import type { Attempt } from '../domain/measures/measures.ts';
import type { Tables } from './tables.ts';

/** In the order they were asked for; those that had ended a month before `from` are left out. */
export async function attemptsOf(
  kysely: Kysely<Tables>,
  filter: { readonly environment: string; readonly system?: string | undefined; readonly from: string },
): Promise<readonly Attempt[]> {
  const { rows } = await sql<Attempt>`
    select d.id as deployment, d.component, c.system, d.version, d.purpose, d.incident, d.state,
      d.requested_at as "requestedAt", d.started_at as "startedAt", d.ended_at as "endedAt",
      (d.ledger ->> 'failed')::integer as "failedRequests",
      coalesce((select jsonb_agg(one ->> 'at') from jsonb_array_elements(r.commits) one), '[]') as "commitsAt",
      case when d.holds = '[]' then coalesce((select jsonb_agg(one ->> 'gate') from jsonb_array_elements(d.verdicts) one where one ->> 'verdict' <> 'open'), '[]') else '[]' end as "closedGates",
      d.holds
    from deployment d
      join component c on c.name = d.component
      join release r on r.digest = d.release_digest
    where d.environment = ${filter.environment}
      and (${filter.system ?? null}::text is null or c.system = ${filter.system ?? null})
      and d.requested_at >= ${filter.from}::timestamptz - interval '31 days'
    order by d.requested_at, d.id`.execute(kysely);
  return rows;
}
