/** Why a component does not serve as wanted, in words for people; null when nothing is known. */
import { waitingSentence } from '../domain/healing/health.ts';
import type { Place } from '../domain/workload.ts';
import type { Context } from './context.ts';

export async function whyUnwell(context: Context, { component, environment }: Place): Promise<string | null> {
  const health = await context.store.placeHealth.of({ component, environment });
  if (health.waitingFor === null) return health.reason;
  const dependency = await context.store.placeHealth.of({ component: health.waitingFor, environment });
  return waitingSentence(health.waitingFor, dependency.downSince, context.now());
}
