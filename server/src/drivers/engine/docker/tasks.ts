/** Tasks: a container named after the run, that starts once, ends, and is kept until its log and exit code are recorded. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Workload } from '../../../domain/workload.ts';
import { BelugaError } from '../../../errors.ts';
import type { TaskOutcome } from '../engine.ts';
import { type Client, change } from './client.ts';
import { containerOptions } from './container-options.ts';
import { lifeOf, listContainers } from './containers.ts';
import { removeFiles, writeFiles } from './files.ts';
import { userOf } from './images.ts';
import { label, labelsOf } from './labels.ts';
import { lastLines } from './logs.ts';
import { createAndStart, type Ground, removeContainer } from './start.ts';
import { ensureVolumes } from './volumes.ts';

const everyMs = 100;
const logLines = 1_000;
const stopSeconds = 10;

/** Runs the task, or waits for the one of this name that runs or ran. After the deadline it is stopped, which its exit code tells (143 or 137). */
export async function runTask(
  ground: Ground,
  workload: Workload,
  name: string,
  deadlineMs: number,
  signal: AbortSignal,
  takeAddress: () => Promise<string>,
): Promise<TaskOutcome> {
  const id = (await findTask(ground.client, ground.platform, name)) ?? (await start(ground, workload, name, await takeAddress()));
  return await outcome(ground.client, id, name, deadlineMs, signal);
}

async function findTask(client: Client, platform: string, name: string): Promise<string | null> {
  const [found] = await listContainers(client, platform, { task: name });
  if (found === undefined) return null;
  if (found.state !== 'created') return found.id;
  await removeContainer(client, found.id);
  return null;
}

async function start(ground: Ground, workload: Workload, name: string, ip: string): Promise<string> {
  const user = await userOf(ground.client, workload.image);
  const files = await writeFiles(ground.roots, name, workload, user);
  const binds = [...files, ...(await ensureVolumes(ground.client, ground.platform, workload, user))];
  const labels = { ...labelsOf(ground.platform, workload), [label.task]: name, [label.ip]: ip };
  const { network, limits } = ground;
  const around = {
    name: `${ground.platform}.task.${name}`,
    labels,
    user,
    network: network.name,
    gateway: network.gateway,
    ip,
    binds,
    limits,
    restart: false,
  };
  return await createAndStart(ground.client, containerOptions(workload, around), name);
}

async function outcome(client: Client, id: string, name: string, deadlineMs: number, signal: AbortSignal): Promise<TaskOutcome> {
  while (true) {
    const life = await lifeOf(client, id);
    if (life === null) throw new BelugaError('start-failed', { instance: name, problem: 'its container was removed while it ran' });
    if (life.state === 'exited') return { exitCode: life.exitCode ?? 0, log: await lastLines(client, id, logLines) };
    if (life.startedAt !== null && Date.now() - Date.parse(life.startedAt) > deadlineMs) {
      await change(client, (docker) => docker.getContainer(id).stop({ t: stopSeconds }));
      continue;
    }
    await sleep(everyMs, undefined, { signal });
  }
}

export async function forgetTask(ground: Omit<Ground, 'network' | 'limits'>, name: string): Promise<readonly string[]> {
  const found = await listContainers(ground.client, ground.platform, { task: name });
  for (const container of found) await removeContainer(ground.client, container.id);
  await removeFiles(ground.roots, name);
  return found.map((container) => container.ip);
}
