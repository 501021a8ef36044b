/** Ending an instance so that the engine does not start it again by itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, change } from './client.ts';
import { lifeOf } from './containers.ts';

/** Between two restarts of its own Podman has nothing to stop: it is asked again until it stays down. */
const tries = 20;
const staysMs = 150;

export async function holdContainer(client: Client, id: string, graceMs: number): Promise<void> {
  for (let tried = 0; tried < tries; tried += 1) {
    await change(client, (docker) => docker.getContainer(id).stop({ t: Math.ceil(graceMs / 1000) }));
    await sleep(staysMs);
    const life = await lifeOf(client, id);
    if (life === null || (life.state === 'exited' && life.status !== 'restarting')) return;
  }
}
