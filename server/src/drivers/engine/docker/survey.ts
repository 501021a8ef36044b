/** A quick look at everything: one list of the engine, one answer of the router, and what the kernel holds containers to. */
import type { ContainerInfo } from 'dockerode';
import type { Stranger } from '../../../domain/drift/drift.ts';
import type { Survey } from '../engine.ts';
import { type CgroupPaths, pathsOf, read } from './cgroup.ts';
import { type Client, call, callOrNull } from './client.ts';
import { label, placeKey, placeOf } from './labels.ts';
import { networkName } from './networks.ts';
import type { Paths } from './router/configuration.ts';
import { ask, parseMap, parseStat } from './router/socket.ts';

export type SurveyGround = {
  readonly client: Client;
  readonly platform: string;
  readonly environments: readonly string[];
  readonly files: Paths;
  /** HAProxy's name of the pool of a place. */
  readonly poolName: (place: string) => string | null;
  /** Where the cgroups of containers are, by their ids: kept between surveys. */
  readonly cgroups: Map<string, CgroupPaths>;
};

export async function survey(ground: SurveyGround): Promise<Survey> {
  const [containers, routes] = await Promise.all([call(ground.client, (docker) => docker.listContainers({ all: true })), routesOf(ground)]);
  const limits = await limitsOf(
    ground,
    containers.filter((container) => isOurs(ground, container)),
  );
  const lines = new Map<string, string[]>();
  for (const container of containers) {
    const place = isOurs(ground, container) ? placeOf(container.Labels) : null;
    if (place === null) continue;
    const key = placeKey(place);
    lines.set(key, [...(lines.get(key) ?? []), `${markOf(container)} ${limits.get(container.Id) ?? ''}`]);
  }
  const marks = new Map([...lines].map(([key, some]) => [key, [...some.sort(), routes(ground.poolName(key))].join('\n')]));
  return { marks, strangers: containers.flatMap((container) => strangersOf(ground, container)) };
}

function isOurs({ platform }: SurveyGround, { Labels }: ContainerInfo): boolean {
  return Labels[label.platform] === platform;
}

function markOf({ Id, State, ImageID, Names, NetworkSettings }: ContainerInfo): string {
  return [Id.slice(0, 16), Names[0], State, ImageID, ...Object.keys(NetworkSettings?.Networks ?? {}).sort()].join(' ');
}

/** By id, what the kernel holds those that run to. */
async function limitsOf({ client, cgroups }: SurveyGround, containers: readonly ContainerInfo[]): Promise<ReadonlyMap<string, string>> {
  const ids = containers.filter(({ State }) => State === 'running').map(({ Id }) => Id);
  for (const id of cgroups.keys()) if (!containers.some(({ Id }) => Id === id)) cgroups.delete(id);
  const found = await Promise.all(
    ids.map(async (id): Promise<[string, string]> => {
      const paths = cgroups.get(id) ?? (await cgroupsOf(client, id));
      if (paths === null) return [id, ''];
      cgroups.set(id, paths);
      const { memory, cpus } = await read(paths);
      return [id, `${memory} ${cpus}`];
    }),
  );
  return new Map(found);
}

async function cgroupsOf(client: Client, id: string): Promise<CgroupPaths | null> {
  const info = await callOrNull(client, (docker) => docker.getContainer(id).inspect());
  return info === null ? null : await pathsOf(info.State.Pid, id);
}

/** By pool: its servers that have an address, and whether they drain; whether its port leads to it. */
async function routesOf({ files }: SurveyGround): Promise<(pool: string | null) => string> {
  const rows = parseStat(await ask(files.socket, ['show stat -1 4 -1 no-maint']));
  const ports = parseMap(await ask(files.socket, [`show map ${files.ports}`]));
  return (pool) => {
    if (pool === null) return '';
    const servers = rows.filter((row) => row['pxname'] === pool && row['svname'] !== 'former');
    const some = servers.map((row) => `${row['addr']} ${row['status']?.startsWith('DRAIN') ? 'drain' : 'serves'}`);
    return [...some.sort(), ports.some(([, name]) => name === pool) ? 'open' : 'closed'].join('\n');
  };
}

/** On our networks without our name, or under our name without being anything of ours. */
function strangersOf(ground: SurveyGround, container: ContainerInfo): readonly Stranger[] {
  const name = (container.Names[0] ?? container.Id.slice(0, 12)).replace(/^\//, '');
  if (isOurs(ground, container)) {
    if (placeOf(container.Labels) !== null) return [];
    return [{ environment: '', name, sentence: `The container ${name} bears the name of this platform and is none of its own.` }];
  }
  const joined = Object.keys(container.NetworkSettings?.Networks ?? {});
  return ground.environments
    .filter((environment) => joined.includes(networkName(ground.platform, environment)))
    .map((environment) => ({
      environment,
      name,
      sentence: `The container ${name}, which is not of this platform, is on the network of ${environment} and reaches what runs there.`,
    }));
}
