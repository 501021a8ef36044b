/** The rows of the estate: every component with the places where it is installed, now or at a former instant. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../tables.ts';
import { shared } from './shared.ts';

export type EstateCell = {
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
/** A component with the places where it is installed, in the order of the environments; the same object while nothing in it changed. */
export type EstateRow = EstateComponent & { readonly cells: readonly EstateCell[] };

type Question = {
  readonly environments: readonly string[];
  /** RFC 3339; null for now. */
  readonly at: string | null;
};
type Kept = {
  readonly environments: string;
  /** The oldest transaction (`xid8`) that was not over when the rows were read: from it on, what is written is not in them for certain. */
  readonly horizon: string;
  /** `component environment` of what moves. */
  readonly busy: ReadonlySet<string>;
  readonly rows: ReadonlyMap<string, EstateRow>;
};
type Horizon = { readonly horizon: string; readonly busy: readonly string[]; readonly components: number; readonly places: number };

/**
 * Gives what reads the rows as they are now: all the first time, later only those of components of which something was written since.
 *
 * What was written since shows by the transaction that wrote it (`xmin`, PostgreSQL 5.6): it is not older than the oldest one that was
 * still under way at the last reading.
 */
export function estateRowsNow(kysely: Kysely<Tables>): (environments: readonly string[]) => Promise<readonly EstateRow[]> {
  let last: Kept | null = null;
  return shared(async (environments) => {
    const now = await horizonOf(kysely, environments);
    last = (last === null ? null : await later(kysely, last, now, environments)) ?? (await whole(kysely, now, environments));
    return [...last.rows.values()];
  });
}

async function whole(kysely: Kysely<Tables>, now: Horizon, environments: readonly string[]): Promise<Kept> {
  const rows = await readEstateRows(kysely, { environments, at: null });
  return { horizon: now.horizon, environments: environments.join(), busy: new Set(now.busy), rows: byName(rows) };
}

/** What was kept, with the changed rows read again; null when all must be read: something is new, gone or elsewhere in the order. */
async function later(kysely: Kysely<Tables>, last: Kept, now: Horizon, environments: readonly string[]): Promise<Kept | null> {
  if (environments.join() !== last.environments || now.components !== last.rows.size) return null;
  const busy = new Set(now.busy);
  const moved = [...busy.symmetricDifference(last.busy)].map((place) => place.slice(0, place.indexOf(' ')));
  const names = [...new Set([...moved, ...(await writtenSince(kysely, last.horizon))])];
  const changed = names.length === 0 ? [] : await readEstateRows(kysely, { environments, at: null }, names);
  if (changed.some(({ name, system }) => last.rows.get(name)?.system !== system)) return null;
  const rows = changed.length === 0 ? last.rows : new Map([...last.rows, ...byName(changed)]);
  const places = [...rows.values()].reduce((sum, { cells }) => sum + cells.length, 0);
  return places === now.places ? { horizon: now.horizon, environments: last.environments, busy, rows } : null;
}

function byName(rows: readonly EstateRow[]): ReadonlyMap<string, EstateRow> {
  return new Map(rows.map((row) => [row.name, row]));
}

async function horizonOf(kysely: Kysely<Tables>, environments: readonly string[]): Promise<Horizon> {
  const { rows } = await sql<Horizon>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as horizon, (select count(*)::int from component) as components,
      (select count(*)::int from current_release where environment = any(${sql.val(environments)}::text[])) as places,
      array(select component || ' ' || environment from run where state = 'running' and purpose = 'deployment') as busy`.execute(kysely);
  const [now] = rows;
  if (now === undefined) throw new Error('PostgreSQL told no snapshot.');
  return now;
}

async function writtenSince(kysely: Kysely<Tables>, horizon: string): Promise<readonly string[]> {
  const since = sql`age(xmin) <= age(${horizon}::xid8::xid)`;
  const { rows } = await sql<{ readonly component: string }>`
    select component from sighting where ${since} union
    select component from current_release where ${since} union
    select name from component where ${since}`.execute(kysely);
  return rows.map(({ component }) => component);
}

/** All rows, or those of the components named. */
export async function readEstateRows(
  kysely: Kysely<Tables>,
  { environments, at }: Question,
  only: readonly string[] | null = null,
): Promise<readonly EstateRow[]> {
  const [components, cells] = await Promise.all([componentsOf(kysely, at, only), cellsOf(kysely, environments, at, only)]);
  const cellsByComponent = Map.groupBy(cells, ({ component }) => component);
  return components.map((component) => ({
    ...component,
    cells: (cellsByComponent.get(component.name) ?? []).map(({ component: _, ...cell }) => cell),
  }));
}

async function componentsOf(
  kysely: Kysely<Tables>,
  at: string | null,
  only: readonly string[] | null,
): Promise<readonly EstateComponent[]> {
  let query = kysely.selectFrom('component').select(['name', 'system', 'kind', 'team', 'criticality']);
  if (at !== null) query = query.where('created_at', '<=', at);
  if (only !== null) query = query.where('name', 'in', only);
  return query.orderBy('system').orderBy('name').execute();
}

/**
 * What is current, or what was: the last deployment of each place that had succeeded by then. Every place where one ever succeeded has a
 * current release, from which its history is read at its newest end.
 */
function installed(at: string | null, named: RawBuilder<unknown>) {
  if (at === null) {
    return sql`select component, environment, release_digest, deployment_id, installed_at from current_release where ${named}`;
  }
  return sql`
    select place.component, place.environment, former.release_digest, former.deployment_id, former.installed_at
    from current_release place cross join lateral (
      select release_digest, id as deployment_id, ended_at as installed_at from deployment d
      where d.component = place.component and d.environment = place.environment and d.state = 'succeeded' and d.ended_at <= ${at}
      order by d.ended_at desc limit 1
    ) former`;
}

type PlacedCell = EstateCell & { readonly component: string };

async function cellsOf(
  kysely: Kysely<Tables>,
  environments: readonly string[],
  at: string | null,
  only: readonly string[] | null,
): Promise<readonly PlacedCell[]> {
  const named = only === null ? sql`true` : sql`component = any(${sql.val(only)}::text[])`;
  const { rows } = await sql<PlacedCell>`
    with stage as (select environment, ordinal from unnest(${sql.val(environments)}::text[]) with ordinality as stage (environment, ordinal)),
    cell as (
      select i.component, i.environment, i.deployment_id, i.installed_at, r.version, r.created_at, s.ordinal,
        lag(r.created_at) over line as before_at, lag(s.ordinal) over line as before_ordinal
      from (${installed(at, named)}) i
      join stage s using (environment)
      join release r on r.digest = i.release_digest
      window line as (partition by i.component order by s.ordinal)
    ),
    -- Read once: looked up one by one they take longer.
    seen as materialized (select component, environment, ready, wanted from sighting where ${at === null}::boolean and ${named}),
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
