/** The instances of a component in an environment, as they are at this instant. */
import type { Instance } from '../domain/instance.ts';
import type { Context } from './context.ts';
import { findComponent, findEnvironment } from './find-release.ts';

export type InstanceView = {
  readonly name: string;
  readonly component: string;
  readonly environment: string;
  readonly version: string;
  readonly image: string;
  readonly state: 'starting' | 'serving' | 'draining' | 'stopped';
  readonly restarts: number;
  readonly startedAt: string | null;
};

export async function listInstances(context: Context, place: { component: string; environment: string }): Promise<readonly InstanceView[]> {
  findEnvironment(context, place.environment);
  await findComponent(context, place.component);
  const { component, environment } = place;
  const { instances } = await context.engine.observe({ component, environment });
  return instances.map((instance) => {
    const { name, version, image, restarts, startedAt } = instance;
    return { name, component, environment, version, image, restarts, startedAt, state: shownState(instance) };
  });
}

function shownState(instance: Instance): InstanceView['state'] {
  if (instance.state === 'exited' || instance.state === 'paused') return 'stopped';
  if (instance.traffic === 'drain') return 'draining';
  return instance.traffic === 'serving' && instance.healthy ? 'serving' : 'starting';
}
