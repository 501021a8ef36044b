/** Whether a service can be installed without interruption: a second replica, a proof that an instance is ready, time to end. */
import type { Health, Replicas } from './release.ts';

export type Fitness = {
  readonly replicas: Replicas;
  /** Whether the manifest says how an instance shows that it is ready; without it one is, as soon as its port opens. */
  readonly showsReadiness: boolean;
  readonly stopGraceMs: number;
};

/** A part of a beluga.yaml, to be merged into it (RFC 7396). */
export type Patch = { readonly [key: string]: string | number | Patch };

export type Unfit = { readonly lack: 'replica' | 'readiness' | 'grace'; readonly patch: Patch };

/** By a path or a command; as soon as its port opens proves nothing. */
export function showsReadiness({ path, command }: Health): boolean {
  return path !== null || (command ?? null) !== null;
}

const leastGraceMs = 1_000;

export function unfitFor({ replicas, showsReadiness, stopGraceMs }: Fitness, environment: string): readonly Unfit[] {
  const enough = replicas.max > 2 ? { min: 2, max: replicas.max } : 2;
  const all: readonly (Unfit | null)[] = [
    replicas.min < 2 ? { lack: 'replica', patch: { environments: { [environment]: { replicas: enough } } } } : null,
    showsReadiness ? null : { lack: 'readiness', patch: { run: { health: { path: '/healthz' } } } },
    stopGraceMs < leastGraceMs ? { lack: 'grace', patch: { run: { stop: { grace: '10s' } } } } : null,
  ];
  return all.filter((one) => one !== null);
}
