/** One component with its stages side by side, and what is between each and the one before. */
import { type Kysely, sql } from 'kysely';
import type { Commit } from '../../domain/commit.ts';
import type { Tables } from '../tables.ts';

export type StageRelease = {
  readonly version: string;
  readonly digest: string;
  readonly createdAt: string;
  readonly commit: Commit | null;
};
export type StageRow = {
  readonly environment: string;
  readonly current: (StageRelease & { readonly deployment: string; readonly installedAt: string; readonly installedBy: string }) | null;
  readonly ready: number | null;
  readonly wanted: number | null;
  readonly port: number | null;
  /** The deployment that waits or moves there. */
  readonly moving: { readonly deployment: string; readonly version: string; readonly state: 'waiting' | 'running' } | null;
  /** The release to go back to; null when none was installed before. */
  readonly former: string | null;
  readonly last: { readonly deployment: string; readonly version: string; readonly state: string; readonly reason: string | null } | null;
};
export type ComponentPage = {
  readonly component: {
    readonly name: string;
    readonly system: string;
    readonly kind: 'Service' | 'Job';
    readonly team: string | null;
    readonly criticality: string;
    readonly description: string | null;
    readonly createdAt: string;
    readonly dependsOn: readonly string[];
    readonly dependents: readonly string[];
  };
  readonly stages: readonly StageRow[];
  /** The newest first, at most 100. */
  readonly releases: readonly StageRelease[];
};

const most = 100;

export async function componentPage(kysely: Kysely<Tables>, name: string, environments: readonly string[]): Promise<ComponentPage | null> {
  const row = await kysely.selectFrom('component').selectAll().where('name', '=', name).executeTakeFirst();
  if (row === undefined) return null;
  const [releases, newest, dependents, stages] = await Promise.all([
    releasesOf(kysely, name),
    kysely.selectFrom('release').select('spec').where('component', '=', name).orderBy('created_at', 'desc').limit(1).executeTakeFirst(),
    dependentsOf(kysely, name),
    Promise.all(environments.map((environment) => stageOf(kysely, name, environment))),
  ]);
  const { system, kind, team, criticality, created_at: createdAt } = row;
  const { description = null, dependsOn = [] } = newest?.spec ?? {};
  return { component: { name, system, kind, team, criticality, description, createdAt, dependsOn, dependents }, stages, releases };
}

async function releasesOf(kysely: Kysely<Tables>, name: string): Promise<readonly StageRelease[]> {
  const { rows } = await sql<StageRelease>`
    select version, digest, created_at as "createdAt", commit from release
    where component = ${name} order by created_at desc limit ${most}`.execute(kysely);
  return rows;
}

/** The components whose newest release depends on this one. */
async function dependentsOf(kysely: Kysely<Tables>, name: string): Promise<readonly string[]> {
  const { rows } = await sql<{ component: string }>`
    select component.name as component from component cross join lateral (
      select spec from release where release.component = component.name order by created_at desc limit 1
    ) newest where newest.spec -> 'dependsOn' ? ${name} order by component.name`.execute(kysely);
  return rows.map(({ component }) => component);
}

async function stageOf(kysely: Kysely<Tables>, component: string, environment: string): Promise<StageRow> {
  const { rows } = await sql<Omit<StageRow, 'environment'>>`
    select
      (select json_build_object('version', r.version, 'digest', r.digest, 'createdAt', r.created_at, 'commit', r.commit,
          'deployment', c.deployment_id, 'installedAt', c.installed_at, 'installedBy', d.requested_by)
        from current_release c join release r on r.digest = c.release_digest join deployment d on d.id = c.deployment_id
        where c.component = place.component and c.environment = place.environment) as current,
      (select ready from sighting s where s.component = place.component and s.environment = place.environment) as ready,
      (select wanted from sighting s where s.component = place.component and s.environment = place.environment) as wanted,
      (select port from address a where a.component = place.component and a.environment = place.environment) as port,
      (select json_build_object('deployment', id, 'version', version, 'state', state) from deployment d
        where d.component = place.component and d.environment = place.environment and state in ('waiting', 'running')
        order by state desc limit 1) as moving,
      (select d.version from deployment d
        where d.component = place.component and d.environment = place.environment and d.state = 'succeeded'
          and d.release_digest <> coalesce((select release_digest from current_release c
            where c.component = place.component and c.environment = place.environment), '')
        order by d.ended_at desc limit 1) as former,
      (select json_build_object('deployment', id, 'version', version, 'state', state, 'reason', reason) from deployment d
        where d.component = place.component and d.environment = place.environment and ended_at is not null
        order by ended_at desc limit 1) as last
    from (select ${component}::text as component, ${environment}::text as environment) place`.execute(kysely);
  const [row] = rows;
  if (row === undefined) throw new Error('a select without a table gives one row');
  const current = row.current === null ? null : { ...row.current, ...timesOf(row.current) };
  return { environment, ...row, current };
}

/** JSON made by PostgreSQL writes times with an offset; everywhere else they end in Z. */
function timesOf({ createdAt, installedAt }: { createdAt: string; installedAt: string }) {
  const written = (text: string): string => Temporal.Instant.from(text).toString();
  return { createdAt: written(createdAt), installedAt: written(installedAt) };
}
