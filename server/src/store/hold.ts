/** Deployments that wait for their gates: looked at when it is time, let go to wait for their turn, or ended. */
import type { ExpressionBuilder, Kysely, Transaction } from 'kysely';
import { holdsAfter, type Waiting } from '../domain/gates/hold.ts';
import type { Verdict } from '../domain/gates/verdict.ts';
import { type ChangeOpening, moveWaitingChange } from './change.ts';
import { lockRun } from './deployment.ts';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';
import { type Refusal, refuse } from './verification.ts';

export type Look = {
  readonly verdicts: readonly Verdict[];
  /** What it still waits for; null: nothing, it may take its turn. */
  readonly waiting: Waiting | null;
  /** When to look again; null when it waits for nothing. */
  readonly lookAt: string | null;
  /** The date that stood there while the gates were asked. Whoever changed it since wants another look: then this one counts nothing. */
  readonly taken: string;
  readonly overrideId: string | null;
  /** What is known now of its change; null where there is none, or the record is to stay as it is. */
  readonly opening: ChangeOpening | null;
  readonly at: string;
};

export function holdStore(kysely: Kysely<Tables>) {
  const held = () => kysely.selectFrom('deployment').where('look_at', 'is not', null).where('state', '=', 'waiting');
  return {
    /** Those whose time has come, the first ones first. */
    async due(at: string): Promise<readonly string[]> {
      const rows = await held().select('id').where('look_at', '<=', at).orderBy('look_at').limit(100).execute();
      return rows.map(({ id }) => id);
    },
    /** Takes one to be looked at; `until` stands there meanwhile, so that it shows when somebody wants another look. Null when it waits no more. */
    async take(id: string, until: string) {
      const taken = kysely.updateTable('deployment').set({ look_at: until }).where('id', '=', id);
      const row = await taken.where('look_at', 'is not', null).where('state', '=', 'waiting').returningAll().executeTakeFirst();
      return row === undefined || row.look_at === null ? null : { ...row, look_at: row.look_at };
    },
    async find(id: string) {
      return (await held().selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },
    /** All are looked at once more, at once: something changed on which they may wait. */
    async lookAgain(at: string): Promise<void> {
      await kysely.updateTable('deployment').set({ look_at: at }).where('look_at', '>', at).where('state', '=', 'waiting').execute();
    },
    /** Records what the gates said. What ended or started meanwhile is left alone. */
    record: (id: string, look: Look): Promise<void> => recorded(kysely, (transaction) => record(transaction, id, look)),
    /** Ends it: a gate is closed that is not waited for. */
    refuse: (id: string, refusal: Refusal, at: string): Promise<void> =>
      recorded(kysely, async (transaction) => {
        await lockRun(transaction, id);
        return { result: undefined, entries: await refuse(transaction, id, refusal, at) };
      }),
  };
}
export type HoldStore = ReturnType<typeof holdStore>;

/** Whether a waiting run must not be claimed yet: its deployment waits for its gates. */
export function waitsForGates(where: ExpressionBuilder<Tables, 'run'>) {
  return where.exists(
    where
      .selectFrom('deployment')
      .select('deployment.id')
      .whereRef('deployment.id', '=', 'run.deployment_id')
      .where('deployment.look_at', 'is not', null),
  );
}

/** What a deployment waits for again, when that is looked at, and what its gates said. */
export type HeldAgain = Pick<Look, 'verdicts'> & { readonly waiting: Waiting; readonly lookAt: string };

/** A gate closed again before its turn came. The caller holds its run. */
export async function holdAgain(transaction: Transaction<Tables>, id: string, held: HeldAgain, at: string): Promise<JournalEntry[]> {
  const { verdicts, waiting, lookAt } = held;
  const row = await transaction.selectFrom('deployment').select('holds').where('id', '=', id).executeTakeFirstOrThrow();
  const { production, component, environment, version } = await transaction
    .updateTable('deployment')
    .set({ look_at: lookAt, verdicts: JSON.stringify(verdicts), holds: JSON.stringify(holdsAfter(row.holds, verdicts, at)) })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .returning(['production', 'component', 'environment', 'version'])
    .executeTakeFirstOrThrow();
  const change = production ? await moveWaitingChange(transaction, id, { waiting, opening: null, at }) : [];
  const detail = { component, environment, version, waitsFor: waiting };
  return [...change, { at, who: 'beluga', what: 'deployment.held', subject: `deployment/${id}`, detail }];
}

async function record(transaction: Transaction<Tables>, id: string, look: Look): Promise<{ result: undefined; entries: JournalEntry[] }> {
  await lockRun(transaction, id);
  const row = await transaction
    .selectFrom('deployment')
    .select(['state', 'look_at', 'holds', 'verdicts', 'production', 'component', 'environment', 'version'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || row.state !== 'waiting' || row.look_at === null) return { result: undefined, entries: [] };
  const { verdicts, waiting, lookAt, taken, overrideId, opening, at } = look;
  if (row.look_at !== taken) return { result: undefined, entries: [] };
  await transaction
    .updateTable('deployment')
    .set({
      ...{ look_at: lookAt, override_id: overrideId, verdicts: JSON.stringify(verdicts) },
      holds: JSON.stringify(holdsAfter(row.holds, verdicts, at)),
    })
    .where('id', '=', id)
    .execute();
  const change = row.production ? await moveWaitingChange(transaction, id, { waiting, opening, at }) : [];
  if (waiting !== null) return { result: undefined, entries: change };
  const detail = { component: row.component, environment: row.environment, version: row.version };
  return { result: undefined, entries: [...change, { at, who: 'beluga', what: 'deployment.let-go', subject: `deployment/${id}`, detail }] };
}
