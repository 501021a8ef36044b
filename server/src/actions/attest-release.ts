/**
 * Looks into the image of a release, and vouches for it: signature, SBOM and provenance, signed with the key of the platform, attached to
 * the image, and verified with the public key.
 */
import { type Attestation, annotationsOf, bundleMediaType, bundleOf, signedBytes, statementOf } from '../domain/attestation.ts';
import { socleBelow } from '../domain/compliance.ts';
import type { Evidence } from '../domain/evidence.ts';
import { digestIn, type ImageSurvey } from '../domain/image.ts';
import { provenanceOf } from '../domain/provenance.ts';
import type { Release } from '../domain/release.ts';
import type { SocleVersion } from '../domain/socle.ts';
import { stamp } from '../domain/stamp.ts';
import { canonical } from '../domain/workload.ts';
import type { Proof, StandingOn } from '../store/attestation.ts';
import type { Context } from './context.ts';
import { type Attested, attestedIn, attestedOf, verified } from './verify-release.ts';

/** What releases that are registered together are looked at by, read once for all of them. */
export type Grounds = { readonly socles: readonly SocleVersion[]; readonly key: Proof['key'] };

/** Throws `signing-key` and `signer-unreachable`. */
export async function readGrounds(context: Context): Promise<Grounds> {
  const [socles, publicKey] = await Promise.all([context.store.socles.versions(), context.signer.publicKey()]);
  return { socles, key: { hint: context.signer.hintOf(publicKey), publicKey } };
}

/** Throws `registry-failed`, `image-unreadable`, `signing-key`, `signer-unreachable` and `signature-missing`; attached twice is attached once. */
export async function attestRelease(context: Context, release: Release, { socles, key }: Grounds): Promise<Proof> {
  const survey = await context.registry.survey(release.image);
  const socle = await socleOf(context, socles, survey.diffIds);
  const keys = new Map([[key.hint, key.publicKey]]);
  const at = stamp(context.now());
  const wanted: readonly Attestation[] = [
    { kind: 'signature', predicate: {} },
    { kind: 'sbom', predicate: survey.sbom },
    { kind: 'provenance', predicate: provenanceOf({ release, socle, version: context.version, at }) },
  ];
  const present = await attestedOf(context, release.image, keys);
  const missing = wanted.filter((attestation) => !isThere(release, attestation, present));
  const made = await attachSigned(context, release.image, missing, key.hint);
  const attested = verified(release, [...present, ...attestedIn(context, release.image, keys, made)]);
  const { packages, sbom: _sbom, ...facts } = survey;
  const packagesDigest = context.hash(canonical(packages));
  return { facts, socle, packages, packagesDigest, key, evidence: attested.map((one) => evidenceOf(context, release, survey, one, at)) };
}

/** Signatures are never the same twice: what an attempt before this one has attached is kept. */
function isThere(release: Release, { kind, predicate }: Attestation, present: readonly Attested[]): boolean {
  const same = present.filter((one) => one.kind === kind);
  if (kind === 'provenance') return same.some((one) => one.speaksOf === release.digest);
  return same.some((one) => canonical(one.predicate) === canonical(predicate));
}

async function attachSigned(context: Context, image: string, attestations: readonly Attestation[], hint: string) {
  const documents = await Promise.all(
    attestations.map(async (attestation) => {
      const payload = statementOf(digestIn(image), attestation);
      const content = bundleOf(payload, await context.signer.sign(signedBytes(payload)), hint);
      return { artifactType: bundleMediaType, annotations: annotationsOf(attestation.kind), content };
    }),
  );
  const digests = await context.registry.attach(image, documents);
  return documents.map(({ content }, index) => ({ content, digest: digests[index] ?? '' }));
}

/** The socle whose layers an image begins with. */
async function socleOf(context: Context, socles: readonly SocleVersion[], diffIds: readonly string[]): Promise<StandingOn | null> {
  const known = await Promise.all(socles.map(async (socle) => ({ ...socle, diffIds: await layersOf(context, socle.image) })));
  const found = socleBelow(diffIds, known);
  return found === null ? null : { name: found.name, number: found.number, image: found.image, vendor: found.vendor };
}

/** A socle whose image is gone is one that nothing new can be known to stand on. */
async function layersOf(context: Context, image: string): Promise<readonly string[]> {
  try {
    return await context.registry.diffIds(image);
  } catch (error) {
    context.log.warn({ image, error: String(error) }, 'the layers of a socle could not be read');
    return [];
  }
}

function evidenceOf(context: Context, release: Release, survey: ImageSurvey, { kind, digest }: Attested, at: string): Evidence {
  const { outcome, summary } = kind === 'sbom' ? sbomOutcome(survey) : { outcome: 'passed' as const, summary: summaries[kind] };
  return {
    ...{ id: context.newId('evi'), releaseDigest: release.digest, kind, outcome, summary, findings: [], digest },
    ...{ recordedBy: 'beluga', recordedAt: at, expiresAt: null },
  };
}

const summaries = {
  signature: 'image signed by this platform, and verified',
  provenance: 'SLSA provenance of the build, signed',
} as const;

/** A list of packages that may miss some does not pass for one. */
function sbomOutcome({ packages, problems }: ImageSurvey): Pick<Evidence, 'outcome' | 'summary'> {
  const counted = `${packages.length} package${packages.length === 1 ? '' : 's'}`;
  if (problems.length === 0) return { outcome: 'passed', summary: `CycloneDX 1.6, ${counted}` };
  const [first = ''] = problems;
  const more = problems.length > 1 ? ` and ${problems.length - 1} more` : '';
  return { outcome: 'failed', summary: `CycloneDX 1.6, ${counted}, incomplete: ${first}${more}`.slice(0, 500) };
}
