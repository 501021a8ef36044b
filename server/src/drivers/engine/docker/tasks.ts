/** Tasks: a container named after the run, that starts once, ends, and is kept until its log and exit code are recorded. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Workload } from '../../../domain/workload.ts';
import { BelugaError } from '../../../errors.ts';
import type { TaskOutcome } from '../engine.ts';
import { type Client, change } from './client.ts';
import { lifeOf, listContainers } from './containers.ts';
import { type FileRoots, removeFiles } from './files.ts';
import { label } from './labels.ts';
import { lastLines } from './logs.ts';
import { describe, type Ground, removeContainer, startNamed } from './start.ts';

const everyMs = 100;
const logLines = 1_000;
const stopSeconds = 10;

export type Task = { readonly workload: Workload; readonly name: string; readonly deadlineMs: number; readonly signal: AbortSignal };

/** The container of a task without the platform's prefix. */
function containerName(task: string): string {
  return `task.${task}`;
}

/** Runs the task, or waits for the one of this name that runs or ran. After the deadline it is stopped, which its exit code tells (143 or 137). */
export async function runTask(ground: Ground, task: Task, takeAddress: () => Promise<string>): Promise<TaskOutcome> {
  const container = `${ground.platform}.${containerName(task.name)}`;
  const life = await lifeOf(ground.client, container);
  if (life === null) await start(ground, task, await takeAddress());
  else if (life.state === 'created') await change(ground.client, (docker) => docker.getContainer(container).start());
  return await outcome(ground.client, container, task);
}

async function start(ground: Ground, { workload, name }: Task, ip: string): Promise<void> {
  const details = { name: containerName(name), restart: false, ip, labels: { [label.task]: name } };
  await startNamed(ground.client, await describe(ground, workload, details), name);
}

async function outcome(client: Client, id: string, { name, deadlineMs, signal }: Task): Promise<TaskOutcome> {
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

/** Gives the addresses that are free again. */
export async function forgetTask(client: Client, platform: string, roots: FileRoots, task: string): Promise<readonly string[]> {
  const found = await listContainers(client, platform, { task });
  for (const container of found) await removeContainer(client, container.id);
  await removeFiles(roots, containerName(task));
  return found.map((container) => container.ip);
}
