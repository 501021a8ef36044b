/** The containers of this platform, read from the engine. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type { InstanceState } from '../../../domain/instance.ts';
import type { Place } from '../../../domain/workload.ts';
import { type Client, call, callOrNull } from './client.ts';
import { type Labels, label } from './labels.ts';

export type Container = {
  readonly id: string;
  /** Without the platform's prefix: the instance's name. */
  readonly instance: string;
  readonly labels: Labels;
  readonly state: InstanceState;
  /** As the engine calls it: `restarting`, `dead` and the like too. */
  readonly status: string;
  readonly ip: string;
  readonly port: number;
};

export type Life = {
  readonly state: InstanceState;
  readonly status: string;
  readonly restarts: number;
  readonly exitCode: number | null;
  readonly startedAt: string | null;
};

export async function listContainers(
  client: Client,
  platform: string,
  filter: Partial<Place> & { task?: string } = {},
): Promise<readonly Container[]> {
  const wanted = [`${label.platform}=${platform}`];
  if (filter.component !== undefined) wanted.push(`${label.component}=${filter.component}`);
  if (filter.environment !== undefined) wanted.push(`${label.environment}=${filter.environment}`);
  if (filter.task !== undefined) wanted.push(`${label.task}=${filter.task}`);
  const found = await call(client, (docker) => docker.listContainers({ all: true, filters: { label: wanted } }));
  return found.map((info) => containerOf(platform, info));
}

/** Only instances, without the containers of tasks. */
export async function listInstances(client: Client, platform: string, place: Partial<Place> = {}): Promise<readonly Container[]> {
  return (await listContainers(client, platform, place)).filter((container) => container.labels[label.task] === undefined);
}

function containerOf(platform: string, info: ContainerInfo): Container {
  const name = (info.Names[0] ?? '').replace(/^\//, '');
  return {
    id: info.Id,
    instance: name.startsWith(`${platform}.`) ? name.slice(platform.length + 1) : name,
    labels: info.Labels,
    state: stateOf(info.State),
    status: info.State,
    ip: info.Labels[label.ip] ?? '',
    port: Number(info.Labels[label.port] ?? 0),
  };
}

const states: Readonly<Record<string, InstanceState>> = {
  created: 'created',
  configured: 'created',
  initialized: 'created',
  running: 'running',
  paused: 'paused',
};

/** One that is between two starts has ended for whoever wants an answer. */
function stateOf(status: string): InstanceState {
  return states[status.toLowerCase()] ?? 'exited';
}

/** How a container lives; null when it is gone. */
export async function lifeOf(client: Client, id: string): Promise<Life | null> {
  const info = await callOrNull(client, (docker) => docker.getContainer(id).inspect());
  return info === null ? null : lifeFrom(info);
}

function lifeFrom(info: ContainerInspectInfo): Life {
  const { State, RestartCount } = info;
  const state = stateOf(State.Status);
  return {
    state,
    status: State.Status,
    restarts: RestartCount,
    exitCode: state === 'exited' ? State.ExitCode : null,
    startedAt: State.StartedAt.startsWith('0001') ? null : State.StartedAt,
  };
}

/** Whether it ended and the engine leaves it so, as after a stop by hand: one that crashed is started again at once. */
export function wasStopped({ State, HostConfig }: ContainerInspectInfo): boolean {
  return State.Status === 'exited' && !State.Restarting && HostConfig.RestartPolicy?.Name !== 'no';
}

const [settleEveryMs, settleTimes] = [50, 20];

/** A container as it is once the engine made up its mind: for an instant after its end Podman does not know yet whether to start it again. */
export async function inspectSettled(client: Client, id: string): Promise<ContainerInspectInfo | null> {
  for (let tried = 0; ; tried += 1) {
    const info = await callOrNull(client, (docker) => docker.getContainer(id).inspect());
    if (info === null || tried === settleTimes || !undecided.has(info.State.Status)) return info;
    await sleep(settleEveryMs);
  }
}

const undecided: ReadonlySet<string> = new Set(['stopping', 'stopped']);
