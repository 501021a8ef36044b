/**
 * The schema of `beluga.yaml`, the one file a component's repository needs.
 *
 * Written once with TypeBox: it is the published JSON Schema (`contract/beluga.schema.json`), the types below, the reference in
 * `docs/beluga-yaml.md` and the rules the reader in `manifest.ts` applies. Durations are strings such as `30s`, sizes are
 * Kubernetes quantities (`256Mi`), so that a file reads the same on every engine. `patternErrorMessage` is what editors and the
 * reader say when a text does not fit.
 */
import { type Static, Type } from 'typebox';
import { duration } from './duration-schema.ts';
import {
  BeforeSchema,
  ConcurrencySchema,
  LiveSchema,
  RepairSchema,
  RetriesSchema,
  ScalingSchema,
  StartWithinSchema,
} from './operate-schema.ts';
import { RolloutSchema } from './rollout-schema.ts';
import { strict } from './schema-words.ts';

const label = '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$';
const Name = Type.String({
  pattern: label,
  patternErrorMessage: 'use lower-case letters, digits and hyphens, at most 40, starting with a letter, such as contrats-api',
  description: 'Lower-case letters, digits and hyphens, at most 40 characters, starting with a letter (a DNS label).',
});
const pathOf = (description: string) =>
  Type.String({ pattern: '^/\\S*$', patternErrorMessage: 'begin with / and leave out spaces, such as /health', description });
const AbsolutePath = Type.String({
  pattern: '^/[^/].*$',
  patternErrorMessage: 'write an absolute path, such as /data',
  description: 'An absolute path in the instance.',
});
const EnvironmentVariables = Type.Record(
  Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }),
  Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
  {
    ...strict,
    description: 'Environment variables, NAME: value. A number keeps the text it has in the file.',
    patternErrorMessage: 'name variables with letters, digits and underscores, the first not a digit',
  },
);
const ReplicaCount = (description: string) => Type.Integer({ minimum: 1, maximum: 16, description });
const replicasWith = (options: { readonly description: string; readonly default?: number }) =>
  Type.Union(
    [ReplicaCount('As many, always.'), Type.Object({ min: ReplicaCount('The fewest.'), max: ReplicaCount('The most.') }, strict)],
    options,
  );
const Resources = Type.Object(
  {
    cpu: Type.Optional(
      Type.Union(
        [
          Type.String({
            pattern: '^([0-9]{1,4}(\\.[0-9]{1,3})?|[0-9]{1,6}m)$',
            patternErrorMessage: 'write CPUs such as "0.5" or thousandths such as 500m',
          }),
          Type.Number({ minimum: 0.001, maximum: 1024 }),
        ],
        { description: 'The most it may use: CPUs (0.5) or thousandths of one (500m). Default: no limit.' },
      ),
    ),
    memory: Type.Optional(
      Type.Union(
        [
          Type.String({
            pattern: '^([0-9]{1,15}|[0-9]{1,6}(Ki|Mi|Gi|k|M|G))$',
            patternErrorMessage: 'write a whole number with its unit, such as 256Mi or 1Gi',
          }),
          Type.Integer({ minimum: 1, maximum: 1e15 }),
        ],
        { description: 'The most it may use: a Kubernetes quantity, such as 256Mi. Default: no limit.' },
      ),
    ),
  },
  { ...strict, description: 'What one instance may use.' },
);

