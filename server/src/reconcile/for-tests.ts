/** A control plane for tests: a real database, the simulated engine, short leases, time that can be set forward. */
import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformOf } from '@beluga/contract/platform';
import type { Context } from '../actions/context.ts';
import { registerRelease } from '../actions/register-release.ts';
import { findDeployment, requestDeployment } from '../actions/request-deployment.ts';
import { type Deployment, isTerminal } from '../domain/deployment.ts';
import type { ComponentKind, Provided, Requirement, Run, Spec } from '../domain/release.ts';
import { createSimulatedEngine, type SimulatedEngine } from '../drivers/engine/simulated/simulated.ts';
import { createSimulatedLogs } from '../drivers/logs/simulated/simulated-logs.ts';
import { createSimulatedRegistry } from '../drivers/registry/simulated/simulated-registry.ts';
import { signerOf } from '../drivers/signer/file/file-signer.ts';
import type { Database } from '../store/database.ts';
import { createStore } from '../store/store.ts';
import type { Pace } from './loop.ts';

export const environments = ['dev', 'int', 're7', 'preprod', 'prod'] as const;
export const quickPace: Pace = {
  leaseMs: 400,
  pollMs: 20,
  driftMs: 100,
  surveyMs: 100,
  secretsMs: 50,
  cleanMs: 60_000,
  jobsMs: 50,
  healthMs: 30,
  scalingMs: 50,
  trafficMs: 50,
  sampleMs: 60_000,
  width: 8,
};

export type Plane = { readonly context: Context; readonly engine: SimulatedEngine };

export function createPlane(database: Database, engine: SimulatedEngine = createSimulatedEngine(), changes: Partial<Context> = {}): Plane {
  let counter = 0;
  const context: Context = {
    store: createStore(database.kysely, database.listen),
    engine,
    logs: createSimulatedLogs(),
    registry: createSimulatedRegistry(),
    signer: signerOf(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey),
    secrets: { print: async () => null },
    telemetry: { measure: () => ({ enter: () => {}, reading: () => quiet, stop: async () => quiet }) },
    environments,
    platform: platformOf(null),
    platformFile: null,
    outlets: { itsm: null, channels: [] },
    version: '0.0.0',
    now: () => Temporal.Now.instant(),
    pause: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
    newId: (prefix) => `${prefix}-${Date.now().toString(36)}${String((counter += 1)).padStart(5, '0')}${randomUUID().slice(0, 8)}`,
    newSecret: () => `beluga_${randomUUID()}${randomUUID()}`,
    hash: (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    ...changes,
  };
  return { context, engine };
}

const quiet = { sent: 1, failed: 0, failures: {}, longestGapMs: 50, p50Ms: 1, p99Ms: 2 };

type SpecChanges = {
  readonly kind?: ComponentKind;
  readonly run?: Partial<Run>;
  readonly dependsOn?: readonly string[];
  readonly provides?: readonly Provided[];
  readonly requires?: readonly Requirement[];
};

export function specOf(name: string, changes: SpecChanges = {}): Spec {
  const run: Run = {
    command: ['node', 'server.js'],
    port: 8080,
    health: { path: '/healthz', withinMs: 5_000, minReadyMs: 0 },
    check: null,
    replicas: { min: 2, max: 2 },
    resources: { cpuMillis: null, memoryBytes: null },
    stopGraceMs: 1_000,
    volumes: [],
    schedule: null,
    timeZone: 'Europe/Paris',
    deadlineMs: 60_000,
    ...changes.run,
  };
  const config = { env: {}, files: [], secrets: [] };
  const identity = { name, system: 'contrats', team: null, description: null, criticality: 'medium' as const };
  const { provides, requires, dependsOn = (requires ?? []).map(({ component }) => component) } = changes;
  const contracts = { ...(provides === undefined ? {} : { provides }), ...(requires === undefined ? {} : { requires }) };
  return { ...identity, ...contracts, kind: changes.kind ?? 'Service', run, dependsOn, config, environments: {} };
}

/** Registers `name@version` with an image made up from the version. */
export async function release(context: Context, name: string, version: string, changes: Parameters<typeof specOf>[1] = {}): Promise<void> {
  const image = `127.0.0.1:4600/${name}@${context.hash(`${name}@${version}`)}`;
  await registerRelease(context, 'lea', { spec: specOf(name, changes), version, image, layers: [], commit: null });
}

export async function deploy(context: Context, component: string, version: string, environment: string): Promise<Deployment> {
  return ended(context, (await requestDeployment(context, 'lea', { component, environment, version })).id);
}

/** Waits until a deployment has ended. */
export async function ended(context: Context, id: string): Promise<Deployment> {
  for (;;) {
    const deployment = await findDeployment(context, id);
    if (isTerminal(deployment.state)) return deployment;
    await sleep(10);
  }
}
