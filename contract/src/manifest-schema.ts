/**
 * The schema of `beluga.yaml`, the one file a component's repository needs.
 *
 * Written once with TypeBox: it is the published JSON Schema (`contract/beluga.schema.json`), the
 * types below, and the rules the reader in `manifest.ts` applies. Durations are strings such as `30s`, sizes are
 * Kubernetes quantities (`256Mi`), so that a file reads the same on every engine.
 */
import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false } as const;

const Name = Type.String({
  pattern: '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$',
  description: 'Lower-case letters, digits and hyphens, at most 40 characters, starting with a letter (a DNS label).',
});
const duration = (description: string) =>
  Type.String({ pattern: '^[0-9]+(ms|s|m|h)$', description: `${description} A whole number with its unit: 500ms, 30s, 5m, 1h.` });
const EnvironmentVariables = Type.Record(
  Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }),
  Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
  { description: 'Environment variables: NAME: value.' },
);
const Replicas = Type.Union([
  Type.Integer({ minimum: 1, maximum: 16 }),
  Type.Object(
    { min: Type.Integer({ minimum: 1, maximum: 16 }), max: Type.Integer({ minimum: 1, maximum: 16 }) },
    strict,
  ),
]);
const Resources = Type.Object(
  {
    cpu: Type.Optional(
      Type.String({ pattern: '^([0-9]+(\\.[0-9]+)?|[0-9]+m)$', description: 'CPUs: "0.5" or 500m.' }),
    ),
    memory: Type.Optional(
      Type.String({ pattern: '^[0-9]+(Ki|Mi|Gi|k|M|G)?$', description: 'A Kubernetes quantity, such as 256Mi.' }),
    ),
  },
  strict,
);

const Build = Type.Object(
  {
    artifact: Type.Optional(Type.String({ description: 'The folder to put in the image, from the manifest. Default: .' })),
    socle: Type.Optional(Type.String({ description: 'The socle to stand on. Default: node-26.' })),
    containerfile: Type.Optional(Type.String({ description: 'A Containerfile to build instead.' })),
    image: Type.Optional(
      Type.String({ pattern: '@sha256:[0-9a-f]{64}$', description: 'An image built elsewhere, by digest.' }),
    ),
    dependencies: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Folders of the artifact that get a layer of their own. Default: node_modules.',
      }),
    ),
  },
  strict,
);

const Health = Type.Object(
  {
    path: Type.Optional(Type.String({ pattern: '^/', description: 'GET must answer 2xx or 3xx. Without it a TCP connection must open.' })),
    within: Type.Optional(duration('How long a new instance may take to get ready. Default: 30s.')),
    minReady: Type.Optional(duration('How long it must stay ready before it counts. Default: 0s.')),
  },
  strict,
);

const Check = Type.Object(
  {
    path: Type.String({ pattern: '^/', description: 'GET on every new instance before traffic reaches it.' }),
    status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599, description: 'Default: 200.' })),
    contains: Type.Optional(Type.String({ description: 'A text that the body must contain.' })),
    within: Type.Optional(duration('How long the answer may take. Default: 5s.')),
  },
  strict,
);

const Volume = Type.Object(
  { name: Name, path: Type.String({ pattern: '^/.+' }) },
  { ...strict, description: 'Data that outlives releases: one volume an environment, shared by its replicas.' },
);

const Run = Type.Object(
  {
    command: Type.Optional(Type.Array(Type.String(), { minItems: 1, description: 'The program and its arguments.' })),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, description: 'Where it listens. Also given as PORT. Default: 8080.' })),
    health: Type.Optional(Health),
    check: Type.Optional(Check),
    replicas: Type.Optional(Replicas),
    resources: Type.Optional(Resources),
    stop: Type.Optional(
      Type.Object({ grace: Type.Optional(duration('How long requests may drain and the process may take to end. Default: 10s.')) }, strict),
    ),
    volumes: Type.Optional(Type.Array(Volume)),
    schedule: Type.Optional(Type.String({ description: 'kind Job: five cron fields.' })),
    timeZone: Type.Optional(Type.String({ description: 'kind Job: an IANA zone. Default: Europe/Paris.' })),
    deadline: Type.Optional(duration('kind Job: a run that takes longer is stopped. Default: 1h.')),
  },
  strict,
);

const File = Type.Object({ path: Type.String({ pattern: '^/.+' }), content: Type.String() }, strict);
const Secret = Type.Object(
  { name: Name, ref: Type.String({ description: 'Where the value is kept: file:/path or env:NAME, read by the server.' }) },
  strict,
);
const Config = Type.Object(
  {
    env: Type.Optional(EnvironmentVariables),
    files: Type.Optional(Type.Array(File)),
    secrets: Type.Optional(Type.Array(Secret, { description: 'Each is a file /run/secrets/NAME in the instance.' })),
  },
  strict,
);

const Overlay = Type.Object(
  {
    replicas: Type.Optional(Replicas),
    resources: Type.Optional(Resources),
    env: Type.Optional(EnvironmentVariables),
    files: Type.Optional(Type.Array(File)),
    secrets: Type.Optional(Type.Array(Secret)),
    schedule: Type.Optional(Type.String()),
  },
  { ...strict, description: 'What differs in one environment. Everything else is the same everywhere.' },
);

export const ManifestSchema = Type.Object(
  {
    apiVersion: Type.Literal('beluga/v1'),
    kind: Type.Union([Type.Literal('Service'), Type.Literal('Job')]),
    metadata: Type.Object(
      {
        name: Name,
        system: Name,
        team: Type.Optional(Type.String()),
        description: Type.Optional(Type.String()),
        criticality: Type.Optional(Type.Union([Type.Literal('low'), Type.Literal('medium'), Type.Literal('high'), Type.Literal('critical')])),
      },
      strict,
    ),
    build: Type.Optional(Build),
    run: Type.Optional(Run),
    dependsOn: Type.Optional(Type.Array(Name, { uniqueItems: true, description: 'Components it calls; each is reachable as http://<name>.' })),
    config: Type.Optional(Config),
    environments: Type.Optional(Type.Record(Name, Overlay)),
  },
  { ...strict, title: 'beluga.yaml' },
);

/** `beluga.yaml` as written: everything optional may be absent. */
export type Manifest = Static<typeof ManifestSchema>;
