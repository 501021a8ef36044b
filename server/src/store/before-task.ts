/** Tasks before a rollout: each succeeds once a release and environment. */
import type { Kysely } from 'kysely';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export type BeforeKey = { readonly releaseDigest: string; readonly environment: string; readonly name: string };
export type BeforeState = { readonly state: 'running' | 'succeeded' | 'failed'; readonly attempt: number };

/** What its runs are called on the engine, without the number of the attempt. */
export function beforeTaskName({ releaseDigest, environment, name }: BeforeKey): string {
  return `${name}-${releaseDigest.slice(7, 19)}-${environment}`;
}

type Outcome = { readonly exitCode: number | null; readonly log: readonly string[] };

export function beforeTaskStore(kysely: Kysely<Tables>) {
  return {
    async find(key: BeforeKey): Promise<BeforeState | null> {
      const row = await matching(kysely, key).select(['state', 'attempt']).executeTakeFirst();
      return row ?? null;
    },

    /** Notes that it runs; one that failed before runs as the next attempt. */
    async begin(key: BeforeKey, attempt: number, at: string): Promise<void> {
      const row = { state: 'running' as const, attempt, exit_code: null, log: '[]', started_at: at, ended_at: null };
      await kysely
        .insertInto('before_task')
        .values({ release_digest: key.releaseDigest, environment: key.environment, name: key.name, ...row })
        .onConflict((conflict) => conflict.columns(['release_digest', 'environment', 'name']).doUpdateSet(row))
        .execute();
    },

    end: (key: BeforeKey, deploymentId: string, outcome: Outcome, at: string): Promise<void> =>
      recorded(kysely, async (transaction) => {
        const state = outcome.exitCode === 0 ? 'succeeded' : 'failed';
        await transaction
          .updateTable('before_task')
          .set({ state, exit_code: outcome.exitCode, log: JSON.stringify(outcome.log), ended_at: at })
          .where('release_digest', '=', key.releaseDigest)
          .where('environment', '=', key.environment)
          .where('name', '=', key.name)
          .execute();
        const detail = { task: key.name, environment: key.environment, state, exitCode: outcome.exitCode };
        return {
          result: undefined,
          entries: [{ at, who: 'beluga', what: `before-task.${state}`, subject: `deployment/${deploymentId}`, detail }],
        };
      }),
  };
}
export type BeforeTaskStore = ReturnType<typeof beforeTaskStore>;

function matching(kysely: Kysely<Tables>, { releaseDigest, environment, name }: BeforeKey) {
  return kysely
    .selectFrom('before_task')
    .where('release_digest', '=', releaseDigest)
    .where('environment', '=', environment)
    .where('name', '=', name);
}
