/** What was found in the images of releases, with which keys it was signed, and when the signatures were last verified. */
import type { Kysely, Transaction } from 'kysely';
import type { Evidence } from '../domain/evidence.ts';
import type { ImageFacts, ImagePackage } from '../domain/image.ts';
import { namePurl } from '../domain/purl.ts';
import { insertEvidence } from './evidence.ts';
import type { Tables } from './tables.ts';

export type StandingOn = { readonly name: string; readonly number: number; readonly image: string; readonly vendor: string };

/** Everything that a registration finds out about a release besides its content. */
export type Proof = {
  readonly facts: ImageFacts;
  /** The socle whose layers the image begins with. */
  readonly socle: StandingOn | null;
  readonly packages: readonly ImagePackage[];
  /** `sha256:…` over the packages. */
  readonly packagesDigest: string;
  readonly key: { readonly hint: string; readonly publicKey: string };
  readonly evidence: readonly Evidence[];
};

/** Six parameters a row stay below PostgreSQL's 65,535. */
const rowsAtOnce = 5_000;

export function attestationStore(kysely: Kysely<Tables>) {
  return {
    /** Null for a release whose image nobody looked into. */
    async facts(releaseDigest: string): Promise<{ readonly facts: ImageFacts; readonly socle: StandingOn | null } | null> {
      const row = await kysely
        .selectFrom('image_facts')
        .select(['facts', 'socle'])
        .where('release_digest', '=', releaseDigest)
        .executeTakeFirst();
      return row ?? null;
    },
    /** By hint. */
    async keys(): Promise<ReadonlyMap<string, string>> {
      const rows = await kysely.selectFrom('signing_key').select(['hint', 'public_key']).execute();
      return new Map(rows.map((row) => [row.hint, row.public_key]));
    },
    async lastCheck(releaseDigest: string): Promise<string | null> {
      const row = await kysely
        .selectFrom('signature_check')
        .select('checked_at')
        .where('release_digest', '=', releaseDigest)
        .executeTakeFirst();
      return row?.checked_at ?? null;
    },
    async recordCheck(releaseDigest: string, at: string): Promise<void> {
      await kysely
        .insertInto('signature_check')
        .values({ release_digest: releaseDigest, checked_at: at })
        .onConflict((conflict) => conflict.column('release_digest').doUpdateSet({ checked_at: at }))
        .execute();
    },
  };
}
export type AttestationStore = ReturnType<typeof attestationStore>;

/** Keeps a proof in the transaction that inserts its release. */
export async function insertProof(transaction: Transaction<Tables>, releaseDigest: string, proof: Proof, at: string): Promise<void> {
  await insertPackages(transaction, proof);
  const { facts, socle, key, packagesDigest } = proof;
  await transaction
    .insertInto('image_facts')
    .values({
      ...{ release_digest: releaseDigest, facts: JSON.stringify(facts), packages: packagesDigest },
      socle: socle === null ? null : JSON.stringify(socle),
    })
    .execute();
  await transaction
    .insertInto('signing_key')
    .values({ hint: key.hint, public_key: key.publicKey, known_since: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await transaction.insertInto('signature_check').values({ release_digest: releaseDigest, checked_at: at }).execute();
  for (const evidence of proof.evidence) await insertEvidence(transaction, evidence);
}

async function insertPackages(transaction: Transaction<Tables>, { packages, packagesDigest }: Proof): Promise<void> {
  const inserted = await transaction
    .insertInto('package_list')
    .values({ digest: packagesDigest })
    .onConflict((conflict) => conflict.doNothing())
    .returning('digest')
    .executeTakeFirst();
  if (inserted === undefined) return;
  const rows = packages.map(({ purl, storey, layer }) => ({ list: packagesDigest, purl, ...namePurl(purl), storey, layer }));
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await transaction
      .insertInto('package')
      .values(rows.slice(from, from + rowsAtOnce))
      .execute();
  }
}
