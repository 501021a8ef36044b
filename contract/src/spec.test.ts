import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifest } from './manifest.ts';
import type { Manifest } from './manifest-schema.ts';
import { publishedSchemas } from './published-schema.ts';
import type { JsonSchema } from './schema-findings.ts';
import { buildOf, normalise } from './spec.ts';

const smallest: Manifest = { apiVersion: 'beluga/v1', kind: 'Service', metadata: { name: 'web', system: 'contrats' } };
const sections: Readonly<Record<string, JsonSchema>> =
  (JSON.parse(publishedSchemas['beluga.schema.json']?.() ?? '{}') as JsonSchema).properties ?? {};

test('five lines are enough: two replicas on port 8080, ready when the port opens within 30 s', () => {
  const { run, criticality, dependsOn } = normalise(smallest);
  assert.deepEqual(run, {
    command: null,
    port: 8080,
    health: { path: null, command: null, withinMs: 30_000, minReadyMs: 0 },
    check: null,
    replicas: { min: 2, max: 2 },
    resources: { cpuMillis: null, memoryBytes: null },
    stopGraceMs: 10_000,
    rollout: {
      strategy: 'blue-green',
      batch: 1,
      steps: [],
      analysis: { requests: 50, errorPercent: 1, latencyFactor: 1.5, withinMs: 600_000 },
      deadlineMs: 600_000,
    },
    volumes: [],
    schedule: null,
    timeZone: 'Europe/Paris',
    deadlineMs: 3_600_000,
    live: null,
    scaling: null,
    before: [],
    repair: 'always',
    concurrency: 'forbid',
    retries: 0,
    startWithinMs: null,
  });
  assert.equal(criticality, 'medium');
  assert.deepEqual(dependsOn, []);
  assert.deepEqual(buildOf(smallest), {
    artifact: '.',
    socle: 'node-26',
    containerfile: null,
    image: null,
    dependencies: ['node_modules'],
    compression: 'gzip',
  });
});

test('every default that the schema tells is the default that is used', () => {
  const told = Object.entries(sections).flatMap(([section, schema]) => defaultsIn(schema, [section]));
  assert.ok(told.length >= 12, `only ${told.length} defaults found`);
  for (const { path, value } of told) {
    if (['check', 'live', 'scaling'].includes(path[1] ?? '')) continue;
    const written = structuredClone(smallest) as Record<string, unknown>;
    put(written, path, value);
    const manifest = written as Manifest;
    assert.deepEqual([normalise(manifest), buildOf(manifest)], [normalise(smallest), buildOf(smallest)], path.join('.'));
  }
});

test('durations become milliseconds, sizes bytes, CPUs thousandths', () => {
  const sized = (cpu: string | number, memory: string | number) =>
    normalise({ ...smallest, run: { resources: { cpu, memory }, stop: { grace: '2m' } } }).run;
  assert.deepEqual(sized('0.5', '256Mi').resources, { cpuMillis: 500, memoryBytes: 268_435_456 });
  assert.deepEqual(sized(1.5, '1G').resources, { cpuMillis: 1500, memoryBytes: 1_000_000_000 });
  assert.deepEqual(sized('250m', 8_388_608).resources, { cpuMillis: 250, memoryBytes: 8_388_608 });
  assert.equal(sized('1', '1Gi').stopGraceMs, 120_000);
});

test('a dependency may name a contract and its versions; without them the specification is as it was', () => {
  const text = `apiVersion: beluga/v1
kind: Service
metadata: { name: contrats-web, system: contrats }
provides: [{ contract: portail, version: 1.4.0 }, { contract: portail, version: 2.0.0 }]
dependsOn:
  - journal
  - { name: contrats-api, version: ^2.1 }
  - { name: clients-api, contract: annuaire }
  - { name: clients-api, contract: clients, version: ">=3 <5" }
`;
  const spec = normalise(readManifest(text, 'beluga.yaml'));
  assert.deepEqual(spec.dependsOn, ['journal', 'contrats-api', 'clients-api']);
  assert.deepEqual(spec.provides, [
    { contract: 'portail', version: '1.4.0' },
    { contract: 'portail', version: '2.0.0' },
  ]);
  assert.deepEqual(spec.requires, [
    { component: 'contrats-api', contract: 'contrats-api', range: '^2.1' },
    { component: 'clients-api', contract: 'annuaire', range: '*' },
    { component: 'clients-api', contract: 'clients', range: '>=3 <5' },
  ]);
  const plain = normalise({ ...smallest, dependsOn: ['a'], provides: [] });
  assert.ok(!('provides' in plain) && !('requires' in plain));
});

test('an environment says only what differs', () => {
  const text = `apiVersion: beluga/v1
kind: Job
metadata: { name: relance, system: contrats }
run: { schedule: "0 6 * * *" }
environments:
  prod: { schedule: "30 5 * * MON-FRI", env: { LEVEL: 2 } }
`;
  const { environments, run } = normalise(readManifest(text, 'beluga.yaml'));
  assert.deepEqual(run.replicas, { min: 1, max: 1 });
  const [secrets, files]: [[], []] = [[], []];
  assert.deepEqual(environments, {
    prod: { env: { LEVEL: '2' }, files, secrets, replicas: null, resources: null, schedule: '30 5 * * MON-FRI', rollout: null },
  });
});

type Default = { readonly path: readonly string[]; readonly value: unknown };

function defaultsIn(schema: JsonSchema, path: readonly string[]): readonly Default[] {
  const own = schema.default === undefined ? [] : [{ path, value: schema.default }];
  return [...own, ...Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => defaultsIn(inner, [...path, key]))];
}

function put(target: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) target[key] = value;
  else {
    const inner = { ...(target[key] as Record<string, unknown> | undefined) };
    target[key] = inner;
    put(inner, rest, value);
  }
}
