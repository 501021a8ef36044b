/** A specification for tests of changes: two replicas, a readiness path, time to end. */
import type { Run, Spec } from '../release.ts';

export function specOf(name: string, changes: { readonly run?: Partial<Run> } = {}): Spec {
  const run: Run = {
    ...{ command: null, port: 8080, check: null, resources: { cpuMillis: null, memoryBytes: null }, volumes: [], schedule: null },
    ...{ health: { path: '/healthz', withinMs: 5_000, minReadyMs: 0 }, replicas: { min: 2, max: 2 }, stopGraceMs: 1_000 },
    ...{ timeZone: 'Europe/Paris', deadlineMs: 60_000, ...changes.run },
  };
  const config = { env: {}, files: [], secrets: [] };
  const identity = { kind: 'Service', name, system: 'contrats', team: null, description: null, criticality: 'medium' } as const;
  return { ...identity, run, dependsOn: [], config, environments: {} };
}
