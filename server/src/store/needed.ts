/** What is needed on the engine: of images what is current, what it replaced, what waits or moves; of tasks what is not recorded yet. */
import { type Kysely, sql } from 'kysely';
import { beforeTaskName } from './before-task.ts';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export function neededStore(kysely: Kysely<Tables>) {
  return {
    /** Of these, the images of this platform's releases. */
    async own(images: readonly string[]): Promise<ReadonlySet<string>> {
      if (images.length === 0) return new Set();
      const rows = await kysely.selectFrom('release').select('image').distinct().where('image', 'in', images).execute();
      return new Set(rows.map(({ image }) => image));
    },

    /** The tasks whose outcome is not recorded yet, as they are named on the engine. */
    async openTasks(): Promise<readonly string[]> {
      const runs = await kysely.selectFrom('job_run').select('id').where('state', 'in', ['waiting', 'running']).execute();
      const before = await kysely.selectFrom('before_task').selectAll().where('state', '=', 'running').execute();
      return [
        ...runs.map(({ id }) => id),
        ...before.map(({ name, release_digest: releaseDigest, environment }) => beforeTaskName({ name, releaseDigest, environment })),
      ];
    },

    /** Tells what was taken away. */
    tell: (who: string, removed: readonly unknown[], at: string): Promise<void> =>
      recorded(kysely, async () => ({
        result: undefined,
        entries: [{ at, who, what: 'engine.cleaned', subject: 'engine', detail: { removed } }],
      })),

    async images(): Promise<ReadonlySet<string>> {
      const { rows } = await sql<{ image: string }>`
        select distinct image from release where digest in (
          select release_digest from current_release
          union select release_digest from deployment where state in ('waiting', 'running')
          union select former_digest from deployment where state in ('waiting', 'running')
          union select release_digest from job_run where state in ('waiting', 'running')
          union select former.release_digest from current_release as current
            cross join lateral (
              select release_digest from deployment
              where component = current.component and environment = current.environment
                and state = 'succeeded' and release_digest <> current.release_digest
              order by ended_at desc limit 1
            ) as former
        )`.execute(kysely);
      return new Set(rows.map(({ image }) => image));
    },
  };
}
export type NeededStore = ReturnType<typeof neededStore>;
