import type { Instance } from '../../../domain/instance.ts';
import type { Workload } from '../../../domain/workload.ts';

/** An instance that was just started: it runs, and is neither ready nor asked for anything. */
export function newborn(desired: Workload, name: string, at: string): Instance {
  return {
    name,
    generation: desired.generation,
    version: desired.version,
    image: desired.image,
    ordinal: Number(name.slice(name.lastIndexOf('.') + 1)),
    state: 'running',
    traffic: 'none',
    healthy: false,
    restarts: 0,
    exitCode: null,
    startedAt: at,
  };
}

/** It says no more that it is not ready. */
export function wellAgain({ unready: _, ...instance }: Instance): Instance {
  return { ...instance, healthy: instance.state === 'running' };
}
