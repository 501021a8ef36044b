/** Workloads, instances and a world that steps change, for the tests of the rollout. */
import { type Instance, instanceName, type Observed } from '../instance.ts';
import { usualRollout, type Workload } from '../workload.ts';
import type { Step } from './step.ts';

export const base: Workload = {
  kind: 'Service',
  component: 'shop',
  environment: 'prod',
  system: 'SHP',
  version: '1',
  releaseDigest: 'sha256:0',
  generation: 'new',
  image: 'registry/shop@sha256:0',
  command: null,
  port: 8080,
  health: { path: null, withinMs: 1_000, minReadyMs: 0 },
  check: null,
  replicas: { min: 3, max: 3 },
  rollout: usualRollout,
  resources: { cpuMillis: null, memoryBytes: null },
  stopGraceMs: 1_000,
  volumes: [],
  env: {},
  files: [],
  secrets: [],
  dependsOn: [],
  schedule: null,
};

export function workload(generation: string, replicas: number, more: Partial<Workload> = {}): Workload {
  return { ...base, generation, version: generation, replicas: { min: replicas, max: replicas }, ...more };
}

export function instance(generation: string, ordinal: number, more: Partial<Instance> = {}): Instance {
  return {
    name: instanceName(base, generation, ordinal),
    generation,
    version: generation,
    image: base.image,
    ordinal,
    state: 'running',
    traffic: 'serving',
    healthy: true,
    restarts: 0,
    exitCode: null,
    startedAt: '2026-01-01T00:00:00Z',
    ...more,
  };
}

/** The set of a generation that serves, whole. */
export function set(generation: string, replicas: number, more: Partial<Instance> = {}): Observed {
  return { instances: Array.from({ length: replicas }, (_, ordinal) => instance(generation, ordinal, more)) };
}

/** What runs after a step that succeeded. */
export function after(step: Step, desired: Workload, observed: Observed): Observed {
  switch (step.kind) {
    case 'start':
      return started(step.instances, desired, observed);
    case 'ready':
      return changed(step.instances, { healthy: true }, observed);
    case 'weigh':
      return { ...changed(step.instances, { traffic: 'canary' }, observed), canaryPercent: step.percent };
    case 'shift':
      return changed(step.remove, { traffic: 'drain' }, changed(step.add, { traffic: 'serving' }, observed));
    case 'drain':
      return changed(step.instances, { traffic: 'none' }, observed);
    case 'stop':
      return { ...observed, instances: observed.instances.filter(({ name }) => !step.instances.includes(name)) };
    case 'pull':
    case 'check':
    case 'analyse':
    case 'schedule':
      return observed;
  }
}

function started(names: readonly string[], desired: Workload, observed: Observed): Observed {
  const others = observed.instances.filter(({ name }) => !names.includes(name));
  const fresh = names.map((name) => instance(desired.generation, Number(name.split('.').at(-1)), { traffic: 'none', healthy: false }));
  return { ...observed, instances: [...others, ...fresh] };
}

function changed(names: readonly string[], change: Partial<Instance>, observed: Observed): Observed {
  return { ...observed, instances: observed.instances.map((one) => (names.includes(one.name) ? { ...one, ...change } : one)) };
}
