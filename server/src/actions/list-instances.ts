/** The instances of a component in an environment, as they are at this instant. */
import { type PlaceHealth, spoken } from '../domain/healing/health.ts';
import { type Instance, servesWell } from '../domain/instance.ts';
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
};

export async function listInstances(context: Context, place: { component: string; environment: string }): Promise<readonly InstanceView[]> {
  findEnvironment(context, place.environment);
  await findComponent(context, place.component);
  const { component, environment } = place;
  const { instances } = await context.engine.observe({ component, environment });
  const health = await context.store.placeHealth.of({ component, environment });
  const waiting = await whyUnwell(context, { component, environment });
  return instances.map((instance) => {
    const { name, version, image, restarts, startedAt } = instance;
    return {
      name,
      component,
      environment,
      version,
      image,
      restarts,
      startedAt,
      state: shownState(instance),
      reason: reasonOf(instance, health, waiting, context.now()),
    };
  });
}

function reasonOf(instance: Instance, health: PlaceHealth, waiting: string | null, now: Temporal.Instant): string | null {
  if (servesWell(instance)) return null;
  const until = health.instances[instance.name]?.heldUntil ?? null;
  const crashes = health.instances[instance.name]?.crashes ?? 0;
  const leftMs = until === null ? 0 : Temporal.Instant.from(until).epochMilliseconds - now.epochMilliseconds;
  if (leftMs > 0) return `crashed ${crashes} times in a row; starts again in ${spoken(leftMs)}${waiting === null ? '' : `; ${waiting}`}`;
  if (instance.state === 'paused') return 'paused by hand';
  return (
    waiting ?? (instance.state === 'running' && instance.traffic === 'serving' ? 'not ready: it does not answer its health check' : null)
  );
}

function shownState(instance: Instance): InstanceView['state'] {
  if (instance.state === 'exited' || instance.state === 'paused') return 'stopped';
  if (instance.traffic === 'drain') return 'draining';
  return instance.traffic === 'serving' && instance.healthy ? 'serving' : 'starting';
}
