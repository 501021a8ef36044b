/** Releases: inserted once, never changed. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { CommitMessage } from '../domain/commit.ts';
import type { Release } from '../domain/release.ts';
import { insertProofs, type Proof } from './attestation.ts';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export type StoredRelease = Release & {
  /** What came in since the release before. */
  readonly commits: readonly CommitMessage[];
  readonly createdAt: string;
  readonly createdBy: string;
};

/** A release to register, with what was found out about it. */
export type Registering = { readonly release: Release & Pick<StoredRelease, 'commits'>; readonly proof: Proof };

/** The release that has the name now: another one with another digest, when somebody was faster. */
export type Registration = { readonly isCreated: boolean; readonly release: StoredRelease };

/** What names a release among all of them. */
export type ReleaseName = Pick<Release, 'component' | 'version'>;

export function nameOfRelease({ component, version }: ReleaseName): string {
  return `${component}@${version}`;
}

export function releaseStore(kysely: Kysely<Tables>) {
  return {
    /** All in one transaction; what became of each, in their order. */
    register: (wishes: readonly Registering[], at: string, who: string): Promise<readonly Registration[]> =>
      wishes.length === 0 ? Promise.resolve([]) : recorded(kysely, (transaction) => register(transaction, wishes, at, who)),
    async find(component: string, version: string): Promise<StoredRelease | null> {
      const name = { component, version };
      return (await findNamed(kysely, [name])).get(nameOfRelease(name)) ?? null;
    },
    /** By `component@version`; those that are not there are left out. */
    findNamed: (names: readonly ReleaseName[]): Promise<ReadonlyMap<string, StoredRelease>> => findNamed(kysely, names),
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

/** In one order, so that two who register the same releases at once wait for each other and never in a circle. */
async function register(transaction: Transaction<Tables>, wishes: readonly Registering[], at: string, who: string) {
  const inOrder = wishes.toSorted((a, b) => (nameOfRelease(a.release) < nameOfRelease(b.release) ? -1 : 1));
  await keepComponents(transaction, inOrder, at);
  const inserted = await transaction
    .insertInto('release')
    .values(inOrder.map(({ release }) => ({ ...rowOf(release), created_at: at, created_by: who })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('digest')
    .execute();
  const created = new Set(inserted.map(({ digest }) => digest));
  const fresh = [...new Map(inOrder.map((wish) => [wish.release.digest, wish])).values()].filter(({ release }) =>
    created.has(release.digest),
  );
  const proven = fresh.map(({ release, proof }) => ({ releaseDigest: release.digest, proof }));
  await insertProofs(transaction, proven, at);
  const stored = await findNamed(
    transaction,
    wishes.map(({ release }) => release),
  );
  const result = wishes.map(({ release }) => registrationOf(release, stored.get(nameOfRelease(release)), created));
  return { result, entries: fresh.map((wish) => entryOf(wish, at, who)) };
}

function registrationOf(release: Release, stored: StoredRelease | undefined, created: ReadonlySet<string>): Registration {
  if (stored === undefined) throw new Error(`release ${nameOfRelease(release)} was neither inserted nor found`);
  return { isCreated: created.has(release.digest), release: stored };
}

function entryOf({ release, proof }: Registering, at: string, who: string): JournalEntry {
  const { digest, image } = release;
  const evidence = proof.evidence.map((one) => ({ kind: one.kind, outcome: one.outcome, digest: one.digest }));
  return { at, who, what: 'release.registered', subject: `release/${nameOfRelease(release)}`, detail: { digest, image, evidence } };
}

async function keepComponents(transaction: Transaction<Tables>, wishes: readonly Registering[], at: string): Promise<void> {
  const specs = new Map(wishes.map(({ release: { spec } }) => [spec.name, spec]));
  const rows = [...specs.values()].map(({ name, system, kind, team, criticality }) => ({
    name,
    system,
    kind,
    team,
    criticality,
    created_at: at,
  }));
  await transaction
    .insertInto('component')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet(({ ref }) => ({
        ...{ system: ref('excluded.system'), kind: ref('excluded.kind') },
        ...{ team: ref('excluded.team'), criticality: ref('excluded.criticality') },
      })),
    )
    .execute();
}

async function findNamed(kysely: Kysely<Tables>, names: readonly ReleaseName[]): Promise<ReadonlyMap<string, StoredRelease>> {
  const [components, ofThem] = [names.map(({ component }) => component), names.map(({ version }) => version)];
  const rows = await kysely
    .selectFrom('release')
    .selectAll()
    .where(sql<boolean>`(component, version) in (select * from unnest(${components}::text[], ${ofThem}::text[]))`)
    .execute();
  return new Map(rows.map((row) => [nameOfRelease(row), present(row)]));
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
