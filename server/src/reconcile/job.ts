/** From a schedule to runs: records each run when it is due, once, and carries it to its end with the release it started with. */
import type { Context } from '../actions/context.ts';
import { latestDue } from '../domain/job-run.ts';
import { stamp } from '../domain/stamp.ts';
import { workloadOf } from '../domain/workload.ts';
import type { Current } from '../store/deployment.ts';
import type { HeldJobRun } from '../store/job-run.ts';
import { messageOf } from './carry.ts';

/** Records the runs that are due now. */
export async function findDueRuns(context: Context): Promise<void> {
  for (const current of await context.store.deployments.allCurrent()) await findDueRun(context, current);
}

async function findDueRun(context: Context, current: Current): Promise<void> {
  const { component, environment, releaseDigest } = current;
  const release = await context.store.releases.byDigest(releaseDigest);
  if (release.spec.kind !== 'Job') return;
  const { schedule } = workloadOf(release, environment, context.hash);
  if (schedule === null) return;
  const last = await context.store.jobRuns.lastDue(component, environment);
  // An installation starts no run by itself: what was due before it is not made up for.
  const since = Temporal.Instant.from(last ?? current.installedAt);
  const due = latestDue(schedule, release.spec.run.timeZone, since, context.now());
  if (due === null) return;
  const run = {
    id: context.newId('jobrun'),
    component,
    environment,
    releaseDigest,
    version: release.version,
    dueAt: stamp(due),
    cause: 'schedule' as const,
  };
  await context.store.jobRuns.due(run, 'beluga', stamp(context.now()));
}

export async function moveJobRun(context: Context, run: HeldJobRun, signal: AbortSignal): Promise<void> {
  const release = await context.store.releases.byDigest(run.releaseDigest);
  const workload = workloadOf(release, run.environment, context.hash);
  const outcome = await context.engine.task(workload, run.id, release.spec.run.deadlineMs, signal).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return { exitCode: null, log: [messageOf(error)] };
  });
  await context.store.jobRuns.end(run, outcome, stamp(context.now()));
  await context.engine.forget(run.id);
}
