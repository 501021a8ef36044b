/** The start of a deployment whose run a worker holds: begun, with its change and the override it uses up, or given back. */
import type { Kysely, Transaction } from 'kysely';
import type { Run } from '../domain/run.ts';
import { startChange } from './change.ts';
import { type HeldAgain, holdAgain } from './hold.ts';
import type { JournalEntry } from './journal.ts';
import { fenced } from './lease.ts';
import { isHeld } from './line-stop.ts';
import { consumeOverride } from './override.ts';
import type { Tables } from './tables.ts';
import { type Refusal, refuse } from './verification.ts';

/** Of a run whose deployment has not begun. */
export function runStart(kysely: Kysely<Tables>) {
  return {
    /** Begins it, with the override it needs: from here on it moves. False while the line is stopped. */
    begin: (run: Run, overrideId: string | null, at: string): Promise<boolean> =>
      fenced(kysely, 'run', run, (transaction) => begin(transaction, run, overrideId, at)),

    /** Gives it back: it waits for its turn, or for its gates where it is said what they lack. */
    giveBack: (run: Run, hold: HeldAgain | null, at: string): Promise<void> =>
      fenced(kysely, 'run', run, (transaction) => giveBack(transaction, run, hold, at)),

    /** Ends it: a gate is closed. */
    refuse: (run: Run, refusal: Refusal, at: string): Promise<void> =>
      fenced(kysely, 'run', run, async (transaction) => ({
        result: undefined,
        entries: await refuse(transaction, run.deploymentId ?? '', refusal, at),
      })),
  };
}

type Begun = { readonly result: boolean; readonly entries: readonly JournalEntry[] };

async function begin(transaction: Transaction<Tables>, run: Run, overrideId: string | null, at: string): Promise<Begun> {
  const id = run.deploymentId ?? '';
  const stopped = await transaction.selectFrom('run').select('id').where('id', '=', run.id).where(isHeld).executeTakeFirst();
  if (stopped !== undefined) return { result: false, entries: [] };
  const { production } = await transaction
    .updateTable('deployment')
    // What serves now may have come after it was asked for: that is what it is put back to.
    .set((where) => ({
      ...{ state: 'running', started_at: at, override_id: overrideId },
      former_digest: where
        .selectFrom('current_release')
        .select('current_release.release_digest')
        .whereRef('current_release.component', '=', 'deployment.component')
        .whereRef('current_release.environment', '=', 'deployment.environment'),
    }))
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .returning('production')
    .executeTakeFirstOrThrow();
  const consumed = overrideId === null ? null : await consumeOverride(transaction, overrideId, id, at);
  const change = production ? await startChange(transaction, id, consumed?.override ?? null, at) : [];
  const entry = { at, who: 'beluga', what: 'deployment.started', subject: `deployment/${id}`, detail: {} };
  return { result: true, entries: [...(consumed === null ? [] : [consumed.entry]), ...change, entry] };
}

async function giveBack(
  transaction: Transaction<Tables>,
  run: Run,
  hold: HeldAgain | null,
  at: string,
): Promise<{ readonly result: undefined; readonly entries: readonly JournalEntry[] }> {
  const id = run.deploymentId ?? '';
  await transaction.updateTable('run').set({ state: 'waiting', lease_owner: null, lease_until: null }).where('id', '=', run.id).execute();
  return { result: undefined, entries: hold === null ? [] : await holdAgain(transaction, id, hold, at) };
}
