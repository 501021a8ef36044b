/**
 * The nouns of the HTTP interface, as JSON Schemas and the types read from them.
 *
 * Times are RFC 3339 strings in UTC, durations and sizes carry their unit in their name, digests are `sha256:<64 hex>`.
 */
import { type Static, Type } from 'typebox';
import { HoldsSchema, WaitsForSchema } from './hold-schema.ts';
import { ManifestSchema } from './manifest-schema.ts';
import { Nullable, oneOf, strictly, Time } from './schema-words.ts';
import { InstanceTraffic, TrafficShareSchema } from './traffic-schema.ts';

export const Digest = Type.String({ pattern: '^sha256:[0-9a-f]{64}$' });
export const EnvironmentName = Type.String({ pattern: '^[a-z][a-z0-9-]{0,38}$' });
export const ComponentName = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' });
export const Version = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$',
  description: 'At most 128 letters, digits, dots, hyphens, underscores and plus signs; it never moves.',
});

export const Identifier = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$' });
export const SocleName = Type.String({ pattern: '^[a-z][a-z0-9.-]{0,39}$' });

export const HealthSchema = strictly({ status: Type.Literal('up'), version: Type.String() });
export type HealthView = Static<typeof HealthSchema>;

/** RFC 9457 problem details; `code` is stable and listed in docs/errors.md. */
export const ProblemSchema = strictly({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'One sentence: what is wrong and where.' }),
  code: Type.String(),
  remedy: Type.String({ description: 'What to do about it.' }),
  retry: Type.Boolean({ description: 'Whether the same request may succeed later.' }),
  errors: Type.Optional(
    Type.Array(strictly({ path: Type.String(), problem: Type.String(), remedy: Type.String() }), {
      description: 'Every part of the request that is wrong, when there are several.',
    }),
  ),
  log: Type.Optional(Type.Array(Type.String(), { description: 'The last lines of the instance concerned.' })),
});
export type Problem = Static<typeof ProblemSchema>;

/** Terminal are succeeded, rolled-back, failed, refused and cancelled: the same words in API, CLI, console and notifications. */
export const DeploymentState = oneOf(['waiting', 'running', 'succeeded', 'rolled-back', 'failed', 'refused', 'cancelled']);
export type DeploymentStateName = Static<typeof DeploymentState>;

export const CommitSchema = strictly({
  id: Type.String(),
  branch: Nullable(Type.String()),
  subject: Type.String(),
  author: Type.String(),
  at: Time,
});

export const ComponentSchema = strictly({
  ...{ name: Type.String(), system: Type.String(), kind: oneOf(['Service', 'Job']), createdAt: Time },
  dependsOn: Type.Array(Type.String(), { description: 'What its newest release needs.' }),
});
export type ComponentView = Static<typeof ComponentSchema>;

export const StoreyName = oneOf(['vendor', 'socle', 'dependencies', 'application']);
export const LayerSchema = strictly({
  digest: Digest,
  sizeBytes: Type.Integer(),
  storey: StoreyName,
});

/** A commit that came in since the release before. */
const CommitMessageSchema = strictly({
  id: Type.String({ maxLength: 100 }),
  subject: Type.String({ maxLength: 1000 }),
  body: Nullable(Type.String({ maxLength: 4000 })),
  author: Type.String({ maxLength: 200 }),
  at: Time,
});

export const ReleaseRequestSchema = strictly({
  manifest: ManifestSchema,
  version: Version,
  image: Type.String({ pattern: '@sha256:[0-9a-f]{64}$', description: 'registry/name@sha256:…' }),
  layers: Type.Array(LayerSchema),
  commit: Nullable(CommitSchema),
  commits: Type.Optional(
    Type.Array(CommitMessageSchema, {
      maxItems: 500,
      description: 'What came in since the release before; the commit alone unless said.',
    }),
  ),
});
export type ReleaseRequest = Static<typeof ReleaseRequestSchema>;

export const ReleaseSchema = strictly({
  component: Type.String(),
  system: Type.String(),
  kind: oneOf(['Service', 'Job']),
  version: Type.String(),
  digest: Digest,
  image: Type.String(),
  layers: Type.Array(LayerSchema),
  commit: Nullable(CommitSchema),
  createdAt: Time,
  createdBy: Type.String(),
});
export type ReleaseView = Static<typeof ReleaseSchema>;

const measured = {
  sent: Type.Integer(),
  failed: Type.Integer(),
  failures: Type.Record(Type.String(), Type.Integer(), { description: 'Failed requests by kind: refused, reset, timeout, status-5xx.' }),
  longestGapMs: Type.Integer({ description: 'The longest time between two answers.' }),
  p50Ms: Type.Number(),
  p99Ms: Type.Number(),
};

