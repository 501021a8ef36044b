/** `platform.yaml` as it is in force: every default filled in, secrets by the name of the variable that holds them, never their value. */
import { type Static, Type } from 'typebox';
import { EntrySchema } from './calendar-api-schema.ts';
import { criticalities } from './calendar-schema.ts';
import { evidenceKinds } from './platform-schema.ts';
import { Nullable, oneOf, strictly } from './schema-words.ts';

const Text = Type.String();
const Variable = Type.String({ description: 'env:NAME, the variable of the server that holds it.' });
const AtMost = Nullable(Type.Integer());

const GatesSchema = strictly({
  soak: Nullable(strictly({ forMs: Type.Integer(), requests: Type.Integer(), jobRuns: Type.Integer(), protected: Type.Boolean() })),
  evidence: Type.Array(oneOf(evidenceKinds)),
  vulnerabilities: Nullable(strictly({ critical: AtMost, high: AtMost, medium: AtMost, low: AtMost })),
  signature: Type.Boolean(),
  provenance: Type.Boolean(),
  supportedSocle: Type.Boolean(),
  readinessFile: Type.Boolean(),
  approvals: Type.Integer({ description: 'How many other people must approve the plan.' }),
  capacity: Nullable(strictly({ cpuMillis: AtMost, memoryBytes: AtMost })),
  dependencies: Type.Boolean(),
  zeroDowntime: oneOf([...criticalities, 'never']),
  calendar: Type.Boolean(),
  change: Type.Boolean(),
});

const ItsmViewSchema = Type.Union([
  strictly({ kind: Type.Literal('servicenow'), url: Text, user: Text, password: Variable, standardTemplate: Text }),
  strictly({ kind: Type.Literal('webhook'), url: Text, secret: Variable }),
]);

export const PlatformViewSchema = strictly({
  file: Nullable(
    strictly({ path: Text, digest: Type.String({ description: 'SHA-256 of the file as it was read when the server started.' }) }),
  ),
  environments: Type.Array(
    strictly({
      name: Text,
      mandatory: Type.Boolean({ description: 'Whether a release must be verified here before it goes further.' }),
      gates: GatesSchema,
    }),
  ),
  calendar: strictly({
    timeZone: Text,
    holidays: oneOf(['france', 'alsace-moselle', 'none']),
    entries: Type.Array(EntrySchema, { description: 'Windows and freezes: those of the file, then those that people recorded since.' }),
  }),
  teams: Type.Array(strictly({ name: Text, systems: Type.Array(Text), components: Type.Integer() }), {
    description: 'As the components name them.',
  }),
  itsm: Nullable(ItsmViewSchema),
  channels: Type.Array(
    strictly({
      name: Text,
      kind: oneOf(['teams', 'slack', 'email', 'webhook']),
      url: Variable,
      secret: Nullable(Variable),
      from: Nullable(Text),
      to: Type.Array(Text),
      language: oneOf(['fr', 'en']),
      systems: Nullable(Type.Array(Text)),
    }),
  ),
  policies: strictly({
    exemptions: Type.Array(
      strictly({ vulnerability: Text, components: Nullable(Type.Array(Text)), until: Text, reason: Text, holds: Type.Boolean() }),
    ),
    socles: Type.Array(strictly({ name: Text, supportedUntil: Text })),
    readiness: Type.Array(Text),
  }),
});
export type PlatformView = Static<typeof PlatformViewSchema>;
