/**
 * The tasks before a rollout, such as a migration: one after the other in the new image, before the first new instance, once a release and
 * environment. One that fails stops the rollout with its log; what served before goes on serving.
 */
import type { Context } from '../actions/context.ts';
import type { BeforeTask } from '../domain/release.ts';
import { stamp } from '../domain/stamp.ts';
import type { Workload } from '../domain/workload.ts';
import { BelugaError } from '../errors.ts';
import { beforeTaskName } from '../store/before-task.ts';

/** Throws `before-failed`. A server that takes over waits for the task that runs. */
export async function runBefore(context: Context, deploymentId: string, desired: Workload, signal: AbortSignal): Promise<void> {
  for (const task of desired.before ?? []) await runTask(context, deploymentId, desired, task, signal);
}

async function runTask(context: Context, deploymentId: string, desired: Workload, task: BeforeTask, signal: AbortSignal): Promise<void> {
  const key = { releaseDigest: desired.releaseDigest, environment: desired.environment, name: task.name };
  const known = await context.store.beforeTasks.find(key);
  if (known?.state === 'succeeded') return;
  const attempt = known === null ? 1 : known.state === 'failed' ? known.attempt + 1 : known.attempt;
  if (known?.state !== 'running') await context.store.beforeTasks.begin(key, attempt, stamp(context.now()));
  const name = `${beforeTaskName(key)}-${attempt}`;
  const outcome = await context.engine.task({ ...desired, command: task.command }, name, task.deadlineMs, signal);
  await context.store.beforeTasks.end(key, deploymentId, outcome, stamp(context.now()));
  await context.engine.forget(name);
  if (outcome.exitCode !== 0)
    throw new BelugaError('before-failed', { task: task.name, exitCode: outcome.exitCode }, { log: outcome.log.slice(-20) });
}
