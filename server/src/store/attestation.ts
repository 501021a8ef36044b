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

export type Proven = { readonly releaseDigest: string; readonly proof: Proof };

/** Keeps the proofs of releases, one each, in the transaction that inserts them. */
export async function insertProofs(transaction: Transaction<Tables>, proven: readonly Proven[], at: string): Promise<void> {
  if (proven.length === 0) return;
  await insertPackages(transaction, proven);
  const facts = proven.map(({ releaseDigest, proof: { facts, socle, packagesDigest } }) => ({
    ...{ release_digest: releaseDigest, facts: JSON.stringify(facts), packages: packagesDigest },
    socle: socle === null ? null : JSON.stringify(socle),
  }));
  await transaction.insertInto('image_facts').values(facts).execute();
  const keys = new Map(proven.map(({ proof: { key } }) => [key.hint, key.publicKey]));
  await transaction
    .insertInto('signing_key')
    .values([...keys].map(([hint, public_key]) => ({ hint, public_key, known_since: at })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const checks = proven.map(({ releaseDigest }) => ({ release_digest: releaseDigest, checked_at: at }));
  await transaction.insertInto('signature_check').values(checks).execute();
  await insertEvidence(
    transaction,
    proven.flatMap(({ proof }) => proof.evidence),
  );
}

/** A list that others have too is kept once; in one order, so that two who bring the same lists never wait for each other in a circle. */
async function insertPackages(transaction: Transaction<Tables>, proven: readonly Proven[]): Promise<void> {
  const lists = new Map(proven.map(({ proof }) => [proof.packagesDigest, proof.packages]));
  const inserted = await transaction
    .insertInto('package_list')
    .values([...lists.keys()].toSorted().map((digest) => ({ digest })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('digest')
    .execute();
  const rows = inserted.flatMap(({ digest: list }) =>
    (lists.get(list) ?? []).map(({ purl, storey, layer }) => ({ list, purl, ...namePurl(purl), storey, layer })),
  );
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await transaction
      .insertInto('package')
      .values(rows.slice(from, from + rowsAtOnce))
      .execute();
  }
}
