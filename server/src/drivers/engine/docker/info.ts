/** Who answers on the socket, and what it can limit. */
import type { EngineInfo } from '../engine.ts';
import { type Client, call } from './client.ts';
import type { Limits } from './container-options.ts';

type Component = { readonly Name?: string; readonly Version?: string };

export async function engineInfo(client: Client): Promise<EngineInfo> {
  const version = await call(client, (docker) => docker.version());
  const components: readonly Component[] = version.Components ?? [];
  const podman = components.find((component) => component.Name === 'Podman Engine');
  return podman === undefined
    ? { kind: 'docker', version: version.Version }
    : { kind: 'podman', version: podman.Version ?? version.Version };
}

export async function engineLimits(client: Client): Promise<Limits> {
  const info = (await call(client, (docker) => docker.info())) as Readonly<Record<string, unknown>>;
  const can = (...names: readonly string[]) => names.some((name) => info[name] === true);
  return { memory: can('MemoryLimit'), cpu: can('CpuCfsQuota', 'CPUCfsQuota'), pids: can('PidsLimit') };
}
