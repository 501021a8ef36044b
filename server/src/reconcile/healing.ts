/**
 * From a look at a place to its health: crashes are counted, an instance that crashes again and again is held, what waits for a dependency
 * says so once. Which instances are held decides what a repair may start.
 */
import type { Context } from '../actions/context.ts';
import { type Dependency, heldInstances, look, type PlaceHealth } from '../domain/healing/health.ts';
import type { Instance, Observed } from '../domain/instance.ts';
import { wantedNames } from '../domain/rollout/plan.ts';
import { stamp } from '../domain/stamp.ts';
import type { Workload } from '../domain/workload.ts';

/** Looks, remembers, and ends what crashes again. Gives the instances that must not be started now. */
export async function lookAfter(context: Context, desired: Workload, observed: Observed): Promise<readonly string[]> {
  const before = await context.store.placeHealth.of(desired);
  const dependencies = await dependenciesOf(context, desired);
  const now = context.now();
  const { health, hold, told } = look(before, { instances: observed.instances, wanted: wantedNames(desired), dependencies, now });
  const saved = await context.store.placeHealth.save(desired, before, health, told, stamp(now));
  if (!saved) return heldNow(context, desired);
  for (const instance of hold) await context.engine.hold(instance, 1_000);
  return heldInstances(health, now);
}

/** What must not be started now, without a new look. */
export async function heldNow(context: Context, desired: Workload): Promise<readonly string[]> {
  return heldInstances(await context.store.placeHealth.of(desired), context.now());
}

/**
 * To the planner an instance that is held is as good as one that serves: it leaves it alone. So is one that is not ready, which the router
 * itself brings back: a repair could do nothing but wait, and a release would wait behind it.
 */
export function withoutHeld(observed: Observed, held: readonly string[]): Observed {
  const left = (instance: Instance) => (held.includes(instance.name) && instance.state !== 'running') || instance.unready === true;
  const well = { state: 'running', healthy: true, traffic: 'serving' } as const;
  return { ...observed, instances: observed.instances.map((instance) => (left(instance) ? { ...instance, ...well } : instance)) };
}

async function dependenciesOf(context: Context, { dependsOn, environment }: Workload): Promise<readonly Dependency[]> {
  return await Promise.all(
    dependsOn.map(async (component) => {
      const { downSince }: PlaceHealth = await context.store.placeHealth.of({ component, environment });
      return { component, downSince };
    }),
  );
}
