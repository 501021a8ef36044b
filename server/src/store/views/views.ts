/** What the API and the console read: joined, ready to show, never written through. */
import { type Kysely, sql } from 'kysely';
import type { Deployment, DeploymentState } from '../../domain/deployment.ts';
import { waitingIn } from '../../domain/gates/hold.ts';
import type { JobRun } from '../../domain/job-run.ts';
import type { Attempt } from '../../domain/measures/measures.ts';
import type { RecordedStep } from '../../domain/run.ts';
import type { Socle } from '../../domain/socle.ts';
import type { Place } from '../../domain/workload.ts';
import { attemptsOf } from '../attempt.ts';
import { jobRunStore } from '../job-run.ts';
import { releaseStore, type StoredRelease } from '../release.ts';
import { socleStore } from '../socle.ts';
import type { Tables } from '../tables.ts';
import { arrivingAt } from './arriving.ts';
import { type AuditPage, type AuditView, auditPage } from './audit.ts';

export type ComponentView = {
  readonly name: string;
  readonly system: string;
  readonly kind: 'Service' | 'Job';
  readonly createdAt: string;
  /** What its newest release needs. */
  readonly dependsOn: readonly string[];
};
export type EventView = {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: unknown;
};
export type CurrentView = {
  readonly component: string;
  readonly system: string;
  readonly kind: 'Service' | 'Job';
  readonly environment: string;
  readonly version: string;
  readonly releaseDigest: string;
  readonly installedAt: string;
  readonly moving: boolean;
};
export type DeploymentFilter = {
  readonly component?: string | undefined;
  readonly environment?: string | undefined;
  readonly state?: DeploymentState | undefined;
  /** RFC 3339: those that began then or later, and before. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly limit: number;
};

export function views(kysely: Kysely<Tables>) {
  const releases = releaseStore(kysely);
  return {
    async components(): Promise<readonly ComponentView[]> {
      const { rows } = await sql<ComponentView>`
        select name, system, kind, component.created_at as "createdAt", coalesce(newest."dependsOn", '[]') as "dependsOn"
        from component left join lateral (
          select spec -> 'dependsOn' as "dependsOn" from release where release.component = component.name order by created_at desc limit 1
        ) newest on true order by system, name`.execute(kysely);
      return rows;
    },
    releases: (filter: { component?: string | undefined }): Promise<readonly StoredRelease[]> => releases.newest({ ...filter, limit: 500 }),
    release: (component: string, version: string): Promise<StoredRelease | null> => releases.find(component, version),
    deployments: (filter: DeploymentFilter): Promise<readonly Deployment[]> => deployments(kysely, filter),
    async deployment(id: string): Promise<Deployment | null> {
      const [found] = await deployments(kysely, { limit: 1 }, id);
      return found ?? null;
    },
    jobRuns: (filter: { component: string; environment: string; limit: number }): Promise<readonly JobRun[]> =>
      jobRunStore(kysely).list(filter),
    socles: (): Promise<readonly Socle[]> => socleStore(kysely).list(),
    audit: (page: AuditPage): Promise<readonly AuditView[]> => auditPage(kysely, page),
    /** Events after a number, oldest first; `subject` keeps those that begin so. */
    async events(page: { after: number; subject?: string | undefined; limit: number }): Promise<readonly EventView[]> {
      let query = kysely.selectFrom('event').selectAll().where('number', '>', page.after).orderBy('number').limit(page.limit);
      if (page.subject !== undefined) query = query.where('subject', 'like', `${page.subject.replace(/[\\%_]/g, '\\$&')}%`);
      const rows = await query.execute();
      return rows.map(({ number, type, subject, time, data }) => ({ id: String(number), type, subject, time, data }));
    },
    async lastEvent(): Promise<number> {
      const row = await kysely.selectFrom('event').select('number').orderBy('number', 'desc').limit(1).executeTakeFirst();
      return row?.number ?? 0;
    },
    attempts: (filter: Parameters<typeof attemptsOf>[1]): Promise<readonly Attempt[]> => attemptsOf(kysely, filter),
    current: (): Promise<readonly CurrentView[]> => current(kysely),
    arriving: (place: Place): Promise<string | null> => arrivingAt(kysely, place),
  };
}
export type Views = ReturnType<typeof views>;