/** What was measured on the address of a component while it was being installed, and what the router counted of everybody's requests. */
export const LedgerSchema = strictly({
  ...measured,
  phases: Type.Optional(
    strictly({
      before: Type.Optional(strictly(measured)),
      during: Type.Optional(strictly(measured)),
      after: Type.Optional(strictly(measured)),
    }),
  ),
  router: Type.Optional(
    strictly({
      requests: Type.Integer(),
      failed: Type.Integer(),
      failures: Type.Record(Type.String(), Type.Integer(), { description: 'By kind: status-5xx, connect, response.' }),
    }),
  ),
});
export type LedgerView = Static<typeof LedgerSchema>;

export const VerdictSchema = strictly({
  gate: Type.String(),
  verdict: oneOf(['open', 'closed', 'waiting']),
  reason: Type.String(),
  remedy: Nullable(Type.String()),
  who: Nullable(Type.String({ description: 'Who can do it.' })),
  opensAt: Nullable(Time),
});
export type VerdictView = Static<typeof VerdictSchema>;

export const StepSchema = strictly({
  ordinal: Type.Integer(),
  kind: oneOf(['pull', 'start', 'ready', 'check', 'weigh', 'analyse', 'shift', 'drain', 'stop', 'schedule']),
  purpose: oneOf(['forward', 'undo']),
  sentence: Type.String({ description: 'What it does, for people.' }),
  state: oneOf(['planned', 'running', 'done', 'failed', 'skipped']),
  startedAt: Nullable(Time),
  endedAt: Nullable(Time),
});

export const DeploymentSchema = strictly({
  id: Type.String(),
  component: Type.String(),
  environment: Type.String(),
  version: Type.String(),
  releaseDigest: Digest,
  image: Type.String(),
  purpose: oneOf(['deploy', 'rollback']),
  formerVersion: Nullable(Type.String()),
  state: DeploymentState,
  reason: Nullable(Type.String()),
  verdicts: Type.Array(VerdictSchema),
  waitsFor: WaitsForSchema,
  holds: HoldsSchema,
  steps: Type.Array(StepSchema),
  traffic: TrafficShareSchema,
  ledger: Nullable(LedgerSchema),
  log: Type.Array(Type.String(), { description: 'The last lines of the instance that failed.' }),
  incident: Nullable(Type.String({ description: 'The incident that it mends.' })),
  override: Nullable(Type.String({ description: 'The override that it was to start with.' })),
  requestedBy: Type.String(),
  requestedAt: Time,
  startedAt: Nullable(Time),
  endedAt: Nullable(Time),
});
export type DeploymentView = Static<typeof DeploymentSchema>;

export const IncidentReference = Type.String({
  pattern: '^[A-Za-z][A-Za-z0-9_-]{1,62}[0-9]$',
  description: 'The incident that it mends, such as INC0012345. The calendar does not hold it up.',
});
export const DeploymentRequestSchema = strictly({
  component: ComponentName,
  environment: EnvironmentName,
  version: Version,
  incident: Type.Optional(IncidentReference),
  waitForGates: Type.Optional(
    Type.Boolean({ description: 'Waits for gates that time opens and for the approval of its plan, in place of being refused.' }),
  ),
  replaceSoaking: Type.Optional(Type.Boolean({ description: 'Takes the place of a release that proves itself there.' })),
});
export const RollbackRequestSchema = strictly({
  component: ComponentName,
  environment: EnvironmentName,
  incident: Type.Optional(IncidentReference),
  version: Type.Optional(Version),
});

export const PlanSchema = strictly({
  component: Type.String(),
  environment: Type.String(),
  version: Type.String(),
  formerVersion: Nullable(Type.String()),
  allowed: Type.Boolean(),
  opensAt: Nullable(Type.String({ format: 'date-time', description: 'When time alone will have opened every gate.' })),
  verdicts: Type.Array(VerdictSchema),
  steps: Type.Array(Type.String()),
  hash: Digest,
});
export type PlanView = Static<typeof PlanSchema>;

export const InstanceSchema = strictly({
  name: Type.String(),
  component: Type.String(),
  environment: Type.String(),
  version: Type.String(),
  image: Type.String(),
  state: oneOf(['starting', 'serving', 'draining', 'stopped']),
  restarts: Type.Integer(),
  startedAt: Nullable(Time),
  reason: Nullable(Type.String({ description: 'Why it does not serve, in a sentence.' })),
  trafficPercent: InstanceTraffic,
});
export type InstanceView = Static<typeof InstanceSchema>;

