/** What is recorded to run at a place now: its current release, in as many instances as were decided. */
import type { Context } from '../actions/context.ts';
import { withDecided } from '../actions/decided.ts';
import { type Place, type Workload, workloadOf } from '../domain/workload.ts';

/** The same, or null when nothing is recorded to run there. */
export async function desiredAt(context: Context, place: Place): Promise<Workload | null> {
  const declared = await declaredAt(context, place);
  return declared === null ? null : withDecided(context, declared);
}

/** In as many instances as the release asks for, before anything was decided. */
export async function declaredAt(context: Context, place: Place): Promise<Workload | null> {
  const current = await context.store.deployments.current(place.component, place.environment);
  if (current === null) return null;
  const release = await context.store.releases.byDigest(current.releaseDigest);
  const prints = (await context.store.secretPrints.of(current.deploymentId)) ?? {};
  return workloadOf(release, place.environment, context.hash, prints);
}
