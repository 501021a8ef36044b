import type { JobRunView } from '@beluga/contract';
import { findComponent, findEnvironment } from '../actions/find-release.ts';
import { runJob } from '../actions/run-job.ts';
import type { JobRun } from '../domain/job-run.ts';
import type { Router } from './route.ts';

export function jobRunRoutes(route: Router): void {
  route.serve('listRuns', {
    act: async ({ context, input }) => {
      findEnvironment(context, input.environment);
      await findComponent(context, input.component);
      return context.store.views.jobRuns({ ...input, limit: input.limit ?? 50 });
    },
    present: (runs) => ({ items: runs.map(presentRun) }),
  });
  route.serve('runJob', {
    act: ({ context, who, input }) => runJob(context, who, input),
    status: () => 201,
    present: presentRun,
  });
}

function presentRun(run: JobRun): JobRunView {
  return { ...run, log: [...run.log] };
}
