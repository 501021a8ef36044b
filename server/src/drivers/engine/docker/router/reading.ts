/** What HAProxy holds, read back from it: the truth while it lives, since a change may have reached it and not the disk. */
import { canariesOf } from './canary.ts';
import type { Paths } from './configuration.ts';
import { ask, parseMap, parseServers } from './socket.ts';
import type { Pool, RouterState, Slot } from './state.ts';

/** The state of the HAProxy that answers; `recorded` tells what it does not know. */
export async function readState(files: Paths, recorded: RouterState): Promise<RouterState> {
  const map = async (path: string) => parseMap(await ask(files.socket, [`show map ${path}`]));
  const servers = parseServers(await ask(files.socket, ['show servers state']));
  const ports = new Map((await map(files.ports)).map(([port, pool]) => [pool, Number(port)]));
  const places = await map(files.places);
  const allowed = Object.fromEntries(await map(files.allowed));
  const health = Object.fromEntries(await map(files.health));
  const slotsOf = (name: string): readonly Slot[] =>
    servers
      .filter((line) => line.pool === name && !line.maintenance)
      .map(({ index, address, draining }) => ({ index, address, traffic: draining ? 'drain' : 'serving' }));
  const pools = places
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([place, name]): Pool => {
      const past = recorded.pools.find((pool) => pool.name === name)?.past;
      return { name, place, port: ports.get(name) ?? null, slots: slotsOf(name), ...(past === undefined ? {} : { past }) };
    });
  const canaries = canariesOf(recorded, servers, await map(files.shares), places);
  return { ...recorded, pools, canaries, allowed, health };
}
