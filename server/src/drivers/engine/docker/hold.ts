/** Ending an instance so that the engine does not start it again by itself, and asking whether one is alive. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Probe } from '../engine.ts';
import { type Client, change } from './client.ts';
import { type Container, lifeOf } from './containers.ts';
import { probeHttp, probeTcp } from './probe.ts';

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

/** Null when it is alive, else why not. */
export async function probeLive(container: Container, { path, timeoutMs }: Probe): Promise<string | null> {
  if (path === null) return await probeTcp(container, timeoutMs);
  const answer = await probeHttp(container, path, timeoutMs);
  if (typeof answer === 'string') return answer;
  return answer.status >= 200 && answer.status < 400 ? null : `${path} answered ${answer.status}`;
}
