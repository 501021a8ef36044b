/** Whether the address of a place leads to it, and putting it right: HAProxy's maps against what its driver keeps. */
import type { Deviation } from '../../../domain/drift/drift.ts';
import type { Place } from '../../../domain/workload.ts';
import { placeKey } from './labels.ts';
import { type Paths, paths } from './router/configuration.ts';
import type { Router } from './router/router.ts';
import { ask, parseMap, tell } from './router/socket.ts';

export type RouteGround = { readonly router: Router; readonly files: Paths };

export function routerFiles(folder: string): Paths {
  return paths(folder);
}

/** Nothing for a place that was never given an address. */
export async function compareRoutes(ground: RouteGround, place: Place): Promise<readonly Deviation[]> {
  const missing = await missingEntries(ground, placeKey(place));
  const port = ground.router.port(placeKey(place));
  if (missing.length === 0) return [];
  return [{ instance: '', kind: 'route', sentence: `The address 127.0.0.1:${port} does not lead to ${place.component} any more.` }];
}

/** Writes what is missing again and reads what else was changed, so that the next step starts from the truth. */
export async function mendRoutes(ground: RouteGround, place: Place): Promise<void> {
  const missing = await missingEntries(ground, placeKey(place));
  await tell(
    ground.files.socket,
    missing.flatMap(({ map, key, pool }) => [`del map ${map} ${key}`, `add map ${map} ${key} ${pool}`]),
  ).catch(() =>
    tell(
      ground.files.socket,
      missing.map(({ map, key, pool }) => `add map ${map} ${key} ${pool}`),
    ),
  );
  await ground.router.reread();
}

type Entry = { readonly map: string; readonly key: string; readonly pool: string };

async function missingEntries({ router, files }: RouteGround, key: string): Promise<readonly Entry[]> {
  const [pool, port] = [router.poolName(key), router.port(key)];
  if (pool === null || port === null) return [];
  const wanted: readonly Entry[] = [
    { map: files.ports, key: String(port), pool },
    { map: files.places, key, pool },
  ];
  const held = await Promise.all(
    wanted.map(async (entry) => parseMap(await ask(files.socket, [`show map ${entry.map}`])).find(([name]) => name === entry.key)?.[1]),
  );
  return wanted.filter(({ pool: name }, index) => held[index] !== name);
}
