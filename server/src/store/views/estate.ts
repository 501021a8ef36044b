/** The estate in one reading: every component in every environment, what moves, what is red and why, and the counts above them. */
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';

export type EstateQuestion = {
  readonly environments: readonly string[];
  /** RFC 3339; null for now. */
  readonly at: string | null;
  /** RFC 3339: installations from then on are those of today. */
  readonly today: string;
};
export type EstateCell = {
  readonly component: string;
  readonly environment: string;
  readonly version: string;
  readonly installedAt: string;
  readonly deployment: string;
  readonly ready: number | null;
  readonly wanted: number | null;
  readonly moving: boolean;
  /** How many releases of the component the stage before is ahead; 0 when it has the same. */
  readonly behind: number;
};
export type EstateComponent = {
  readonly name: string;
  readonly system: string;
  readonly kind: 'Service' | 'Job';
  readonly team: string | null;
  readonly criticality: string;
};
export type Moving = {
  readonly deployment: string;
  readonly component: string;
  readonly environment: string;
  readonly version: string;
  readonly formerVersion: string | null;
  readonly state: 'waiting' | 'running';
  readonly requestedBy: string;
  readonly since: string;
  readonly done: number;
  readonly steps: number;
};
export type Setback = {
  readonly deployment: string;
  readonly component: string;
  readonly environment: string;
  readonly version: string;
  readonly state: 'failed' | 'rolled-back';
  readonly reason: string | null;
  readonly endedAt: string;
};
export type Installations = { readonly today: number; readonly total: number; readonly measured: number; readonly uninterrupted: number };

export type Estate = {
  readonly components: readonly EstateComponent[];
  readonly cells: readonly EstateCell[];
  readonly moving: readonly Moving[];
  readonly setbacks: readonly Setback[];
  readonly installations: Installations;
};

export async function estate(kysely: Kysely<Tables>, question: EstateQuestion): Promise<Estate> {
  const past = question.at !== null;
  const [components, cells, moving, setbacks, installations] = await Promise.all([
    componentsOf(kysely, question.at),
    cellsOf(kysely, question),
    past ? [] : movingNow(kysely),
    past ? [] : setbacksNow(kysely),
    installationsOf(kysely, question),
  ]);
  return { components, cells, moving, setbacks, installations };
}

async function componentsOf(kysely: Kysely<Tables>, at: string | null): Promise<readonly EstateComponent[]> {
  let query = kysely.selectFrom('component').select(['name', 'system', 'kind', 'team', 'criticality']);
  if (at !== null) query = query.where('created_at', '<=', at);
  return query.orderBy('system').orderBy('name').execute();
}

/** What is current, or what was: the last deployment of each place that had succeeded by then. */
function installed(at: string | null) {
  if (at === null) return sql`select component, environment, release_digest, deployment_id, installed_at from current_release`;
  return sql`
    select distinct on (component, environment) component, environment, release_digest, id as deployment_id, ended_at as installed_at
    from deployment where state = 'succeeded' and ended_at <= ${at}
    order by component, environment, ended_at desc`;
}

async function cellsOf(kysely: Kysely<Tables>, { environments, at }: EstateQuestion): Promise<readonly EstateCell[]> {
  const { rows } = await sql<EstateCell>`
    with stage as (select environment, ordinal from unnest(${sql.val(environments)}::text[]) with ordinality as stage (environment, ordinal)),
    cell as (
      select i.component, i.environment, i.deployment_id, i.installed_at, r.version, r.created_at, s.ordinal,
        lag(r.created_at) over line as before_at, lag(s.ordinal) over line as before_ordinal
      from (${installed(at)}) i
      join stage s using (environment)
      join release r on r.digest = i.release_digest
      window line as (partition by i.component order by s.ordinal)
    ),
    busy as (select distinct component, environment from run where state = 'running' and purpose = 'deployment')
    select cell.component, cell.environment, cell.version, cell.installed_at as "installedAt", cell.deployment_id as deployment,
      sighting.ready, sighting.wanted, busy.component is not null and ${at === null}::boolean as moving,
      case when before_at is null or before_ordinal <> ordinal - 1 or before_at <= cell.created_at then 0 else (
        select count(*)::int from release r
        where r.component = cell.component and r.created_at > cell.created_at and r.created_at <= before_at
      ) end as behind
    from cell
    left join sighting on sighting.component = cell.component and sighting.environment = cell.environment and ${at === null}::boolean
    left join busy on busy.component = cell.component and busy.environment = cell.environment
    order by cell.component, cell.ordinal`.execute(kysely);
  return rows;
}

async function movingNow(kysely: Kysely<Tables>): Promise<readonly Moving[]> {
  const { rows } = await sql<Moving>`
    select d.id as deployment, d.component, d.environment, d.version, former.version as "formerVersion", d.state,
      d.requested_by as "requestedBy", coalesce(d.started_at, d.requested_at) as since,
      count(step.*) filter (where step.state in ('done', 'skipped'))::int as done, count(step.*)::int as steps
    from deployment d
    left join release former on former.digest = d.former_digest
    left join run on run.deployment_id = d.id
    left join step on step.run_id = run.id
    where d.state in ('waiting', 'running')
    group by d.id, former.version
    order by d.requested_at
    limit 200`.execute(kysely);
  return rows;
}

/** Places whose last ended deployment did not bring what was asked for. */
async function setbacksNow(kysely: Kysely<Tables>): Promise<readonly Setback[]> {
  const { rows } = await sql<Setback>`
    select * from (
      select distinct on (component, environment) id as deployment, component, environment, version, state, reason, ended_at as "endedAt"
      from deployment
      where ended_at > now() - interval '14 days' and state in ('succeeded', 'failed', 'rolled-back')
      order by component, environment, ended_at desc
    ) last where state in ('failed', 'rolled-back')
    order by "endedAt" desc
    limit 200`.execute(kysely);
  return rows;
}

/** An installation is a deployment to the last environment. */
async function installationsOf(kysely: Kysely<Tables>, { environments, at, today }: EstateQuestion): Promise<Installations> {
  const { rows } = await sql<Installations>`
    select count(*) filter (where ended_at >= ${today}::timestamptz)::int as today, count(*)::int as total,
      count(*) filter (where ledger is not null and ledger <> 'null'::jsonb)::int as measured,
      count(*) filter (where (ledger ->> 'failed')::int = 0)::int as uninterrupted
    from deployment
    where state = 'succeeded' and environment = ${environments.at(-1) ?? ''} and ended_at <= coalesce(${at}::timestamptz, now())`.execute(
    kysely,
  );
  return rows[0] ?? { today: 0, total: 0, measured: 0, uninterrupted: 0 };
}
