/** Evidence in the HTTP interface: facts about a release, and what they found. */
import { type Static, Type } from 'typebox';
import { Digest, StoreyName } from './api-schema.ts';
import { Nullable, strictly, Time } from './schema-words.ts';

const Storey = Nullable(StoreyName);
const Outcome = Type.Enum(['passed', 'failed']);

export const FindingSchema = strictly({
  id: Type.String({ minLength: 1, maxLength: 200, description: 'As its source names it: CVE-2026-1234, a rule.' }),
  severity: Type.Enum(['critical', 'high', 'medium', 'low']),
  package: Type.String({ minLength: 1, maxLength: 500, description: 'The package URL where there is one, else a name or a file.' }),
  storey: Storey,
});
export type FindingView = Static<typeof FindingSchema>;

export const EvidenceRequestSchema = strictly({
  kind: Type.Enum(['tests', 'quality', 'performance', 'scan'], {
    description: 'SBOM, provenance and signature are made by the platform itself.',
  }),
  outcome: Outcome,
  summary: Type.String({ minLength: 1, maxLength: 500, description: 'One line for people.' }),
  findings: Type.Optional(Type.Array(FindingSchema, { maxItems: 5_000 })),
  digest: Type.Optional(Digest),
  expiresAt: Type.Optional(Time),
});
export type EvidenceRequest = Static<typeof EvidenceRequestSchema>;

export const EvidenceSchema = strictly({
  id: Type.String(),
  releaseDigest: Digest,
  kind: Type.Enum(['tests', 'quality', 'performance', 'scan', 'sbom', 'provenance', 'signature']),
  outcome: Outcome,
  summary: Type.String(),
  findings: Type.Array(FindingSchema),
  digest: Type.Union([Digest, Type.Null()]),
  recordedBy: Type.String(),
  recordedAt: Time,
  expiresAt: Type.Union([Time, Type.Null()]),
});
export type EvidenceView = Static<typeof EvidenceSchema>;

/** Four rules, each computed from the layers of the image; null for a release whose image nobody looked into. */
export const ComplianceSchema = strictly({
  met: Type.Union([Type.Boolean(), Type.Null()]),
  rules: Type.Array(strictly({ rule: Type.Enum(['socle', 'user', 'privileged', 'port']), met: Type.Boolean(), sentence: Type.String() })),
});
export type ComplianceView = Static<typeof ComplianceSchema>;

export const ExposureSchema = strictly({
  component: Type.String(),
  system: Type.String(),
  environment: Type.String(),
  version: Type.String(),
  package: Type.String(),
  storey: Storey,
  severity: Type.Union([Type.Enum(['critical', 'high', 'medium', 'low']), Type.Null()]),
  basis: Type.Enum(['scan', 'package'], {
    description: 'scan: the newest scan of this release found it; package: it holds a package that has it.',
  }),
});
export type ExposureView = Static<typeof ExposureSchema>;

export const SigningKeySchema = strictly({ hint: Type.String(), publicKey: Type.String({ description: 'PEM.' }) });
export type SigningKeyView = Static<typeof SigningKeySchema>;
