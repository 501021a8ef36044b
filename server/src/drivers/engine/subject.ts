/** What the contract suites are given of an engine: the engine itself, an image it can run, and a hand on what runs. */

import { subjectOf } from '../../domain/rollout/undo.ts';
import { usualRollout, type Workload } from '../../domain/workload.ts';
import type { Engine } from './engine.ts';

export type Subject = {
  readonly engine: Engine;
  /** The engine as another server sees it after this one was killed: nothing in common but the machine. */
  again(): Engine;
  /** By digest; an HTTP application whose faults are environment variables (docker/rig/application.ts). */
  readonly image: string;
  /** Ends the process of an instance with kill -9. */
  kill(instance: string): Promise<void>;
  /** Pauses an instance, as somebody would by hand. */
  pause(instance: string): Promise<void>;
  /** A port for an address, never the same twice. */
  port(): number;
  close(): Promise<void>;
};

/** A workload of the test application. `env` asks for its faults. */
export function testWorkload(subject: Pick<Subject, 'image'>, component: string, version: string, more: Partial<Workload> = {}): Workload {
  const env = { PORT: '8080', APP_VERSION: version, ...more.env };
  const base: Workload = {
    kind: 'Service',
    component,
    environment: 'dev',
    system: 'TST',
    version,
    releaseDigest: `sha256:${version.padStart(64, '0')}`,
    generation: `g${version}`,
    image: subject.image,
    command: null,
    port: 8080,
    health: { path: '/up', withinMs: 15_000, minReadyMs: 0 },
    check: null,
    replicas: { min: 2, max: 2 },
    rollout: usualRollout,
    resources: { cpuMillis: null, memoryBytes: null },
    stopGraceMs: 5_000,
    volumes: [],
    env,
    files: [],
    secrets: [],
    dependsOn: [],
    schedule: null,
  };
  return { ...base, ...more, env };
}

/** Observes, plans and performs until the end, as a reconciler does. Gives the kinds of the steps that were done. */
export async function install(engine: Engine, desired: Workload, signal = new AbortController().signal): Promise<readonly string[]> {
  const steps = engine.plan(desired, await engine.observe(desired));
  for (const step of steps) await engine.perform(desired, step, signal);
  return steps.map((step) => step.kind);
}

/** What a reconciler does when a step failed. */
export async function putBack(engine: Engine, desired: Workload, former: Workload | null = null): Promise<void> {
  const { signal } = new AbortController();
  for (const step of engine.undo(desired, await engine.observe(desired), former))
    await engine.perform(subjectOf(step, desired, former), step, signal);
}
