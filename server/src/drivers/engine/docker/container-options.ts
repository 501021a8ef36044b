/** What a workload is in the engine's words: the options of one container. Pure. */
import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { Workload } from '../../../domain/workload.ts';
import type { Labels } from './labels.ts';

/** What this engine can limit; an old or partial cgroup set-up lacks some. */
export type Limits = { readonly memory: boolean; readonly cpu: boolean; readonly pids: boolean };
export type Surroundings = {
  readonly name: string;
  readonly labels: Labels;
  readonly user: string;
  readonly network: string;
  readonly ip: string | null;
  readonly gateway: string;
  readonly binds: readonly string[];
  readonly limits: Limits;
  /** An instance starts again when it ends; a task does not. */
  readonly restart: boolean;
};

const megabyte = 1024 * 1024;

export function containerOptions(workload: Workload, around: Surroundings): ContainerCreateOptions {
  return {
    name: around.name,
    Image: workload.image,
    ...(workload.command === null ? {} : { Cmd: [...workload.command], Entrypoint: [] }),
    Env: Object.entries({ HOME: '/tmp', ...workload.env }).map(([name, value]) => `${name}=${value}`),
    User: around.user,
    Hostname: hostName(workload),
    Labels: { ...around.labels },
    HostConfig: hostConfig(workload, around),
    NetworkingConfig: {
      EndpointsConfig: {
        [around.network]: around.ip === null ? {} : { IPAMConfig: { IPv4Address: around.ip }, MacAddress: macOf(around.ip) },
      },
    },
  };
}

/**
 * The hardware address that Docker would choose for this address. Podman chooses another one at every start, and for seconds after a restart
 * what is sent to the instance would go to the one it had before.
 */
export function macOf(ip: string): string {
  return ['02', '42', ...ip.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))].join(':');
}

function hostName(workload: Workload): string {
  return workload.component;
}

function hostConfig(workload: Workload, around: Surroundings): HostConfig {
  return {
    NetworkMode: around.network,
    RestartPolicy: { Name: around.restart ? 'unless-stopped' : 'no' },
    ReadonlyRootfs: true,
    Tmpfs: { '/tmp': 'rw,nosuid,nodev,mode=1777,size=256m' },
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    Binds: [...around.binds],
    ExtraHosts: workload.dependsOn.map((name) => `${name}:${around.gateway}`),
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    ...limits(workload, around.limits),
  };
}

function limits(workload: Workload, allowed: Limits): HostConfig {
  const { cpuMillis, memoryBytes } = workload.resources;
  return {
    ...(allowed.pids ? { PidsLimit: 1024 } : {}),
    ...(allowed.cpu && cpuMillis !== null ? { NanoCpus: cpuMillis * 1_000_000 } : {}),
    ...(allowed.memory && memoryBytes !== null ? memory(memoryBytes) : {}),
  };
}

/** No swap beyond the memory asked for; engines refuse less than 6 MiB. */
function memory(bytes: number): HostConfig {
  const Memory = Math.max(bytes, 6 * megabyte);
  return { Memory, MemorySwap: Memory };
}
