/** Changes: the record of every production deployment, made of facts. */
import { type Static, Type } from 'typebox';
import { Digest, LedgerSchema, PlanSchema, StoreyName } from './api-schema.ts';
import { criticalities } from './calendar-schema.ts';
import { WaitsForSchema } from './hold-schema.ts';
import { Nullable, oneOf, strictly, Time } from './schema-words.ts';

const Text = Type.String();
const Texts = Type.Array(Text);

export const ChangeStateName = oneOf(['new', 'assessed', 'authorised', 'scheduled', 'implementing', 'reviewing', 'closed', 'cancelled']);
export const ChangeKindName = oneOf(['standard', 'normal', 'emergency']);
const Criticality = oneOf(criticalities);
const Severity = oneOf(['critical', 'high', 'medium', 'low']);

const ReadCommitSchema = strictly({
  id: Text,
  topic: oneOf(['feature', 'fix', 'performance', 'security', 'other']),
  scope: Nullable(Text),
  title: Text,
  breaking: Type.Boolean(),
  tickets: Texts,
  author: Text,
  at: Time,
});

const VulnerabilitySchema = strictly({ id: Text, severity: Severity, package: Text });

export const DeltaSchema = strictly({
  direction: oneOf(['forward', 'back']),
  commits: Type.Array(ReadCommitSchema),
  tickets: Texts,
  layers: Type.Array(strictly({ storey: StoreyName, added: Type.Integer(), removed: Type.Integer(), addedBytes: Type.Integer() })),
  configuration: Type.Array(
    strictly({
      name: Text,
      origin: oneOf(['variable', 'file', 'secret', 'setting']),
      change: oneOf(['added', 'removed', 'changed']),
      before: Nullable(Type.String({ description: 'Null where it is absent, or is or may be secret.' })),
      after: Nullable(Text),
    }),
  ),
  packages: Type.Optional(
    strictly({
      known: Type.Boolean({ description: 'Whether both images were looked into.' }),
      count: Type.Integer({ description: 'How many packages differ; at most 200 of them are listed.' }),
      changes: Type.Array(strictly({ package: Text, before: Nullable(Text), after: Nullable(Text) })),
    }),
  ),
  vulnerabilities: strictly({
    scanned: Type.Boolean({ description: 'Whether both releases were scanned.' }),
    added: Type.Array(VulnerabilitySchema),
    removed: Type.Array(VulnerabilitySchema),
  }),
});

const Evidence = Type.Array(strictly({ kind: Text, outcome: Text, summary: Text, recordedAt: Time }));
const WayBack = strictly({ version: Nullable(Text), steps: Texts, proof: oneOf(['rehearsed', 'available', 'none']), reason: Text });

/** A plan with what it brings, what is known of the release, and whether one could come back. */
export const ShownPlanSchema = strictly({
  ...PlanSchema.properties,
  ...{ delta: DeltaSchema, evidence: Evidence, rollback: WayBack },
  waitsFor: WaitsForSchema,
});
export type ShownPlanView = Static<typeof ShownPlanSchema>;

const ChangeFactsSchema = strictly({
  component: Text,
  system: Text,
  team: Nullable(Text),
  criticality: Criticality,
  environment: Text,
  version: Text,
  releaseDigest: Digest,
  image: Text,
  formerVersion: Nullable(Text),
  purpose: oneOf(['deploy', 'rollback']),
  incident: Nullable(Text),
  requestedBy: Text,
  conditions: Type.Array(strictly({ name: Text, met: Type.Boolean(), reason: Text }), {
    description: 'What must be so for the change to be pre-authorised, as a standard one.',
  }),
  delta: DeltaSchema,
  neighbours: Type.Array(strictly({ component: Text, system: Text, criticality: Criticality, distance: Type.Integer() }), {
    description: 'The blast radius: what depends on it, the nearest first.',
  }),
  risk: strictly({
    level: oneOf(['low', 'medium', 'high']),
    points: Type.Integer(),
    reasons: Type.Array(strictly({ points: Type.Integer(), reason: Text })),
  }),
  plan: strictly({ hash: Digest, steps: Texts }),
  rollback: WayBack,
  verifications: Type.Array(strictly({ environment: Text, deployment: Text, at: Time })),
  evidence: Evidence,
  approvals: Type.Array(strictly({ who: Text, decision: oneOf(['approved', 'rejected']), at: Time, reason: Nullable(Text) })),
  override: Nullable(strictly({ id: Text, reason: Text, requestedBy: Text, approvedBy: Nullable(Text) })),
  verdicts: Type.Array(strictly({ gate: Text, verdict: Text, reason: Text })),
  conflicts: Type.Array(strictly({ change: Text, component: Text, version: Text, relation: Text })),
});

export const ChangeSchema = strictly({
  id: Text,
  deployment: Text,
  kind: ChangeKindName,
  state: ChangeStateName,
  closure: Nullable(oneOf(['successful', 'unsuccessful', 'backed-out'])),
  note: Nullable(Text),
  facts: ChangeFactsSchema,
  times: Type.Record(Text, Time, { description: 'When it came into each of its states.' }),
  ledger: Nullable(LedgerSchema),
  review: Nullable(strictly({ by: Text, at: Time, note: Text })),
  reviewDue: Type.Boolean({ description: 'Whether somebody still has to look back at it.' }),
  openedBy: Text,
  openedAt: Time,
  closedAt: Nullable(Time),
});
export type ChangeView = Static<typeof ChangeSchema>;

const May = strictly({
  allowed: Type.Boolean(),
  code: Nullable(oneOf(['own-change', 'nobody-decides', 'has-ended'])),
  reason: Nullable(Type.String({ description: 'The sentence of the code.' })),
});
/** One change with what the caller may do with it. */
export const ShownChangeSchema = strictly({
  ...ChangeSchema.properties,
  can: strictly({ decide: May, cancel: May }),
});
export type ShownChangeView = Static<typeof ShownChangeSchema>;

export const ReviewRequestSchema = strictly({ note: Type.String({ minLength: 1, maxLength: 4000 }) });

export const ChangeDecisionSchema = strictly({
  planHash: Type.String({ ...Digest, description: 'Of the plan that was looked at: `facts.plan.hash`. Another one by now is refused.' }),
  reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'Why, in a sentence; it is kept.' })),
});
export const ChangeCancellationSchema = strictly({
  reason: Type.String({ minLength: 1, maxLength: 500, description: 'Why, in a sentence; it is kept.' }),
});
