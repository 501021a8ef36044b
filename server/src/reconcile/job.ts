/** From a schedule to runs: records each run when it is due, once, and carries it to its end with the release it started with. */
import type { Context } from '../actions/context.ts';
import { retryAfterMs, sortOut } from '../domain/job-policy.ts';
import { latestDue } from '../domain/job-run.ts';
import { stamp } from '../domain/stamp.ts';
import { workloadOf } from '../domain/workload.ts';
import type { Current } from '../store/deployment.ts';
import type { HeldJobRun, OpenRun } from '../store/job-run.ts';
import type { StoredRelease } from '../store/release.ts';
import { messageOf } from './carry.ts';
import { keepOnly } from './side-by-side.ts';

/** The minute in which each installation was looked at last: schedules tell minutes, so that no other run of it is due before the next. */
export type Looked = Map<string, number>;

/** Records the runs that are due now, and gives up those that a later one or their deadline has passed. */
export async function findDueRuns(context: Context, looked: Looked = new Map()): Promise<void> {
  const minute = Math.floor(context.now().epochMilliseconds / 60_000);
  const current = await context.store.deployments.currentThatAsk('job');
  keepOnly(
    looked,
    current.map(({ deploymentId }) => deploymentId),
  );
  for (const job of current) {
    if (looked.get(job.deploymentId) !== minute) await findDueRun(context, job);
    looked.set(job.deploymentId, minute);
  }
  await sortOutRuns(context);
}

async function findDueRun(context: Context, current: Current): Promise<void> {
  const { component, environment, releaseDigest } = current;
  const release = await context.store.releases.byDigest(releaseDigest);
  const due = await dueNow(context, current, release);
  if (due === null) return;
  const { concurrency = 'forbid', startWithinMs = null } = release.spec.run;
  const startBy = startWithinMs === null ? null : stamp(due.add({ milliseconds: startWithinMs }));
  const run = { id: context.newId('jobrun'), component, environment, releaseDigest, version: release.version };
  await context.store.jobRuns.due(
    { ...run, dueAt: stamp(due), cause: 'schedule' },
    { concurrency, startBy },
    'beluga',
    stamp(context.now()),
  );
}

/** By the schedule that stood at that time: an installation neither starts a run by itself nor loses one that was due before it. */
async function dueNow(context: Context, current: Current, release: StoredRelease): Promise<Temporal.Instant | null> {
  const { component, environment } = current;
  const installedAt = Temporal.Instant.from(current.installedAt);
  const last = await context.store.jobRuns.lastDue(component, environment);
  const since = Temporal.Instant.from(
    last ?? (await context.store.jobRuns.firstInstalledAt(component, environment)) ?? current.installedAt,
  );
  const due = dueBy(context, release, environment, since, context.now());
  if (due === null || Temporal.Instant.compare(due, installedAt) > 0) return due;
  const former = await context.store.deployments.formerDigest(component, environment);
  return former === null ? due : dueBy(context, await context.store.releases.byDigest(former), environment, since, installedAt);
}

function dueBy(context: Context, release: StoredRelease, environment: string, since: Temporal.Instant, until: Temporal.Instant) {
  const { schedule } = workloadOf(release, environment, context.hash);
  return schedule === null ? null : latestDue(schedule, release.spec.run.timeZone, since, until);
}

async function sortOutRuns(context: Context): Promise<void> {
  const open = await context.store.jobRuns.open();
  const jobs = Map.groupBy(open, ({ component, environment }) => `${component}.${environment}`);
  for (const runs of jobs.values()) await sortOutJob(context, runs);
}

async function sortOutJob(context: Context, runs: readonly OpenRun[]): Promise<void> {
  const waiting = runs.filter(({ state, cause, attempt }) => state === 'waiting' && cause === 'schedule' && attempt === 1);
  const concurrency = waiting.at(-1)?.concurrency ?? 'forbid';
  const running = runs.filter(({ state }) => state === 'running');
  const now = context.now();
  const { skip, replace } = sortOut({ concurrency, waiting, running: running.map(({ id }) => id), now });
  for (const { id, reason } of skip) await context.store.jobRuns.giveUp(id, 'waiting', reason, stamp(now));
  for (const run of running.filter(({ id }) => replace.includes(id))) {
    const gone = await context.store.jobRuns.giveUp(run.id, 'running', 'A later run took its place.', stamp(now));
    if (gone) await context.engine.forget(taskOf(run));
  }
}

export async function moveJobRun(context: Context, run: HeldJobRun, signal: AbortSignal): Promise<void> {
  const release = await context.store.releases.byDigest(run.releaseDigest);
  const workload = workloadOf(release, run.environment, context.hash);
  const outcome = await context.engine.task(workload, taskOf(run), release.spec.run.deadlineMs, signal).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return { exitCode: null, log: [messageOf(error)] };
  });
  const left = (release.spec.run.retries ?? 0) >= run.attempt;
  const retryAt = left ? stamp(context.now().add({ milliseconds: retryAfterMs(run.attempt) })) : null;
  await context.store.jobRuns.end(run, { ...outcome, retryAt }, stamp(context.now()));
  await context.engine.forget(taskOf(run));
}

/** Each attempt is a container of its own. */
function taskOf({ id, attempt }: { readonly id: string; readonly attempt: number }): string {
  return attempt === 1 ? id : `${id}-${attempt}`;
}