const Build = Type.Object(
  {
    artifact: Type.Optional(Type.String({ minLength: 1, description: 'The folder to put in the image, from the manifest.', default: '.' })),
    socle: Type.Optional(
      Type.String({
        pattern: '^[a-z][a-z0-9.-]{0,39}$',
        patternErrorMessage: 'name a socle of the platform, such as node-26',
        description: 'The socle to stand on.',
        default: 'node-26',
      }),
    ),
    containerfile: Type.Optional(Type.String({ minLength: 1, description: 'A Containerfile to build instead.' })),
    image: Type.Optional(
      Type.String({
        pattern: '^\\S+@sha256:[0-9a-f]{64}$',
        patternErrorMessage: 'name it by digest: registry/name@sha256: and 64 hexadecimal digits',
        description: 'An image built elsewhere, by digest.',
      }),
    ),
    dependencies: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Folders of the artifact that get a layer of their own.',
        default: ['node_modules'],
      }),
    ),
    compression: Type.Optional(
      Type.Enum(['gzip', 'zstd'], {
        description:
          'How layers are compressed: gzip for every engine, zstd for Docker 23, Podman 4 and containerd 1.5 or newer; smaller and quicker.',
        default: 'gzip',
      }),
    ),
  },
  { ...strict, description: 'What the image is made of.' },
);

const Health = Type.Object(
  {
    path: Type.Optional(pathOf('GET must answer 2xx or 3xx. Without it, and without a command, a TCP connection must open.')),
    command: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: 'Instead of a path: a program in the instance that must end with 0.' }),
    ),
    within: Type.Optional(duration('How long a new instance may take to get ready.', '30s')),
    minReady: Type.Optional(duration('How long it must stay ready before it counts.', '0s')),
  },
  { ...strict, description: 'kind Service: how an instance says that it is ready.' },
);

const Check = Type.Object(
  {
    path: pathOf('GET on every new instance before traffic reaches it.'),
    status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599, description: 'What it must answer.', default: 200 })),
    contains: Type.Optional(Type.String({ minLength: 1, description: 'A text that the body must contain.' })),
    within: Type.Optional(duration('How long the answer may take.', '5s')),
  },
  { ...strict, description: 'kind Service: a request that must answer as it says, or the release does not take over.' },
);

const Volume = Type.Object(
  { name: Name, path: AbsolutePath },
  { ...strict, description: 'Data that outlives releases: one volume an environment, shared by its replicas.' },
);

const cron = (description: string) => Type.String({ minLength: 1, description });

const Run = Type.Object(
  {
    command: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: 'The program and its arguments. Default: what the image says.' }),
    ),
    port: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 65535, description: 'kind Service: where it listens. Also given as PORT.', default: 8080 }),
    ),
    health: Type.Optional(Health),
    check: Type.Optional(Check),
    live: Type.Optional(LiveSchema),
    rollout: Type.Optional(RolloutSchema),
    before: Type.Optional(BeforeSchema),
    replicas: Type.Optional(replicasWith({ description: 'kind Service: how many instances run: a number, or min and max.', default: 2 })),
    scaling: Type.Optional(ScalingSchema),
    repair: Type.Optional(RepairSchema),
    resources: Type.Optional(Resources),
    stop: Type.Optional(
      Type.Object(
        { grace: Type.Optional(duration('How long requests may drain and the process may take to end.', '10s')) },
        { ...strict, description: 'How it ends.' },
      ),
    ),
    volumes: Type.Optional(Type.Array(Volume, { description: 'Folders that are kept.' })),
    schedule: Type.Optional(cron('kind Job: when it runs: five cron fields (minute, hour, day of month, month, day of week).')),
    timeZone: Type.Optional(
      Type.String({ minLength: 1, description: 'kind Job: the IANA zone of the schedule.', default: 'Europe/Paris' }),
    ),
    deadline: Type.Optional(duration('kind Job: a run that takes longer is stopped.', '1h')),
    concurrency: Type.Optional(ConcurrencySchema),
    startWithin: Type.Optional(StartWithinSchema),
    retries: Type.Optional(RetriesSchema),
  },
  { ...strict, description: 'How an instance runs.' },
);

