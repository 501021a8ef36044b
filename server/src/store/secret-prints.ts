/** The keyed fingerprints of the secrets that a deployment was made with; never a value, never a plain hash. */
import type { Kysely } from 'kysely';
import type { SecretPrints } from '../domain/secret-prints.ts';
import type { Tables } from './tables.ts';

export type Installed = {
  readonly component: string;
  readonly environment: string;
  readonly releaseDigest: string;
  readonly prints: SecretPrints;
};

export function secretPrintStore(kysely: Kysely<Tables>) {
  const of = async (deploymentId: string): Promise<SecretPrints | null> => {
    const row = await kysely.selectFrom('secret_prints').select('prints').where('deployment_id', '=', deploymentId).executeTakeFirst();
    return row?.prints ?? null;
  };
  return {
    of,

    /** The first to know them is right: whoever carries the deployment on makes the same instances. */
    async keep(deploymentId: string, prints: SecretPrints): Promise<SecretPrints> {
      await kysely
        .insertInto('secret_prints')
        .values({ deployment_id: deploymentId, prints: JSON.stringify(prints) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return (await of(deploymentId)) ?? prints;
    },

    /** Of what is current and has secrets. */
    async installed(): Promise<readonly Installed[]> {
      const rows = await kysely
        .selectFrom('current_release')
        .innerJoin('secret_prints', 'secret_prints.deployment_id', 'current_release.deployment_id')
        .select(['component', 'environment', 'release_digest', 'prints'])
        .execute();
      return rows.map(({ release_digest: releaseDigest, ...row }) => ({ ...row, releaseDigest }));
    },

    /** Of the newest deployment to a place that got as far as its secrets. */
    async lastTried(component: string, environment: string): Promise<SecretPrints | null> {
      const row = await kysely
        .selectFrom('deployment')
        .innerJoin('secret_prints', 'secret_prints.deployment_id', 'deployment.id')
        .select('prints')
        .where('component', '=', component)
        .where('environment', '=', environment)
        .orderBy('requested_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.prints ?? null;
    },
  };
}
export type SecretPrintStore = ReturnType<typeof secretPrintStore>;
