/** Everybody who is compared, on one machine with one image. */
import { createClient } from '../../server/src/drivers/engine/docker/client.ts';
import { openSubject } from '../../server/src/drivers/engine/docker/rig/subject.ts';
import { beluga } from './beluga.ts';
import type { Contender } from './contender.ts';
import { reloadRecipe, runtimeScript } from './haproxy.ts';
import { swarm } from './swarm.ts';

export type Site = { readonly contenders: readonly Contender[]; close(): Promise<void> };

/** All but those left out, by name. */
export async function openSite(say: (text: string) => void, without: readonly string[] = []): Promise<Site> {
  const subject = await openSubject('docker');
  const contenders: Contender[] = [];
  const close = async () => {
    for (const contender of contenders) await contender.close().catch((error: unknown) => say(`${contender.name}: ${String(error)}`));
    await subject.close();
  };
  try {
    contenders.push(await beluga(subject));
    const { docker } = createClient(subject.real.socket);
    const ground = () => ({ docker, image: subject.image, port: subject.port() });
    for (const [name, open] of [
      ['haproxy script', runtimeScript],
      ['haproxy reload', reloadRecipe],
      ['docker swarm', swarm],
    ] as const) {
      if (without.includes(name)) continue;
      say(`setting up ${name}`);
      contenders.push(
        await open(name === 'docker swarm' ? { ...ground(), port: 31_807 } : { ...ground(), port: 31_800 + contenders.length }),
      );
    }
    return { contenders, close };
  } catch (error) {
    await close();
    throw error;
  }
}
