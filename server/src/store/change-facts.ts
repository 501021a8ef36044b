/** What the facts of a change are read from: the neighbours, the open changes, what was proven, how it went before. */
import { type Kysely, sql } from 'kysely';
import type { Node, OpenChange } from '../domain/changes/blast-radius.ts';
import type { ChangeVerification } from '../domain/changes/change.ts';
import type { Differing } from '../domain/changes/packages.ts';
import type { Tables } from './tables.ts';

export function changeFacts(kysely: Kysely<Tables>) {
  return {
    /** What runs in an environment, as the current releases describe it. */
    async nodes(environment: string): Promise<readonly Node[]> {
      const { rows } = await sql<Node>`
        select r.component, r.spec ->> 'system' as system, r.spec ->> 'criticality' as criticality, r.spec -> 'dependsOn' as "dependsOn"
        from current_release c join release r on r.digest = c.release_digest
        where c.environment = ${environment} order by r.component`.execute(kysely);
      return rows;
    },
    async open(environment: string): Promise<readonly OpenChange[]> {
      return kysely
        .selectFrom('change')
        .select(['id', 'component', 'version'])
        .where('environment', '=', environment)
        .where('state', 'not in', ['closed', 'cancelled'])
        .orderBy('opened_at')
        .execute();
    },
    /** Where a release was verified and still is. */
    async verifications(digest: string): Promise<readonly ChangeVerification[]> {
      const rows = await kysely
        .selectFrom('verification')
        .select(['environment', 'deployment_id', 'verified_at'])
        .where('release_digest', '=', digest)
        .where('revoked_at', 'is', null)
        .orderBy('verified_at')
        .execute();
      return rows.map((row) => ({ environment: row.environment, deployment: row.deployment_id, at: row.verified_at }));
    },
    /** What differs between the packages of two images; null where one of them was not looked into. */
    packagesBetween: (former: string, digest: string): Promise<Differing | null> => packagesBetween(kysely, former, digest),
    /** How the last ten installations of a component went that had begun. */
    recent: (component: string, environment: string) => recent(kysely, component, environment),
    /** An environment among these in which a rollback from the one release to the other succeeded. */
    rehearsedIn: (from: string, to: string, environments: readonly string[]) => rehearsedIn(kysely, from, to, environments),
  };
}

async function packagesBetween(kysely: Kysely<Tables>, former: string, digest: string): Promise<Differing | null> {
  const rows = await kysely
    .selectFrom('image_facts')
    .select(['release_digest', 'packages'])
    .where('release_digest', 'in', [former, digest])
    .execute();
  const listOf = (release: string) => rows.find((row) => row.release_digest === release)?.packages;
  const [before, after] = [listOf(former), listOf(digest)];
  if (before === undefined || after === undefined) return null;
  if (before === after) return { removed: [], added: [] };
  const missing = (from: string, than: string) =>
    kysely
      .selectFrom('package')
      .select(['base', 'version'])
      .where('list', '=', from)
      .except(kysely.selectFrom('package').select(['base', 'version']).where('list', '=', than))
      .execute();
  return { removed: await missing(before, after), added: await missing(after, before) };
}

type Recent = { readonly failed: number; readonly all: number };

async function recent(kysely: Kysely<Tables>, component: string, environment: string): Promise<Recent> {
  const rows = await kysely
    .selectFrom('deployment')
    .select('state')
    .where('component', '=', component)
    .where('environment', '=', environment)
    .where('state', 'in', ['succeeded', 'rolled-back', 'failed'])
    .orderBy('requested_at', 'desc')
    .limit(10)
    .execute();
  return { all: rows.length, failed: rows.filter(({ state }) => state !== 'succeeded').length };
}

async function rehearsedIn(kysely: Kysely<Tables>, from: string, to: string, environments: readonly string[]): Promise<string | null> {
  if (environments.length === 0) return null;
  const row = await kysely
    .selectFrom('deployment')
    .select('environment')
    .where('purpose', '=', 'rollback')
    .where('state', '=', 'succeeded')
    .where('former_digest', '=', from)
    .where('release_digest', '=', to)
    .where('environment', 'in', environments)
    .orderBy('ended_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.environment ?? null;
}
