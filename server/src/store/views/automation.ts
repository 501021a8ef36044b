/** What the platform did for each application system, step by step, counted from what it recorded. */
import { type Kysely, sql } from 'kysely';
import type { AutomationStep, Done, SystemFacts } from '../../domain/automation/automation.ts';
import type { Tables } from '../tables.ts';

type Row = { readonly system: string; readonly step: AutomationStep; readonly count: number; readonly last: string | null };
type Shape = Omit<SystemFacts, 'done'>;

/** In the order of the systems' names. `last` is the last environment. */
export async function automationFacts(
  kysely: Kysely<Tables>,
  { last, channels }: { readonly last: string; readonly channels: readonly string[] },
): Promise<readonly SystemFacts[]> {
  const [shapes, rows] = await Promise.all([shapesOf(kysely), doneOf(kysely, last, channels)]);
  const bySystem = Map.groupBy(rows, ({ system }) => system);
  return shapes.map((shape) => ({ ...shape, done: doneIn(bySystem.get(shape.system) ?? []) }));
}

function doneIn(rows: readonly Row[]): Readonly<Partial<Record<AutomationStep, Done>>> {
  return Object.fromEntries(rows.map(({ step, count, last }) => [step, { count, last }]));
}

async function shapesOf(kysely: Kysely<Tables>): Promise<readonly Shape[]> {
  const { rows } = await sql<Shape>`
    with installed as (
      select component, environment, count(distinct release_digest)::integer as releases
      from deployment where state = 'succeeded' group by 1, 2
    ), newest as (
      select distinct on (component) component, digest, spec -> 'run' -> 'replicas' as replicas from release order by component, created_at desc
    )
    select c.system, count(*)::integer as components,
      (count(*) filter (where c.kind = 'Service'))::integer as services,
      (count(*) filter (where c.kind = 'Job'))::integer as jobs,
      (count(*) filter (where (n.replicas ->> 'max')::integer > (n.replicas ->> 'min')::integer))::integer as ranges,
      coalesce(max((select max(releases) from installed i where i.component = c.name)), 0)::integer as "installedReleases",
      (count(*) filter (where f.socle is not null))::integer as "onSocle"
    from component c
      left join newest n on n.component = c.name
      left join image_facts f on f.release_digest = n.digest
    group by 1 order by 1`.execute(kysely);
  return rows;
}

async function doneOf(kysely: Kysely<Tables>, last: string, channels: readonly string[]): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    with d as (select c.system, d.* from deployment d join component c on c.name = d.component)
    select c.system, 'network' as step, count(*)::integer as count, null::timestamptz as last
      from address a join component c on c.name = a.component group by 1
    union all select c.system, 'image', count(*)::integer, max(r.created_at)
      from release r join component c on c.name = r.component where r.layers <> '[]' group by 1
    union all select c.system, case when e.kind in ('sbom', 'provenance', 'signature') then 'proof' else 'tests' end, count(*)::integer, max(e.recorded_at)
      from evidence e join release r on r.digest = e.release_digest join component c on c.name = r.component group by 1, 2
    union all select system, 'deployment', count(*)::integer, max(ended_at) from d where state = 'succeeded' group by 1
    union all select system, 'production', count(*)::integer, max(ended_at)
      from d where state = 'succeeded' and environment = ${last} and failed_requests = 0 group by 1
    union all select system, 'rollback', count(*)::integer, max(ended_at)
      from d where state = 'rolled-back' or (state = 'succeeded' and purpose = 'rollback') group by 1
    union all select system, 'change', count(*)::integer, max(closed_at) from change where kind = 'standard' and closure = 'successful' group by 1
    union all select system, 'publication', count(*)::integer, max(closed_at) from change where closure = 'successful' group by 1
    union all select c.system, 'before', count(*)::integer, max(b.ended_at)
      from before_task b join release r on r.digest = b.release_digest join component c on c.name = r.component
      where b.state = 'succeeded' group by 1
    union all select c.system, 'scaling', count(*)::integer, max(s.decided_at)
      from scale s join component c on c.name = s.component where s.pinned is null group by 1
    union all select c.system, 'healing', count(*)::integer, max(r.ended_at)
      from run r join component c on c.name = r.component where r.purpose = 'heal' and r.state = 'done' group by 1
    union all select c.system, 'schedule', count(*)::integer, max(j.ended_at)
      from job_run j join component c on c.name = j.component where j.cause = 'schedule' and j.state = 'succeeded' group by 1
    union all select c.system, 'rebase', count(*)::integer, max(r.created_at)
      from release r join component c on c.name = r.component
      where exists (select 1 from socle s where r.version ~ ('[+.]' || replace(s.name, '.', '\\.') || '\\.[0-9]+$')) group by 1
    union all select ch.system, 'notification', count(distinct v.id)::integer, max(v.sent_at)
      from delivery v cross join lateral jsonb_array_elements_text(v.body -> 'changes') told join change ch on ch.id = told
      where v.state = 'sent' and v.target = any(${[...channels]}) group by 1`.execute(kysely);
  return rows;
}
