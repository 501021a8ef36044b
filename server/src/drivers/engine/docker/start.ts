/** Starting instances: adopted when they run, started again when they ended, made when they are not there. */

import type { Workload } from '../../../domain/workload.ts';
import { BelugaError } from '../../../errors.ts';
import { type Client, call, change, messageOf } from './client.ts';
import { containerOptions, type Limits } from './container-options.ts';
import type { Container } from './containers.ts';
import { type FileRoots, writeFiles } from './files.ts';
import { userOf } from './images.ts';
import { label, labelsOf } from './labels.ts';
import type { Network } from './networks.ts';
import { ensureVolumes } from './volumes.ts';

export type Ground = {
  readonly client: Client;
  readonly platform: string;
  readonly network: Network;
  readonly roots: FileRoots;
  readonly limits: Limits;
};

/** Starts one instance; `existing` is its container when there is one. */
export async function startInstance(
  ground: Ground,
  workload: Workload,
  instance: string,
  existing: Container | undefined,
  ip: string,
): Promise<void> {
  const user = await userOf(ground.client, workload.image);
  const files = await writeFiles(ground.roots, instance, workload, user);
  if (existing !== undefined && (await revived(ground.client, existing))) return;
  if (existing !== undefined) await removeContainer(ground.client, existing.id);
  const binds = [...files, ...(await ensureVolumes(ground.client, ground.platform, workload, user))];
  await create(ground, workload, { instance, user, binds, ip });
}

/** Whether it runs now. One that was created and never started has something wrong with it: better made anew. */
async function revived(client: Client, existing: Container): Promise<boolean> {
  if (existing.state === 'running' || existing.status === 'restarting') return true;
  if (existing.state === 'created' || existing.status === 'dead') return false;
  const container = client.docker.getContainer(existing.id);
  try {
    await change(client, () => (existing.state === 'paused' ? container.unpause() : container.start()));
    return true;
  } catch (cause) {
    if (cause instanceof BelugaError) throw cause;
    return false;
  }
}

type Details = { readonly instance: string; readonly user: string; readonly binds: readonly string[]; readonly ip: string };

async function create(ground: Ground, workload: Workload, details: Details): Promise<void> {
  const { instance, user, binds, ip } = details;
  const ordinal = instance.slice(instance.lastIndexOf('.') + 1);
  const options = containerOptions(workload, {
    name: `${ground.platform}.${instance}`,
    labels: { ...labelsOf(ground.platform, workload), [label.ordinal]: ordinal, [label.ip]: ip },
    user,
    network: ground.network.name,
    ip,
    gateway: ground.network.gateway,
    binds,
    limits: ground.limits,
    restart: true,
  });
  await createAndStart(ground.client, options, instance);
}

/** Makes a container and starts it; leaves nothing when the start fails. Throws `start-failed`. */
export async function createAndStart(client: Client, options: ReturnType<typeof containerOptions>, instance: string): Promise<string> {
  try {
    const container = await call(client, (docker) => docker.createContainer(options));
    try {
      await call(client, () => container.start());
    } catch (cause) {
      await removeContainer(client, container.id).catch(() => {});
      throw cause;
    }
    return container.id;
  } catch (cause) {
    if (cause instanceof BelugaError) throw cause;
    throw new BelugaError('start-failed', { instance, problem: messageOf(cause) }, { cause });
  }
}

export async function removeContainer(client: Client, id: string): Promise<void> {
  await change(client, (docker) => docker.getContainer(id).remove({ force: true }));
}
