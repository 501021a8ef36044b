/** What this engine holds that may be left over, and taking it away: never by force, so that what is in use stays. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Holding, Leftover } from '../../../domain/cleaning/leftover.ts';
import { type Client, call, statusOf } from './client.ts';
import { listContainers } from './containers.ts';
import { type FileRoots, removeFiles } from './files.ts';
import { bare } from './images.ts';
import { label } from './labels.ts';

export type HoldingsGround = { readonly client: Client; readonly platform: string; readonly roots: FileRoots };

/** Files are written before their container is made: young ones are not looked at. */
const youngMs = 600_000;

export async function holdingsOf(ground: HoldingsGround): Promise<readonly Holding[]> {
  return (await Promise.all([images(ground), networks(ground), tasks(ground), files(ground)])).flat();
}

/** Takes away anything but a task. False when somebody uses it after all. */
export async function discard({ client, roots }: Omit<HoldingsGround, 'platform'>, { kind, name }: Leftover): Promise<boolean> {
  if (kind === 'files') {
    await removeFiles(roots, name);
    return true;
  }
  try {
    await call(client, (docker) => (kind === 'image' ? docker.getImage(name).remove() : docker.getNetwork(name).remove()));
    return true;
  } catch (cause) {
    const status = statusOf(cause);
    if (status === 404) return true;
    if (status === 403 || status === 409 || status === 500) return false;
    throw cause;
  }
}

async function images({ client }: HoldingsGround): Promise<readonly Holding[]> {
  const [held, containers] = await Promise.all([
    call(client, (docker) => docker.listImages()),
    call(client, (docker) => docker.listContainers({ all: true })),
  ]);
  const used = new Set(containers.map(({ ImageID }) => bare(ImageID)));
  return held.flatMap(({ Id, RepoDigests, Size }) =>
    (RepoDigests ?? []).map((name) => ({ kind: 'image' as const, name, environment: null, sizeBytes: Size, used: used.has(bare(Id)) })),
  );
}

async function networks({ client, platform }: HoldingsGround): Promise<readonly Holding[]> {
  const found = await call(client, (docker) => docker.listNetworks({ filters: { label: [`${label.platform}=${platform}`] } }));
  return await Promise.all(
    found.map(async ({ Id, Name, Labels }) => {
      const { Containers } = (await call(client, (docker) => docker.getNetwork(Id).inspect())) as { readonly Containers?: object };
      const used = Object.keys(Containers ?? {}).length > 0;
      return { kind: 'network' as const, name: Name, environment: Labels?.[label.environment] ?? null, sizeBytes: null, used };
    }),
  );
}

async function tasks({ client, platform }: HoldingsGround): Promise<readonly Holding[]> {
  const found = await listContainers(client, platform);
  return found.flatMap(({ labels, state }) => {
    const name = labels[label.task];
    const environment = labels[label.environment] ?? null;
    return name === undefined ? [] : [{ kind: 'task' as const, name, environment, sizeBytes: null, used: state !== 'exited' }];
  });
}

async function files({ client, platform, roots }: HoldingsGround): Promise<readonly Holding[]> {
  const there = new Set((await listContainers(client, platform)).map(({ instance }) => instance));
  const names = await Promise.all([roots.files, roots.secrets].map(oldOnes));
  const gone = [...new Set(names.flat())].filter((name) => !there.has(name));
  return gone.map((name) => ({ kind: 'files', name, environment: null, sizeBytes: null, used: false }));
}

async function oldOnes(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const old = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => null);
      return found !== null && Date.now() - found.mtimeMs > youngMs;
    }),
  );
  return names.filter((_, index) => old[index]);
}
