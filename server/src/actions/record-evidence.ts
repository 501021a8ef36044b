/** Records a fact that somebody brings about a release. */
import type { Evidence, EvidenceKind, EvidenceOutcome, Finding } from '../domain/evidence.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findRelease } from './find-release.ts';
import { revokeOnEvidence } from './revoke-verification.ts';

export type { Evidence };
export type EvidenceWish = {
  readonly component: string;
  readonly version: string;
  readonly kind: EvidenceKind;
  readonly outcome: EvidenceOutcome;
  readonly summary: string;
  readonly findings?: readonly Finding[];
  readonly digest?: string;
  readonly expiresAt?: string;
};

/** Throws `evidence-expired` for what has expired already. */
export async function recordEvidence(context: Context, who: string, wish: EvidenceWish): Promise<Evidence> {
  const { component, version, kind, outcome, summary, findings = [], digest = null } = wish;
  const release = await findRelease(context, component, version);
  const now = context.now();
  const expiresAt = wish.expiresAt === undefined ? null : Temporal.Instant.from(wish.expiresAt);
  if (expiresAt !== null && Temporal.Instant.compare(expiresAt, now) <= 0)
    throw new BelugaError('evidence-expired', { expiresAt: stamp(expiresAt) });
  const evidence: Evidence = {
    ...{ id: context.newId('evi'), releaseDigest: release.digest, kind, outcome, summary, findings, digest },
    ...{ recordedBy: who, recordedAt: stamp(now), expiresAt: expiresAt === null ? null : stamp(expiresAt) },
  };
  await context.store.evidence.record(evidence, `release/${component}@${version}`);
  await revokeOnEvidence(context, release, evidence);
  return evidence;
}

/** Everything recorded about a release, the newest first. */
export async function listEvidence(context: Context, named: { component: string; version: string }): Promise<readonly Evidence[]> {
  const release = await findRelease(context, named.component, named.version);
  return context.store.evidence.of(release.digest);
}
