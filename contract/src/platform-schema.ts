/**
 * The schema of `platform.yaml`, the platform as code: its environments with their gates, its calendar, its policies.
 *
 * Like `manifest-schema.ts` it is the published JSON Schema (`contract/platform.schema.json`), the types, the reference in
 * `docs/guide/platform-yaml.md` and the rules of the reader in `platform.ts`. Other parts of the platform add their own section.
 */
import { type Static, Type } from 'typebox';
import { CalendarSchema, criticalities } from './calendar-schema.ts';
import { ChannelSchema, ItsmSchema } from './channel-schema.ts';
import { oneOf, strict } from './schema-words.ts';

const yes = (description: string) => Type.Optional(Type.Boolean({ description }));
const count = (maximum: number, description: string) => Type.Optional(Type.Integer({ minimum: 0, maximum, description }));
const Day = (description: string) =>
  Type.String({
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
    patternErrorMessage: 'write a day such as 2027-01-31',
    description,
  });
const Label = Type.String({
  pattern: '^[a-z]([a-z0-9.-]{0,38}[a-z0-9])?$',
  patternErrorMessage: 'use lower-case letters, digits and hyphens, at most 40, starting with a letter',
});

export const evidenceKinds = ['tests', 'quality', 'performance', 'scan'] as const;

const Soak = Type.Object(
  {
    for: Type.Optional(
      Type.String({
        pattern: '^[0-9]{1,6}(s|m|h)$',
        patternErrorMessage: 'write a whole number with its unit, such as 90s, 30m or 24h',
        description: 'How long the release must have run in the environment before.',
      }),
    ),
    requests: count(1_000_000_000, 'How many requests it must have answered there. A job is exempt.'),
    jobRuns: count(10_000, 'kind Job: how many runs must have succeeded there.'),
    protected: yes('No newer release takes its place there before it has proven itself, unless that is asked for. Default: false.'),
  },
  { ...strict, description: 'The proof that the release works in the environment before: time and traffic, same digest.' },
);

const Vulnerabilities = Type.Object(
  {
    critical: count(100_000, 'At most so many.'),
    high: count(100_000, 'At most so many.'),
    medium: count(100_000, 'At most so many.'),
    low: count(100_000, 'At most so many.'),
  },
  {
    ...strict,
    description:
      'How many known vulnerabilities are borne, by severity, beside the exempted ones. A severity that is not named is not counted.',
  },
);

const Capacity = Type.Object(
  {
    cpu: Type.Optional(Type.Number({ minimum: 0.1, maximum: 1_000_000, description: 'CPUs.' })),
    memory: Type.Optional(
      Type.String({
        pattern: '^[0-9]{1,9}(Mi|Gi|M|G)$',
        patternErrorMessage: 'write a whole number with its unit, such as 64Gi',
        description: 'Memory, a Kubernetes quantity.',
      }),
    ),
  },
  { ...strict, description: 'What the environment holds: the limits of all that runs there and of the new set may not exceed it.' },
);

const Gates = Type.Object(
  {
    soak: Type.Optional(Soak),
    evidence: Type.Optional(
      Type.Array(oneOf(evidenceKinds), { uniqueItems: true, description: 'Evidence that must have passed and not have expired.' }),
    ),
    vulnerabilities: Type.Optional(Vulnerabilities),
    signature: yes('The image must be signed.'),
    provenance: yes('The provenance of the image must be attested.'),
    supportedSocle: yes('The image must stand on a socle of the platform that is still supported.'),
    readinessFile: yes('Every line of policies.readiness must be signed for the application system.'),
    approvals: count(
      5,
      'How many people, other than the one who asks, must approve the plan; where there is a change, only of a normal one. Default: 1 where there must be a change, 0 without a platform.yaml.',
    ),
    capacity: Type.Optional(Capacity),
    dependencies: yes('What it depends on must be there in a compatible version. Default: in the last environment.'),
    zeroDowntime: Type.Optional(
      oneOf([...criticalities, 'never'] as const, {
        description:
          'The least criticality from which it must be fit to be installed without interruption. Default: medium in the last environment, never below.',
      }),
    ),
    calendar: yes('Windows and freezes apply. Default: everywhere.'),
    change: yes('There must be an open change. Default: in the last environment.'),
  },
  {
    ...strict,
    description:
      'What must be so before a release may come here. Default: the order of the stages, and in the last one what keeps it serving.',
  },
);

const Environment = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,38}$',
      patternErrorMessage: 'use lower-case letters, digits and hyphens, starting with a letter, such as preprod',
      description: 'What it is called.',
    }),
    mandatory: yes('Whether a release must be verified here before it goes further. Default: true.'),
    gates: Type.Optional(Gates),
  },
  strict,
);

const Exemption = Type.Object(
  {
    vulnerability: Type.String({ minLength: 1, description: 'Its identifier, such as CVE-2026-12345.' }),
    components: Type.Optional(Type.Array(Label, { minItems: 1, description: 'For which components. Default: all.' })),
    until: Day('The last day on which it is borne.'),
    reason: Type.String({ minLength: 1, description: 'Why it may be borne.' }),
  },
  strict,
);

const Policies = Type.Object(
  {
    exemptions: Type.Optional(Type.Array(Exemption, { description: 'Vulnerabilities that are borne for a time.' })),
    socles: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ ...Label, description: 'As `beluga socle list` names it.' }),
            supportedUntil: Day('The last day of its support.'),
          },
          strict,
        ),
        { description: 'How long a socle is supported. One that is not named is supported as long as it is recorded.' },
      ),
    ),
    readiness: Type.Optional(
      Type.Array(Label, { uniqueItems: true, description: 'The lines of the readiness file, such as architecture or security-kit.' }),
    ),
  },
  { ...strict, description: 'What holds everywhere.' },
);

export const PlatformSchema = Type.Object(
  {
    apiVersion: Type.Literal('beluga/v1', { description: 'The version of this language.' }),
    kind: Type.Literal('Platform', { description: 'What this file describes.' }),
    environments: Type.Optional(
      Type.Array(Environment, { minItems: 1, description: 'The environments in their order. Default: dev, int, re7, preprod, prod.' }),
    ),
    calendar: Type.Optional(CalendarSchema),
    policies: Type.Optional(Policies),
    itsm: Type.Optional(ItsmSchema),
    channels: Type.Optional(Type.Array(ChannelSchema, { description: 'Who is told of installations in production.' })),
  },
  { ...strict, title: 'platform.yaml' },
);

/** `platform.yaml` as written: everything optional may be absent. */
export type PlatformFile = Static<typeof PlatformSchema>;
