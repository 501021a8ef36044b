/** The estate in one reading: every component in every environment, what moves, what is red and why, and the counts above them. */
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';
import { type EstateRow, estateRowsNow, readEstateRows } from './estate-rows.ts';

export type EstateQuestion = {
  readonly environments: readonly string[];
  /** RFC 3339; null for now. */
  readonly at: string | null;
  /** RFC 3339: installations from then on are those of today. */
  readonly today: string;
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
  readonly rows: readonly EstateRow[];
  readonly moving: readonly Moving[];
  readonly setbacks: readonly Setback[];
  readonly installations: Installations;
};

/** Gives what answers questions about the estate; it remembers the rows and reads again those that changed. */
export function estateView(kysely: Kysely<Tables>): (question: EstateQuestion) => Promise<Estate> {
  const rowsNow = estateRowsNow(kysely);
  return async ({ environments, at, today }) => {
    const past = at !== null;
    const [rows, moving, setbacks, installations] = await Promise.all([
      past ? readEstateRows(kysely, { environments, at }) : rowsNow(environments),
      past ? [] : movingNow(kysely),
      past ? [] : setbacksNow(kysely),
      installationsOf(kysely, environments.at(-1) ?? '', at, today),
    ]);
    return { rows, moving, setbacks, installations };
  };
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
