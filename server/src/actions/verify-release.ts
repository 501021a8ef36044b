/** Verifies what this platform signed about a release: the registry may have been changed by others since. */
import { type AttestationKind, bundleMediaType, predicateTypes, readBundle, signedBytes } from '../domain/attestation.ts';
import { digestIn } from '../domain/image.ts';
import type { Release } from '../domain/release.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';

/** One statement about an image whose signature was verified. */
export type Attested = {
  readonly kind: AttestationKind;
  /** Of the manifest that holds it. */
  readonly digest: string;
  readonly predicate: unknown;
  /** The release digest that a provenance speaks of; null for others. */
  readonly speaksOf: string | null;
};

type Named = Pick<Release, 'digest' | 'image'>;

const kinds = Object.keys(predicateTypes) as readonly AttestationKind[];

/**
 * Throws `signature-missing` when anything of a release is not signed by a key of this platform, `registry-failed` when the registry does
 * not answer; what was verified is remembered.
 */
export async function verifyRelease(context: Context, release: Named): Promise<readonly Attested[]> {
  const attested = verified(release, await attestedOf(context, release.image, await context.store.attestations.keys()));
  await context.store.attestations.recordCheck(release.digest, stamp(context.now()));
  return attested;
}

/** The statements about an image in the registry that one of the keys signed. */
export async function attestedOf(context: Context, image: string, keys: ReadonlyMap<string, string>): Promise<readonly Attested[]> {
  return attestedIn(context, image, keys, await context.registry.attached(image, bundleMediaType));
}

/** The statements about an image, among some documents, that one of the keys signed. Others may attach what they like. */
export function attestedIn(
  context: Context,
  image: string,
  keys: ReadonlyMap<string, string>,
  documents: readonly { readonly content: Uint8Array; readonly digest: string }[],
): readonly Attested[] {
  return documents.flatMap(({ content, digest }) => {
    const bundle = readBundle(content);
    const key = bundle === null ? undefined : keys.get(bundle.hint);
    if (bundle === null || key === undefined) return [];
    const kind = kinds.find((one) => predicateTypes[one] === bundle.statement.predicateType);
    if (kind === undefined || !bundle.statement.digests.includes(digestIn(image))) return [];
    if (!context.signer.verify(key, signedBytes(bundle.payload), bundle.signature)) return [];
    const { predicate } = bundle.statement;
    return [{ kind, digest, predicate, speaksOf: kind === 'provenance' ? invocationIn(predicate) : null }];
  });
}

/** One statement of each kind, those of this release; throws `signature-missing`. */
export function verified(release: Named, attested: readonly Attested[]): readonly Attested[] {
  return kinds.map((kind) => {
    const same = attested.filter((one) => one.kind === kind);
    const found = same.find(({ speaksOf }) => speaksOf === null || speaksOf === release.digest);
    if (found !== undefined) return found;
    const problem = same.length === 0 ? 'nothing valid is attached to it' : `what is attached speaks of another release`;
    throw new BelugaError('signature-missing', { kind, image: release.image, problem });
  });
}

function invocationIn(predicate: unknown): string | null {
  const { runDetails } = (predicate ?? {}) as { readonly runDetails?: { readonly metadata?: { readonly invocationId?: unknown } } };
  const id = runDetails?.metadata?.invocationId;
  return typeof id === 'string' ? id : null;
}
