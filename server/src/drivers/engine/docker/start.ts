/** Starting instances: adopted when they run, started again when they ended, made when they are not there. */
import type { ContainerCreateOptions } from 'dockerode';
import type { Workload } from '../../../domain/workload.ts';
import { BelugaError } from '../../../errors.ts';
import { type Client, call, change, messageOf, statusOf } from './client.ts';
import { containerOptions, type Limits } from './container-options.ts';
import { lifeOf } from './containers.ts';
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

/** Starts one instance under this address, or adopts the container that has its name. Throws `start-failed`. */
export async function startInstance(ground: Ground, workload: Workload, instance: string, ip: string): Promise<void> {
  const ordinal = instance.slice(instance.lastIndexOf('.') + 1);
  const options = await describe(ground, workload, { name: instance, restart: true, ip, labels: { [label.ordinal]: ordinal } });
  await startNamed(ground.client, options, instance);
}

export type Details = {
  /** Of the instance or task; its files stand under it. */
  readonly name: string;
  readonly restart: boolean;
  readonly ip: string;
  readonly labels: Readonly<Record<string, string>>;
};

/** Writes the files of a container and gives the options it is made with. */
export async function describe(ground: Ground, workload: Workload, details: Details): Promise<ContainerCreateOptions> {
  const { client, platform, network, limits, roots } = ground;
  const user = await userOf(client, workload.image);
  const files = await writeFiles(roots, details.name, workload, user);
  const volumes = await ensureVolumes(client, platform, workload, user);
  return containerOptions(workload, {
    name: `${platform}.${details.name}`,
    labels: { ...labelsOf(platform, workload), [label.ip]: details.ip, ...details.labels },
    user,
    network: network.name,
    ip: details.ip,
    gateway: network.gateway,
    binds: [...files, ...volumes],
    limits,
    restart: details.restart,
  });
}

/**
 * Makes the container and starts it; one that has the name already is started instead, by whomever it was made, and made anew only when
 * it cannot start. Leaves nothing when the start fails. Throws `start-failed`.
 */
export async function startNamed(client: Client, options: ContainerCreateOptions, instance: string): Promise<void> {
  const name = options.name ?? instance;
  try {
    if (await revived(client, name)) return;
    await create(client, options);
    await start(client, name);
  } catch (cause) {
    if (cause instanceof BelugaError) throw cause;
    throw new BelugaError('start-failed', { instance, problem: messageOf(cause) }, { cause });
  }
}

/** Whether the container of this name runs now; one that cannot is removed. */
async function revived(client: Client, name: string): Promise<boolean> {
  const life = await lifeOf(client, name);
  if (life === null) return false;
  if (life.state === 'running' || life.status === 'restarting') return true;
  const container = client.docker.getContainer(name);
  try {
    await call(client, () => (life.state === 'paused' ? container.unpause() : container.start()));
    return true;
  } catch (cause) {
    if (statusOf(cause) === 304) return true;
    if (cause instanceof BelugaError) throw cause;
    await removeContainer(client, name);
    return false;
  }
}

/** A name that is taken was given by another server that does the same work: its container is as good. */
async function create(client: Client, options: ContainerCreateOptions): Promise<void> {
  try {
    await call(client, (docker) => docker.createContainer(options));
  } catch (cause) {
    if (statusOf(cause) !== 409 && !/already in use by/.test(messageOf(cause))) throw cause;
  }
}

async function start(client: Client, name: string): Promise<void> {
  try {
    await call(client, (docker) => docker.getContainer(name).start());
  } catch (cause) {
    if (statusOf(cause) === 304) return;
    await removeContainer(client, name).catch(() => {});
    throw cause;
  }
}

export async function removeContainer(client: Client, id: string): Promise<void> {
  await change(client, (docker) => docker.getContainer(id).remove({ force: true }));
}
