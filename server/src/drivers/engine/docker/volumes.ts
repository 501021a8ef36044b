/** Data that outlives releases: one named volume an environment, writable by the instance's user. */
import { readdir, stat } from 'node:fs/promises';
import type { Workload } from '../../../domain/workload.ts';
import { type Client, call } from './client.ts';
import { own } from './files.ts';
import { label } from './labels.ts';

/** Makes the volumes of a workload and gives the mounts for them. */
export async function ensureVolumes(client: Client, platform: string, workload: Workload, user: string): Promise<readonly string[]> {
  return await Promise.all(
    workload.volumes.map(async (volume) => {
      const name = `${platform}.${workload.environment}.${workload.component}.${volume.name}`;
      const labels = { [label.platform]: platform, [label.component]: workload.component, [label.environment]: workload.environment };
      await call(client, (docker) => docker.createVolume({ Name: name, Labels: labels }));
      const { Mountpoint } = await call(client, (docker) => docker.getVolume(name).inspect());
      await giveWhenNew(Mountpoint, user);
      return `${name}:${volume.path}`;
    }),
  );
}

/** A volume that nothing was written to belongs to root: its user could not write. Where its folder is not reachable, the engine's rule stands. */
async function giveWhenNew(folder: string, user: string): Promise<void> {
  try {
    const { uid } = await stat(folder);
    if (uid === 0 && (await readdir(folder)).length === 0) await own(folder, user);
  } catch {
    return;
  }
}
