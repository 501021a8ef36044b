/** Releases: inserted once, never changed. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { CommitMessage } from '../domain/commit.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Release } from '../domain/release.ts';
import { insertProof, type Proof } from './attestation.ts';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export type StoredRelease = Release & {
  /** What came in since the release before. */
  readonly commits: readonly CommitMessage[];
  readonly createdAt: string;
  readonly createdBy: string;
};

/** What became of a registration: `same` when the release was there with the same digest, `conflict` with another one. */
export type Registration =
  | { readonly outcome: 'created' | 'same'; readonly release: StoredRelease }
  | { readonly outcome: 'conflict'; readonly release: StoredRelease };

export function releaseStore(kysely: Kysely<Tables>) {
  return {
    /** With a proof, what was found out about the release is kept in the same transaction. */
    async register(release: Release & Pick<StoredRelease, 'commits'>, at: string, who: string, proof?: Proof): Promise<Registration> {
      const subject = `release/${release.component}@${release.version}`;
      const entry: JournalEntry = {
        at,
        who,
        what: 'release.registered',
        subject,
        detail: { digest: release.digest, image: release.image, evidence: (proof?.evidence ?? []).map(told) },
      };
      return recorded(kysely, async (transaction): Promise<{ result: Registration; entries: JournalEntry[] }> => {
        await keepComponent(transaction, release, at);
        const inserted = await transaction
          .insertInto('release')
          .values({ ...rowOf(release), created_at: at, created_by: who })
          .onConflict((conflict) => conflict.doNothing())
          .returning('digest')
          .executeTakeFirst();
        const stored = await findRelease(transaction, release.component, release.version);
        if (stored === null) throw new Error(`release ${subject} was neither inserted nor found`);
        if (inserted !== undefined) {
          if (proof !== undefined) await insertProof(transaction, release.digest, proof, at);
          return { result: { outcome: 'created', release: stored }, entries: [entry] };
        }
        return { result: { outcome: stored.digest === release.digest ? 'same' : 'conflict', release: stored }, entries: [] };
      });
    },
    find: (component: string, version: string) => findRelease(kysely, component, version),
    async byDigest(digest: string): Promise<StoredRelease> {
      return present(await kysely.selectFrom('release').selectAll().where('digest', '=', digest).executeTakeFirstOrThrow());
    },
    byDigests: (digests: readonly string[]) => byDigests(kysely, digests),
    /** What came in with every release after the older of two, up to the newer; of the newer alone where there is one. */
    commitsBetween: (one: StoredRelease | null, other: StoredRelease) => commitsBetween(kysely, one, other),
    versions: (component: string) => versions(kysely, component),
    newest: (filter: NewestFilter) => newest(kysely, filter),
    /** Every image that a release or a socle names, or stands on. */
    images: () => images(kysely),
    async componentNames(): Promise<readonly string[]> {
      const rows = await kysely.selectFrom('component').select('name').orderBy('name').execute();
      return rows.map((row) => row.name);
    },
  };
}
export type ReleaseStore = ReturnType<typeof releaseStore>;

async function images(kysely: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ image: string }>`
    select image from release union select image from socle_version union select vendor from socle_version`.execute(kysely);
  return rows.map(({ image }) => image);
}

type NewestFilter = { readonly component?: string | undefined; readonly limit: number };

/** The newest first. */
async function newest(kysely: Kysely<Tables>, { component, limit }: NewestFilter): Promise<readonly StoredRelease[]> {
  let query = kysely.selectFrom('release').selectAll().orderBy('created_at', 'desc').limit(limit);
  if (component !== undefined) query = query.where('component', '=', component);
  return (await query.execute()).map(present);
}

/** By digest; those that are not there are left out. */
async function byDigests(kysely: Kysely<Tables>, digests: readonly string[]): Promise<ReadonlyMap<string, StoredRelease>> {
  const rows = await kysely.selectFrom('release').selectAll().where(sql<boolean>`digest = any(${digests}::text[])`).execute();
  return new Map(rows.map((row) => [row.digest, present(row)]));
}

async function versions(kysely: Kysely<Tables>, component: string): Promise<readonly string[]> {
  const rows = await kysely
    .selectFrom('release')
    .select('version')
    .where('component', '=', component)
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map((row) => row.version);
}

async function commitsBetween(kysely: Kysely<Tables>, one: StoredRelease | null, other: StoredRelease): Promise<readonly CommitMessage[]> {
  if (one === null) return other.commits;
  const [older, newer] = one.createdAt < other.createdAt ? [one, other] : [other, one];
  const rows = await kysely
    .selectFrom('release')
    .select('commits')
    .where('component', '=', other.component)
    .where('created_at', '>', older.createdAt)
    .where('created_at', '<=', newer.createdAt)
    .orderBy('created_at', 'desc')
    .execute();
  const known = new Set(older.commits.map(({ id }) => id));
  return rows.flatMap(({ commits }) => commits).filter(({ id }) => !known.has(id));
}

/** What the journal says of evidence that came with the release. */
function told({ kind, outcome, digest }: Evidence) {
  return { kind, outcome, digest };
}

async function keepComponent(transaction: Transaction<Tables>, { spec }: Release, at: string): Promise<void> {
  const { kind, system, team, criticality, name } = spec;
  await transaction
    .insertInto('component')
    .values({ name, system, kind, team, criticality, created_at: at })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ system, kind, team, criticality }))
    .execute();
}

async function findRelease(kysely: Kysely<Tables>, component: string, version: string): Promise<StoredRelease | null> {
  const row = await kysely
    .selectFrom('release')
    .selectAll()
    .where('component', '=', component)
    .where('version', '=', version)
    .executeTakeFirst();
  return row === undefined ? null : present(row);
}

function rowOf(release: Release & Pick<StoredRelease, 'commits'>) {
  const { component, version, digest, image } = release;
  return {
    component,
    version,
    digest,
    image,
    layers: JSON.stringify(release.layers),
    commit: release.commit === null ? null : JSON.stringify(release.commit),
    spec: JSON.stringify(release.spec),
    commits: JSON.stringify(release.commits),
  };
}

type Row = {
  component: string;
  version: string;
  digest: string;
  image: string;
  layers: Release['layers'];
  commit: Release['commit'];
  spec: Release['spec'];
  commits: StoredRelease['commits'];
  created_at: string;
  created_by: string;
};

function present(row: Row): StoredRelease {
  const { component, version, digest, image, layers, commit, spec, commits } = row;
  return { component, version, digest, image, layers, commit, spec, commits, createdAt: row.created_at, createdBy: row.created_by };
}
