/** Socles and their versions: the images applications stand on, by name and number. */
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Criticality, Layer } from '../domain/release.ts';
import type { Deprecation, Socle, SocleUser, SocleVersion } from '../domain/socle.ts';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';

type Nameless = Omit<SocleVersion, 'number'>;

export function socleStore(kysely: Kysely<Tables>) {
  return {
    /** The next version of a socle, or the newest one when it is the same already. */
    record: (wish: Nameless, who: string): Promise<Socle> => recorded(kysely, (transaction) => record(transaction, wish, who)),
    deprecate: (name: string, deprecation: Deprecation, who: string): Promise<void> =>
      recorded(kysely, async (transaction) => {
        await transaction
          .updateTable('socle')
          .set({ deprecated: JSON.stringify(deprecation) })
          .where('name', '=', name)
          .execute();
        const { at, reason, instead } = deprecation;
        const entry = { at, who, what: 'socle.deprecated', subject: `socle/${name}`, detail: { reason, instead } };
        return { result: undefined, entries: [entry] };
      }),
    /** Each socle as its name means it now. */
    async list(): Promise<readonly Socle[]> {
      const [socles, all] = await Promise.all([kysely.selectFrom('socle').selectAll().orderBy('name').execute(), versions(kysely)]);
      return socles.flatMap(({ name, deprecated }) => {
        const newest = all.find((version) => version.name === name);
        return newest === undefined ? [] : [{ ...newest, deprecated }];
      });
    },
    /** Every version, of one socle or of all, the newest first. */
    versions: (name?: string): Promise<readonly SocleVersion[]> => versions(kysely, name),
    /** Every release there is, as `component@version`. */
    async knownReleases(): Promise<ReadonlySet<string>> {
      const rows = await kysely.selectFrom('release').select(['component', 'version']).execute();
      return new Set(rows.map(({ component, version }) => `${component}@${version}`));
    },
    /** The releases that count: installed somewhere, or the newest of their component. */
    users: (): Promise<readonly SocleUser[]> => users(kysely),
  };
}
export type SocleStore = ReturnType<typeof socleStore>;

async function record(transaction: Transaction<Tables>, wish: Nameless, who: string): Promise<{ result: Socle; entries: JournalEntry[] }> {
  const { name, image, vendor, runtime, recordedAt: at } = wish;
  await transaction
    .insertInto('socle')
    .values({ name, deprecated: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // One recorder of a socle at a time: the next number depends on the last.
  const { deprecated } = await transaction.selectFrom('socle').selectAll().where('name', '=', name).forUpdate().executeTakeFirstOrThrow();
  const [newest] = await versions(transaction, name);
  if (newest !== undefined && isSame(newest, wish)) return { result: { ...newest, deprecated }, entries: [] };
  const number = (newest?.number ?? 0) + 1;
  const values = { name, number, image, vendor, recorded_at: at };
  const json = { layers: JSON.stringify(wish.layers), runtime: JSON.stringify(runtime) };
  await transaction
    .insertInto('socle_version')
    .values({ ...values, ...json })
    .execute();
  const entry = { at, who, what: 'socle.recorded', subject: `socle/${name}`, detail: { number, image, vendor } };
  return { result: { ...wish, number, deprecated }, entries: [entry] };
}

async function versions(kysely: Kysely<Tables>, name?: string): Promise<readonly SocleVersion[]> {
  let query = kysely.selectFrom('socle_version').selectAll().orderBy('name').orderBy('number', 'desc');
  if (name !== undefined) query = query.where('name', '=', name);
  return (await query.execute()).map(({ recorded_at, ...version }) => ({ ...version, recordedAt: recorded_at }));
}

type UserRow = {
  component: string;
  system: string;
  criticality: Criticality;
  version: string;
  image: string;
  layers: readonly Layer[];
  environments: readonly string[];
  createdAt: string;
};

async function users(kysely: Kysely<Tables>): Promise<readonly SocleUser[]> {
  const { rows } = await sql<UserRow>`
    with installed as (
      select release_digest, json_agg(environment order by environment) as environments from current_release group by release_digest
    ), newest as (
      select distinct on (component) digest from release order by component, created_at desc
    )
    select release.component, component.system, component.criticality, release.version, release.image, release.layers,
      release.created_at as "createdAt", coalesce(installed.environments, '[]') as environments
    from release
    join component on component.name = release.component
    left join installed on installed.release_digest = release.digest
    left join newest on newest.digest = release.digest
    where installed.release_digest is not null or newest.digest is not null
    order by component.system, release.component, release.created_at`.execute(kysely);
  return rows;
}

function isSame(version: SocleVersion, wish: Nameless): boolean {
  return version.image === wish.image && version.vendor === wish.vendor && sortedText(version.runtime) === sortedText(wish.runtime);
}

/** PostgreSQL keeps the keys of a JSON object in an order of its own. */
function sortedText(record: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
