/** Runs a job now, beside its schedule. */
import type { JobRun } from '../domain/job-run.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findCurrent } from './find-release.ts';

export async function runJob(context: Context, who: string, wish: { component: string; environment: string }): Promise<JobRun> {
  const { component, environment } = wish;
  const release = await findCurrent(context, component, environment);
  if (release.spec.kind !== 'Job') throw new BelugaError('not-a-job', { component });
  const at = stamp(context.now());
  const run = { id: context.newId('jobrun'), component, environment, version: release.version, dueAt: at, cause: 'person' as const };
  const terms = { concurrency: release.spec.run.concurrency ?? ('forbid' as const), startBy: null };
  await context.store.jobRuns.due({ ...run, releaseDigest: release.digest }, terms, who, at);
  return { ...run, state: 'waiting', exitCode: null, log: [], startedAt: null, endedAt: null, attempt: 1, reason: null };
}
