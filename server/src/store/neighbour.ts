/** What is current in an environment around a release: what it calls, what calls it, and all that shares its machines. */
import { type Kysely, sql } from 'kysely';
import type { Spec } from '../domain/release.ts';
import type { Tables } from './tables.ts';

export function neighbourStore(kysely: Kysely<Tables>) {
  const currentIn = (environment: string) =>
    kysely
      .selectFrom('current_release')
      .innerJoin('release', 'release.digest', 'current_release.release_digest')
      .where('current_release.environment', '=', environment);
  return {
    async specs(environment: string): Promise<readonly Spec[]> {
      return (await currentIn(environment).select('release.spec').execute()).map(({ spec }) => spec);
    },
    /** The current version of each component that has one. */
    async versions(environment: string, components: readonly string[]): Promise<ReadonlyMap<string, string>> {
      if (components.length === 0) return new Map();
      const rows = await currentIn(environment)
        .select(['release.component', 'release.version'])
        .where('release.component', 'in', [...components])
        .execute();
      return new Map(rows.map(({ component, version }) => [component, version]));
    },
    /** Those that name the versions of `component` which they can work with. */
    async dependents(environment: string, component: string) {
      const rows = await currentIn(environment)
        .select(['release.component', 'release.version'])
        .select(sql<string>`release.spec -> 'needs' ->> ${component}`.as('range'))
        .where(sql<boolean>`release.spec -> 'needs' ? ${component}`)
        .where('release.component', '<>', component)
        .orderBy('release.component')
        .execute();
      return rows;
    },
  };
}
export type NeighbourStore = ReturnType<typeof neighbourStore>;
