/** Whose instances come in a place, where others leave. */
import { type Kysely, sql } from 'kysely';
import type { Place } from '../../domain/workload.ts';
import type { Tables } from '../tables.ts';

/** The version that a deployment brings there, or brings back; what is installed while none moves. Null: nothing is to serve there. */
export async function arrivingAt(kysely: Kysely<Tables>, { component, environment }: Place): Promise<string | null> {
  const { rows } = await sql<{ version: string | null }>`
    select case when run.direction = 'undo' then former.version else release.version end as version
      from run
      join deployment on deployment.id = run.deployment_id
      join release on release.digest = deployment.release_digest
      left join release former on former.digest = deployment.former_digest
      where run.component = ${component} and run.environment = ${environment} and run.state = 'running'
    union all
    select release.version from current_release
      join release on release.digest = current_release.release_digest
      where current_release.component = ${component} and current_release.environment = ${environment}
    limit 1`.execute(kysely);
  return rows[0]?.version ?? null;
}
