/** How many instances were decided for a place: by scaling, by a person, else the fewest that the release asks for. */
import { decidedReplicas } from '../domain/scaling/scale.ts';
import type { Workload } from '../domain/workload.ts';
import type { Context } from './context.ts';

/** The workload with the number that was decided as the number that must serve. */
export async function withDecided(context: Context, workload: Workload): Promise<Workload> {
  if (workload.kind === 'Job') return workload;
  const scale = await context.store.scale.of(workload);
  const without = scale === null || (scale.pinned === null && (workload.scaling ?? null) === null);
  return without ? workload : { ...workload, replicas: decidedReplicas(workload, scale) };
}
