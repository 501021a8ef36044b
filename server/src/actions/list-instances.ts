/** The instances of a component in an environment, as they are at this instant. */
import { type PlaceHealth, spoken } from '../domain/healing/health.ts';
import { type Instance, servesWell } from '../domain/instance.ts';
import { isOnTrial, sharesOf } from '../domain/rollout/traffic.ts';
import type { Context } from './context.ts';
import { findComponent, findEnvironment } from './find-release.ts';
import { whyUnwell } from './why-unwell.ts';

export type InstanceView = {
  readonly name: string;
  readonly component: string;
  readonly environment: string;
  readonly version: string;
  readonly image: string;
  readonly state: 'starting' | 'serving' | 'draining' | 'stopped';
  readonly restarts: number;
  readonly startedAt: string | null;
  readonly reason: string | null;
  /** Of the new requests of the place, in percent, as the router shares them out. */
  readonly trafficPercent: number;
};

export async function listInstances(context: Context, place: { component: string; environment: string }): Promise<readonly InstanceView[]> {
  findEnvironment(context, place.environment);
  await findComponent(context, place.component);
  const { component, environment } = place;
  const observed = await context.engine.observe({ component, environment });
  const shares = sharesOf(observed);
  const arriving = await context.store.views.arriving({ component, environment });
  const health = await context.store.placeHealth.of({ component, environment });
  const waiting = await whyUnwell(context, { component, environment });
  return observed.instances.map((instance) => {
    const { name, version, image, restarts, startedAt } = instance;
    return {
      name,
      component,
      environment,
      version,
      image,
      restarts,
      startedAt,
      state: shownState(instance, arriving),
      reason: reasonOf(instance, health, waiting, context.now()),
      trafficPercent: Math.round((shares.get(name) ?? 0) * 100) / 100,
    };
  });
}

function reasonOf(instance: Instance, health: PlaceHealth, waiting: string | null, now: Temporal.Instant): string | null {
  if (servesWell(instance) || isOnTrial(instance)) return null;
  const until = health.instances[instance.name]?.heldUntil ?? null;
  const crashes = health.instances[instance.name]?.crashes ?? 0;
  const leftMs = until === null ? 0 : Temporal.Instant.from(until).epochMilliseconds - now.epochMilliseconds;
  if (leftMs > 0) return `crashed ${crashes} times in a row; starts again in ${spoken(leftMs)}${waiting === null ? '' : `; ${waiting}`}`;
  if (instance.state === 'paused') return 'paused by hand';
  return (
    waiting ?? (instance.state === 'running' && instance.traffic === 'serving' ? 'not ready: it does not answer its health check' : null)
  );
}

/** One without requests comes, or has finished what it had: it leaves where another version is to serve. */
function shownState(instance: Instance, arriving: string | null): InstanceView['state'] {
  if (instance.state === 'exited' || instance.state === 'paused') return 'stopped';
  if (servesWell(instance) || isOnTrial(instance)) return 'serving';
  const leaves = instance.traffic === 'drain' || (instance.traffic === 'none' && instance.version !== arriving);
  return leaves ? 'draining' : 'starting';
}
