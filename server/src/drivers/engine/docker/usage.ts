/** What instances use, as the engine counts it. */
import type { Usage } from '../engine.ts';
import { type Client, callOrNull } from './client.ts';
import type { Container } from './containers.ts';

type Counted = {
  readonly cpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number } };
  readonly memory_stats?: { readonly usage?: number; readonly stats?: Readonly<Record<string, number>> };
};

/** Null when the engine says nothing of it: it ended meanwhile. */
export async function usageOf(client: Client, container: Container): Promise<Usage | null> {
  if (container.state !== 'running') return null;
  const options = { stream: false, 'one-shot': true } as const;
  const counted = (await callOrNull(client, (docker) => docker.getContainer(container.id).stats(options))) as Counted | null;
  const nanoseconds = counted?.cpu_stats?.cpu_usage?.total_usage ?? 0;
  if (counted === null || nanoseconds === 0) return null;
  return { instance: container.instance, cpuMs: nanoseconds / 1e6, memoryBytes: workingSet(counted) };
}

/** As the kubelet counts it: without the cache of files that nobody used lately; named differently by the two versions of cgroups. */
function workingSet({ memory_stats: memory = {} }: Counted): number {
  const idle = memory.stats?.['total_inactive_file'] ?? memory.stats?.['inactive_file'] ?? 0;
  return Math.max(0, (memory.usage ?? 0) - idle);
}
