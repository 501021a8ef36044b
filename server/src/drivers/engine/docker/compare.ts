/**
 * How containers differ from how this engine makes them: what they run, how, with which limits, on which network, whether somebody
 * stopped or paused them. What an engine reports in words of its own is left out.
 */
import type { ContainerInspectInfo } from 'dockerode';
import type { Deviation, DriftKind } from '../../../domain/drift/drift.ts';
import type { Workload } from '../../../domain/workload.ts';
import { heldTo, truth } from './cgroup.ts';
import { type Client, callOrNull } from './client.ts';
import { containerOptions, type Limits } from './container-options.ts';
import { type Container, inspectSettled, listInstances, wasStopped } from './containers.ts';
import { bare, userIn } from './images.ts';
import { networkName } from './networks.ts';

export type CompareGround = { readonly client: Client; readonly platform: string; readonly limits: Limits };

type Expected = {
  readonly image: string;
  readonly imageId: string;
  /** Those of the image itself. */
  readonly imageEnv: readonly string[];
  readonly env: readonly string[];
  readonly command: readonly string[] | null;
  readonly user: string;
  readonly network: string;
  readonly memory: number;
  readonly cpus: number;
};

/** Nothing where the image is gone: what runs cannot be told from it any more. */
export async function compareContainers(ground: CompareGround, desired: Workload): Promise<readonly Deviation[]> {
  const containers = await listInstances(ground.client, ground.platform, {
    component: desired.component,
    environment: desired.environment,
  });
  const expected = containers.length === 0 ? null : await expectedOf(ground, desired);
  if (expected === null) return [];
  const found = await Promise.all(
    containers.map(async (container) => {
      const info = await inspectSettled(ground.client, container.id);
      return info === null ? [gone(container)] : differences(container, info, expected, await limitsOf(info, ground.limits));
    }),
  );
  return found.flat();
}

async function expectedOf({ client, platform, limits }: CompareGround, desired: Workload): Promise<Expected | null> {
  const image = await callOrNull(client, (docker) => docker.getImage(desired.image).inspect());
  if (image === null) return null;
  const network = networkName(platform, desired.environment);
  const user = userIn(image);
  const around = { name: '', labels: {}, user, network, ip: null, gateway: '', binds: [], limits, restart: true };
  const { Env = [], HostConfig = {} } = containerOptions(desired, around);
  return {
    ...{ image: desired.image, imageId: bare(image.Id), imageEnv: image.Config?.Env ?? [], env: Env, command: desired.command },
    ...{ user, network, memory: HostConfig.Memory ?? 0, cpus: HostConfig.NanoCpus ?? 0 },
  };
}

type Limited = { readonly memory: number; readonly cpus: number };

/** As it is held to while it runs; an engine may not know. */
async function limitsOf({ Id, State, HostConfig }: ContainerInspectInfo, can: Limits): Promise<Limited> {
  const said = { memory: HostConfig.Memory ?? 0, cpus: cpusOf(HostConfig) };
  return truth(await heldTo(State.Pid, Id), said, can);
}

/** It was there a moment ago, or still is while the engine takes it away. */
function gone({ instance }: Container): Deviation {
  return { instance, kind: 'removed', sentence: `The container of ${instance} is gone.` };
}

const leaving: ReadonlySet<string> = new Set(['removing', 'dead']);

function differences(container: Container, info: ContainerInspectInfo, expected: Expected, limits: Limited): readonly Deviation[] {
  const { instance } = container;
  const as = (kind: DriftKind, sentence: string | null): readonly Deviation[] => (sentence === null ? [] : [{ instance, kind, sentence }]);
  if (leaving.has(info.State.Status)) return [gone(container)];
  return [
    ...as('paused', info.State.Status === 'paused' ? `${instance} is paused.` : null),
    ...as('stopped', wasStopped(info) ? `${instance} was stopped; the engine does not start it again.` : null),
    ...as('image', imageDifference(instance, info, expected)),
    ...as('configuration', configurationDifference(instance, info, expected)),
    ...as('limits', limitsDifference(instance, limits, expected)),
    ...as('network', networkDifference(instance, info, expected)),
  ];
}

function imageDifference(instance: string, info: ContainerInspectInfo, { image, imageId }: Expected): string | null {
  return bare(info.Image) === imageId ? null : `${instance} runs ${info.Config.Image} instead of ${image}.`;
}

/** Names only: a value may be one that should not be there. */
function configurationDifference(instance: string, info: ContainerInspectInfo, expected: Expected): string | null {
  const { Config, HostConfig } = info;
  const wanted = [...expected.env].filter((entry) => !Config.Env.includes(entry)).map(nameOf);
  const allowed = new Set([...expected.env, ...expected.imageEnv].map(nameOf));
  const extra = Config.Env.map(nameOf).filter((name) => !allowed.has(name) && !ofEngine.has(name));
  const words = [info.Path, ...info.Args];
  const otherCommand = expected.command !== null && expected.command.some((word, index) => words[index] !== word);
  const what = [
    ...[...new Set([...wanted, ...extra])].map((name) => `the variable ${name}`),
    ...(otherCommand ? ['its command'] : []),
    ...(Config.User === expected.user ? [] : ['its user']),
    ...(HostConfig.ReadonlyRootfs === true ? [] : ['its root, which is writable']),
    ...(HostConfig.Privileged === true ? ['its rights: it is privileged'] : []),
    ...(HostConfig.RestartPolicy?.Name === 'unless-stopped' ? [] : ['what happens when it ends']),
  ];
  return what.length === 0 ? null : `${instance} was not made as recorded: ${what.join(', ')}.`;
}

/** Set by the engines themselves in every container. */
const ofEngine: ReadonlySet<string> = new Set(['PATH', 'HOSTNAME', 'TERM', 'container']);

function limitsDifference(instance: string, has: Limited, { memory, cpus }: Expected): string | null {
  const what = [
    ...(has.memory === memory ? [] : [`memory ${bytes(has.memory)} instead of ${bytes(memory)}`]),
    ...(has.cpus === cpus ? [] : [`cpu ${cores(has.cpus)} instead of ${cores(cpus)}`]),
  ];
  return what.length === 0 ? null : `${instance} has other limits: ${what.join(', ')}.`;
}

/** In billionths of a core, also where it was set as a share of a period. */
function cpusOf({ NanoCpus = 0, CpuQuota = 0, CpuPeriod = 0 }: ContainerInspectInfo['HostConfig']): number {
  if (NanoCpus > 0 || CpuQuota <= 0) return NanoCpus;
  return Math.round((CpuQuota / (CpuPeriod > 0 ? CpuPeriod : 100_000)) * 1e9);
}

function networkDifference(instance: string, { State, NetworkSettings }: ContainerInspectInfo, { network }: Expected): string | null {
  if (!State.Running) return null;
  const names = Object.keys(NetworkSettings.Networks);
  if (!names.includes(network)) return `${instance} is not on the network of its environment any more.`;
  const others = names.filter((name) => name !== network);
  return others.length === 0 ? null : `${instance} is also on the network ${others.join(', ')}.`;
}

function nameOf(entry: string): string {
  return entry.slice(0, entry.indexOf('=') === -1 ? entry.length : entry.indexOf('='));
}

function bytes(value: number): string {
  return value === 0 ? 'without limit' : `${Math.round(value / (1024 * 1024))} MiB`;
}

function cores(nano: number): string {
  return nano === 0 ? 'without limit' : `${nano / 1e9}`;
}