async function current(kysely: Kysely<Tables>): Promise<readonly CurrentView[]> {
  const rows = await kysely
    .selectFrom('current_release')
    .innerJoin('component', 'component.name', 'current_release.component')
    .innerJoin('release', 'release.digest', 'current_release.release_digest')
    .select(['current_release.component', 'current_release.environment', 'current_release.release_digest', 'current_release.installed_at'])
    .select(['component.system', 'component.kind', 'release.version'])
    .select((select) =>
      select
        .exists(
          select
            .selectFrom('run')
            .select('run.id')
            .whereRef('run.component', '=', 'current_release.component')
            .whereRef('run.environment', '=', 'current_release.environment')
            .where('run.purpose', '=', 'deployment')
            .where('run.state', '=', 'running'),
        )
        .as('moving'),
    )
    .orderBy('component.system')
    .orderBy('current_release.component')
    .execute();
  return rows.map(({ component, system, kind, environment, version, moving, ...row }) => ({
    ...{ component, system, kind, environment, version, moving: Boolean(moving) },
    ...{ releaseDigest: row.release_digest, installedAt: row.installed_at },
  }));
}

async function deployments(kysely: Kysely<Tables>, filter: DeploymentFilter, id?: string): Promise<readonly Deployment[]> {
  let query = kysely
    .selectFrom('deployment')
    .innerJoin('release', 'release.digest', 'deployment.release_digest')
    .leftJoin('release as former', 'former.digest', 'deployment.former_digest')
    .selectAll('deployment')
    .select(['release.image', 'former.version as former_version'])
    .orderBy('deployment.requested_at', 'desc')
    .orderBy('deployment.id', 'desc')
    .limit(filter.limit);
  if (id !== undefined) query = query.where('deployment.id', '=', id);
  if (filter.component !== undefined) query = query.where('deployment.component', '=', filter.component);
  if (filter.environment !== undefined) query = query.where('deployment.environment', '=', filter.environment);
  if (filter.state !== undefined) query = query.where('deployment.state', '=', filter.state);
  if (filter.from !== undefined) query = query.where('deployment.started_at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('deployment.started_at', '<', filter.to);
  if (filter.ids !== undefined) query = query.where('deployment.id', 'in', filter.ids);
  const rows = await query.execute();
  const steps = await stepsOf(
    kysely,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    id: row.id,
    component: row.component,
    environment: row.environment,
    version: row.version,
    releaseDigest: row.release_digest,
    image: row.image,
    purpose: row.purpose,
    formerVersion: row.former_version,
    state: row.state,
    reason: row.reason,
    verdicts: row.verdicts,
    waitsFor: row.look_at === null ? null : waitingIn(row.verdicts),
    holds: row.holds,
    steps: steps.get(row.id) ?? [],
    ledger: row.ledger,
    log: row.log,
    incident: row.incident,
    override: row.override_id,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }));
}

async function stepsOf(kysely: Kysely<Tables>, ids: readonly string[]): Promise<ReadonlyMap<string, readonly RecordedStep[]>> {
  if (ids.length === 0) return new Map();
  const rows = await kysely
    .selectFrom('step')
    .innerJoin('run', 'run.id', 'step.run_id')
    .select([
      'run.deployment_id',
      'step.ordinal',
      'step.kind',
      'step.purpose',
      'step.sentence',
      'step.state',
      'step.started_at',
      'step.ended_at',
    ])
    .where('run.deployment_id', 'in', ids)
    .orderBy('step.ordinal')
    .execute();
  const steps = new Map<string, RecordedStep[]>();
  for (const { deployment_id, started_at, ended_at, ...row } of rows) {
    if (deployment_id === null) continue;
    steps.set(deployment_id, [...(steps.get(deployment_id) ?? []), { ...row, startedAt: started_at, endedAt: ended_at }]);
  }
  return steps;
}
