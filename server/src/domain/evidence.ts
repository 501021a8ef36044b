/**
 * Evidence: a fact about a release, recorded once and never changed; what gates and people look at instead of promises.
 *
 * Tests, quality, performance and scans are brought by whoever ran them; SBOM, provenance and signature are made by the platform.
 */
import type { Storey } from './release.ts';

export type EvidenceKind = 'tests' | 'quality' | 'performance' | 'scan' | 'sbom' | 'provenance' | 'signature';
export type EvidenceOutcome = 'passed' | 'failed';
export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** One thing that was found: a vulnerability, a broken rule. */
export type Finding = {
  /** As its source names it: `CVE-2026-1234`, `GHSA-…`, a rule. */
  readonly id: string;
  readonly severity: Severity;
  /** The package URL where there is one, otherwise the name or the file. */
  readonly package: string;
  /** The storey of the image it stands in; null where the report does not say. */
  readonly storey: Storey | null;
};

export type Evidence = {
  readonly id: string;
  readonly releaseDigest: string;
  readonly kind: EvidenceKind;
  readonly outcome: EvidenceOutcome;
  /** One line for people: "128 tests passed". */
  readonly summary: string;
  readonly findings: readonly Finding[];
  /** Of the document behind it, as it was read or as the registry holds it; null without one. */
  readonly digest: string | null;
  readonly recordedBy: string;
  /** RFC 3339. */
  readonly recordedAt: string;
  /** RFC 3339: from then on it proves nothing; null when it does not age. */
  readonly expiresAt: string | null;
};
