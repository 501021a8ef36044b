/** The estate in one reading: every component in every environment, what moves, what is red and why, and the counts above them. */
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';
import { kept } from './kept.ts';

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

/** The same object while nothing in it changed. */
export type EstateBody = { readonly components: readonly EstateComponent[]; readonly cells: readonly EstateCell[] };
export type Estate = {
  readonly body: EstateBody;
  readonly moving: readonly Moving[];
  readonly setbacks: readonly Setback[];
  readonly installations: Installations;
};

/** Gives what answers questions about the estate; it remembers the body that it read last. */
export function estateView(kysely: Kysely<Tables>): (question: EstateQuestion) => Promise<Estate> {
  const bodyNow = kept(
    (environments: readonly string[]) => markOf(kysely, environments),
    (environments) => bodyOf(kysely, environments, null),
  );
  return async ({ environments, at, today }) => {
    const past = at !== null;
    const [body, moving, setbacks, installations] = await Promise.all([
      past ? bodyOf(kysely, environments, at) : bodyNow(environments),
      past ? [] : movingNow(kysely),
      past ? [] : setbacksNow(kysely),
      installationsOf(kysely, environments.at(-1) ?? '', at, today),
    ]);
    return { body, moving, setbacks, installations };
  };
}

/**
 * Changes whenever the body does: what is recorded has its entry in the journal, whose numbers are given one after the other; of what was
 * only seen, the transactions that wrote it (`xmin`) add up.
 */
async function markOf(kysely: Kysely<Tables>, environments: readonly string[]): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select concat_ws('/', (select max(number) from audit), (select count(*) from sighting), (select sum(xmin::text::bigint) from sighting))
      as mark`.execute(kysely);
  return `${environments.join()}/${rows[0]?.mark}`;
}

async function bodyOf(kysely: Kysely<Tables>, environments: readonly string[], at: string | null): Promise<EstateBody> {
  const [components, cells] = await Promise.all([componentsOf(kysely, at), cellsOf(kysely, environments, at)]);
  return { components, cells };
}

async function componentsOf(kysely: Kysely<Tables>, at: string | null): Promise<readonly EstateComponent[]> {
  let query = kysely.selectFrom('component').select(['name', 'system', 'kind', 'team', 'criticality']);
  if (at !== null) query = query.where('created_at', '<=', at);
  return query.orderBy('system').orderBy('name').execute();
}

/**
 * What is current, or what was: the last deployment of each place that had succeeded by then. Every place where one ever succeeded has a
 * current release, from which its history is read at its newest end.
 */
function installed(at: string | null) {
  if (at === null) return sql`select component, environment, release_digest, deployment_id, installed_at from current_release`;
  return sql`
    select place.component, place.environment, former.release_digest, former.deployment_id, former.installed_at
    from current_release place cross join lateral (
      select release_digest, id as deployment_id, ended_at as installed_at from deployment d
      where d.component = place.component and d.environment = place.environment and d.state = 'succeeded' and d.ended_at <= ${at}
      order by d.ended_at desc limit 1
    ) former`;
}

async function cellsOf(kysely: Kysely<Tables>, environments: readonly string[], at: string | null): Promise<readonly EstateCell[]> {
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
    -- Read once: looked up one by one they take longer.
    seen as materialized (select component, environment, ready, wanted from sighting where ${at === null}::boolean),
    busy as materialized (
      select distinct component, environment from run where state = 'running' and purpose = 'deployment' and ${at === null}::boolean
    )
    select cell.component, cell.environment, cell.version, cell.installed_at as "installedAt", cell.deployment_id as deployment,
      seen.ready, seen.wanted, busy.component is not null as moving,
      case when before_at is null or before_ordinal <> ordinal - 1 or before_at <= cell.created_at then 0 else (
        select count(*)::int from release r
        where r.component = cell.component and r.created_at > cell.created_at and r.created_at <= before_at
      ) end as behind
    from cell
    left join seen on seen.component = cell.component and seen.environment = cell.environment
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
    select id as deployment, component, environment, version, state, reason, ended_at as "endedAt"
    from deployment bad
    where state in ('failed', 'rolled-back') and ended_at > now() - interval '14 days'
      and not exists (
        select from deployment later
        where later.component = bad.component and later.environment = bad.environment
          and later.state in ('succeeded', 'failed', 'rolled-back') and (later.ended_at, later.id) > (bad.ended_at, bad.id)
      )
    order by ended_at desc
    limit 200`.execute(kysely);
  return rows;
}

/** An installation is a deployment to the last environment. */
async function installationsOf(kysely: Kysely<Tables>, environment: string, at: string | null, today: string): Promise<Installations> {
  const { rows } = await sql<Installations>`
    select count(*) filter (where ended_at >= ${today}::timestamptz)::int as today, count(*)::int as total,
      count(failed_requests)::int as measured, count(*) filter (where failed_requests = 0)::int as uninterrupted
    from deployment
    where state = 'succeeded' and environment = ${environment} and ended_at <= coalesce(${at}::timestamptz, now())`.execute(kysely);
  return rows[0] ?? { today: 0, total: 0, measured: 0, uninterrupted: 0 };
}
