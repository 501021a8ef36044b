/** The stop button. While it is pressed no deployment is claimed, by any server: the claim itself looks. */
import type { ExpressionBuilder, Kysely } from 'kysely';
import type { StopFacts } from '../domain/gates/facts.ts';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export function lineStopStore(kysely: Kysely<Tables>) {
  return {
    /** False when somebody pressed it before. */
    stop: (id: string, reason: string, who: string, at: string): Promise<boolean> =>
      recorded(kysely, async (transaction) => {
        const inserted = await transaction
          .insertInto('line_stop')
          .values({ id, reason, stopped_by: who, stopped_at: at, resumed_by: null, resumed_at: null })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (inserted.numInsertedOrUpdatedRows !== 1n) return { result: false, entries: [] };
        return { result: true, entries: [{ at, who, what: 'line.stopped', subject: 'line', detail: { reason } }] };
      }),

    /** False when it was not pressed. */
    resume: (who: string, at: string): Promise<boolean> =>
      recorded(kysely, async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('line_stop')
          .set({ resumed_by: who, resumed_at: at })
          .where('resumed_at', 'is', null)
          .executeTakeFirst();
        return numUpdatedRows === 0n
          ? { result: false, entries: [] }
          : { result: true, entries: [{ at, who, what: 'line.resumed', subject: 'line', detail: {} }] };
      }),

    async current(): Promise<StopFacts | null> {
      const row = await kysely.selectFrom('line_stop').selectAll().where('resumed_at', 'is', null).executeTakeFirst();
      return row === undefined ? null : { by: row.stopped_by, reason: row.reason, at: row.stopped_at };
    },
  };
}
export type LineStopStore = ReturnType<typeof lineStopStore>;

/** Whether a waiting run is held by the button: a deployment, unless it is a rollback that names its incident. Healing goes on. */
export function isHeld(where: ExpressionBuilder<Tables, 'run'>) {
  return where.and([
    where('run.purpose', '=', 'deployment'),
    where.exists(where.selectFrom('line_stop').select('line_stop.id').where('line_stop.resumed_at', 'is', null)),
    where.not(
      where.exists(
        where
          .selectFrom('deployment')
          .select('deployment.id')
          .whereRef('deployment.id', '=', 'run.deployment_id')
          .where('deployment.purpose', '=', 'rollback')
          .where('deployment.incident', 'is not', null),
      ),
    ),
  ]);
}
