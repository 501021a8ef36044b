/** What runs of one place: the engine's word for life, the router's for traffic. */
import type { Instance, Observed } from '../../../domain/instance.ts';
import type { Place } from '../../../domain/workload.ts';
import type { Client } from './client.ts';
import { type Container, type Life, lifeOf, listInstances } from './containers.ts';
import { label, placeKey } from './labels.ts';
import { probeTcp } from './probe.ts';
import type { Router } from './router/router.ts';
import type { ServerState } from './router/server-state.ts';

const probeMs = 300;

export async function observe(client: Client, platform: string, router: Router, place: Place): Promise<Observed> {
  const [containers, servers] = await Promise.all([listInstances(client, platform, place), router.servers(placeKey(place))]);
  const found = await Promise.all(containers.map((container) => instanceOf(client, container, servers.get(addressOf(container)))));
  const instances = found.filter((instance) => instance !== null);
  const sorted = instances.sort((a, b) => (a.name < b.name ? -1 : 1));
  const onTrial = sorted.some(({ traffic }) => traffic === 'canary');
  return onTrial ? { instances: sorted, canaryPercent: router.share(placeKey(place)) } : { instances: sorted };
}

/** `ip:port`, as the router knows it. */
export function addressOf(container: Container): string {
  return `${container.ip}:${container.port}`;
}

async function instanceOf(client: Client, container: Container, server: ServerState | undefined): Promise<Instance | null> {
  const life = await lifeOf(client, container.id);
  if (life === null) return null;
  const { labels } = container;
  return {
    name: container.instance,
    generation: labels[label.generation] ?? '',
    version: labels[label.version] ?? '',
    image: labels[label.image] ?? '',
    ordinal: Number(labels[label.ordinal] ?? 0),
    state: life.state,
    traffic: server?.traffic ?? 'none',
    healthy: await isHealthy(container, life, server),
    ...(life.state === 'running' && server?.traffic === 'serving' && server.unready ? { unready: true as const } : {}),
    restarts: life.restarts,
    exitCode: life.exitCode,
    startedAt: life.startedAt,
  };
}

async function isHealthy(container: Container, life: Life, server: ServerState | undefined): Promise<boolean> {
  if (life.state !== 'running') return false;
  if (server !== undefined && server.traffic === 'serving' && server.checked) return server.ready;
  return (await probeTcp(container, probeMs)) === null;
}