const File = Type.Object(
  { path: AbsolutePath, content: Type.String({ description: 'The text of the file.' }) },
  { ...strict, description: 'A file that is put into the instance.' },
);
const Secret = Type.Object(
  {
    name: Name,
    ref: Type.String({
      pattern: '^(file:/.+|env:[A-Za-z_][A-Za-z0-9_]*)$',
      patternErrorMessage: 'write file:/path or env:NAME; the value itself never stands in this file',
      description: 'Where the value is kept: file:/path or env:NAME, read by the server.',
    }),
  },
  { ...strict, description: 'A value that is a file /run/secrets/NAME in the instance and is written nowhere else.' },
);
const Config = Type.Object(
  {
    env: Type.Optional(EnvironmentVariables),
    files: Type.Optional(Type.Array(File, { description: 'Files of configuration.' })),
    secrets: Type.Optional(Type.Array(Secret, { description: 'Each is a file /run/secrets/NAME in the instance.' })),
  },
  { ...strict, description: 'Configuration that is the same in every environment.' },
);

const Overlay = Type.Object(
  {
    replicas: Type.Optional(replicasWith({ description: 'As run.replicas.' })),
    resources: Type.Optional(Resources),
    env: Type.Optional(EnvironmentVariables),
    files: Type.Optional(Type.Array(File, { description: 'Files of configuration, over those of config.' })),
    secrets: Type.Optional(Type.Array(Secret, { description: 'Secrets, over those of config.' })),
    schedule: Type.Optional(cron('kind Job: five cron fields.')),
    rollout: Type.Optional(RolloutSchema),
  },
  { ...strict, description: 'What differs in one environment. Everything else is the same everywhere.' },
);

const Provided = Type.Object(
  {
    contract: Name,
    version: Type.String({
      pattern: '^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)$',
      patternErrorMessage: 'write three numbers, such as 2.3.0',
      description: 'Its version: a higher first number breaks those who use it (Semantic Versioning 2.0).',
    }),
  },
  { ...strict, description: 'A contract in a version; the same contract may stand here in several versions.' },
);
const Dependency = Type.Union(
  [
    Name,
    Type.Object(
      {
        name: Name,
        contract: Type.Optional(
          Type.String({ ...Name, description: 'The contract of it that is used. Default: the one named as the component.' }),
        ),
        version: Type.Optional(
          Type.String({ minLength: 1, description: 'The versions that it works with, such as "^2.1". Default: any.' }),
        ),
      },
      strict,
    ),
  ],
  { description: 'A name, or a name with the contract and the versions that are needed.' },
);

export const ManifestSchema = Type.Object(
  {
    apiVersion: Type.Literal('beluga/v1', { description: 'The version of this language.' }),
    kind: Type.Enum(['Service', 'Job'], {
      description: 'Service: listens on a port and serves. Job: runs on a schedule and ends.',
    }),
    metadata: Type.Object(
      {
        name: Name,
        system: Type.String({
          pattern: label,
          patternErrorMessage: 'use lower-case letters, digits and hyphens, at most 40, starting with a letter, such as contrats',
          description: 'The application system it belongs to.',
        }),
        team: Type.Optional(Type.String({ minLength: 1, description: 'Who owns it.' })),
        description: Type.Optional(Type.String({ description: 'What it does, in a sentence.' })),
        criticality: Type.Optional(
          Type.Enum(['low', 'medium', 'high', 'critical'], { description: 'How much depends on it.', default: 'medium' }),
        ),
      },
      { ...strict, description: 'What it is called and where it belongs.' },
    ),
    build: Type.Optional(Build),
    run: Type.Optional(Run),
    dependsOn: Type.Optional(
      Type.Array(Dependency, { uniqueItems: true, description: 'Components it calls; each is reachable as http://<name>.' }),
    ),
    provides: Type.Optional(
      Type.Array(Provided, {
        uniqueItems: true,
        description: 'Contracts that others may rely on. Without it: one, named as the component, in the version of the release.',
      }),
    ),
    config: Type.Optional(Config),
    environments: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]{0,38}$' }), Overlay, {
        ...strict,
        description: 'What differs, by environment: dev, int, re7, preprod, prod.',
        patternErrorMessage: 'name an environment of the platform, such as dev or prod',
      }),
    ),
  },
  { ...strict, title: 'beluga.yaml' },
);

/** `beluga.yaml` as written: everything optional may be absent. */
export type Manifest = Static<typeof ManifestSchema>;
