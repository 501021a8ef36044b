/** What is current in an environment around a release: what it calls, what calls it, and all that shares its machines. */
import { type Kysely, sql } from 'kysely';
import type { Spec } from '../domain/release.ts';
import { type Party, partyOf } from '../domain/trains/contract.ts';
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
    /** Of what is current there: the components that are named, and those that require something of `component`. */
    async around(environment: string, component: string, names: readonly string[]): Promise<readonly Party[]> {
      const rows = await currentIn(environment)
        .select(['release.component', 'release.version', 'release.digest', 'release.spec'])
        .where((where) =>
          where.or([
            where('release.component', 'in', [component, ...names]),
            sql<boolean>`release.spec -> 'requires' @> ${JSON.stringify([{ component }])}::jsonb`,
          ]),
        )
        .orderBy('release.component')
        .execute();
      return rows.map(partyOf);
    },
    /** All that is current there. */
    async parties(environment: string): Promise<readonly Party[]> {
      const rows = await currentIn(environment)
        .select(['release.component', 'release.version', 'release.digest', 'release.spec'])
        .execute();
      return rows.map(partyOf);
    },
  };
}
export type NeighbourStore = ReturnType<typeof neighbourStore>;
