/** How many instances were decided for a place: by scaling, by a person, else the fewest that the release asks for. */
import { decidedReplicas, type Scale } from '../domain/scaling/scale.ts';
import type { Workload } from '../domain/workload.ts';
import type { Context } from './context.ts';

/** The workload with the number that was decided as the number that must serve. */
export async function withDecided(context: Context, workload: Workload): Promise<Workload> {
  if (workload.kind === 'Job') return workload;
  return decidedBy(await context.store.scale.of(workload), workload);
}

/** The same where the decision is known; null is none. */
export function decidedBy(scale: Scale | null, workload: Workload): Workload {
  if (workload.kind === 'Job') return workload;
  const without = scale === null || (scale.pinned === null && (workload.scaling ?? null) === null);
  return without ? workload : { ...workload, replicas: decidedReplicas(workload, scale) };
}