export const ScaleSchema = strictly({
  component: Type.String(),
  environment: Type.String(),
  wanted: Type.Integer(),
  serving: Type.Integer(),
  min: Type.Integer(),
  max: Type.Integer(),
  pinned: Nullable(Type.Integer({ description: 'The number that a person set; scaling decides nothing while it stands.' })),
  reason: Type.String({ description: 'Why it is so many, in a sentence.' }),
  decidedAt: Nullable(Time),
});
export type ScaleView = Static<typeof ScaleSchema>;

export const StatusCellSchema = strictly({
  component: Type.String(),
  system: Type.String(),
  kind: oneOf(['Service', 'Job']),
  environment: Type.String(),
  release: Type.String({ description: 'The version recorded as current.' }),
  releaseDigest: Digest,
  image: Type.String(),
  imageDigest: Digest,
  replicas: strictly({ wanted: Type.Integer(), ready: Type.Integer() }),
  address: Nullable(Type.String()),
  state: oneOf(['serving', 'degraded', 'down', 'scheduled', 'deploying']),
  reason: Nullable(Type.String({ description: 'Why it does not serve as wanted, such as: waiting for contrats-api (down for 3 min).' })),
  deployedAt: Time,
});
export const StatusSchema = strictly({
  asOf: Time,
  platform: strictly({
    version: Type.String(),
    engine: strictly({ kind: Type.String(), version: Type.String(), state: oneOf(['up', 'down']) }),
    registry: Type.String(),
  }),
  environments: Type.Array(Type.String()),
  components: Type.Array(StatusCellSchema),
});
export const RegistrySchema = strictly({
  kind: oneOf(['embedded', 'external']),
  host: Type.String({ description: 'host:port, as image references begin.' }),
  namespace: Type.String({ description: 'What stands before every repository; may be empty.' }),
  plainHttp: Type.Boolean(),
});
export type RegistryView = Static<typeof RegistrySchema>;
export type StatusView = Static<typeof StatusSchema>;

export const JobRunSchema = strictly({
  id: Type.String(),
  component: Type.String(),
  environment: Type.String(),
  version: Type.String(),
  dueAt: Time,
  cause: oneOf(['schedule', 'person']),
  state: oneOf(['waiting', 'running', 'succeeded', 'failed', 'skipped', 'replaced']),
  exitCode: Nullable(Type.Integer()),
  log: Type.Array(Type.String()),
  startedAt: Nullable(Time),
  endedAt: Nullable(Time),
  attempt: Type.Integer({ description: 'From 1; more when it failed and was tried again.' }),
  reason: Nullable(Type.String({ description: 'Why it was skipped, replaced or is tried again.' })),
});
export type JobRunView = Static<typeof JobRunSchema>;

export const ConfigEntrySchema = strictly({
  name: Type.String(),
  value: Nullable(Type.String({ description: 'Absent for a secret.' })),
  origin: oneOf(['platform', 'dependency', 'component', 'environment', 'secret']),
});

export type ConfigEntryView = Static<typeof ConfigEntrySchema>;

export const AuditEntrySchema = strictly({
  number: Type.Integer(),
  at: Time,
  who: Type.String(),
  what: Type.String(),
  subject: Type.String(),
  detail: Type.Unknown(),
  hash: Digest,
});

export type AuditEntryView = Static<typeof AuditEntrySchema>;

/** What happened: a CloudEvent 1.0 without its constant attributes. */
export const EventSchema = strictly({
  id: Type.String(),
  type: Type.String(),
  subject: Type.String(),
  time: Time,
  data: Type.Unknown(),
});
export type EventView = Static<typeof EventSchema>;

/** What `/api/v1/events` sends: a CloudEvent 1.0 in its JSON format. */
export const CloudEventSchema = strictly({
  specversion: Type.Literal('1.0'),
  source: Type.String(),
  datacontenttype: Type.Literal('application/json'),
  ...EventSchema.properties,
});
export type CloudEventView = Static<typeof CloudEventSchema>;

export const LogLevelName = oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);
export type LogLevelName = Static<typeof LogLevelName>;

export const LogLineSchema = strictly({
  cursor: Type.Integer({ minimum: 1, description: 'Grows from line to line within a component and environment; `after` goes on from it.' }),
  at: Time,
  instance: Type.String({ description: 'The instance, or the run of a job.' }),
  stream: oneOf(['out', 'err']),
  text: Type.String({ description: 'The line as it was written.' }),
  level: Type.Union([LogLevelName, Type.Null()], { description: 'Null when the line does not tell.' }),
  message: Type.Optional(Type.String({ description: 'The sentence of a line that is JSON.' })),
  fields: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'What else a line that is JSON says.' })),
});
export type LogLineView = Static<typeof LogLineSchema>;
