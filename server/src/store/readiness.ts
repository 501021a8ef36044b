/** The readiness file of each application system: who signed which line, and until when that holds. */
import type { Kysely } from 'kysely';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export type ReadinessLine = {
  readonly system: string;
  readonly line: string;
  readonly by: string;
  /** RFC 3339, as `expiresAt`. */
  readonly at: string;
  readonly expiresAt: string | null;
  readonly note: string | null;
};

export function readinessStore(kysely: Kysely<Tables>) {
  return {
    /** A line that is signed again holds from then on. */
    sign: (signed: ReadinessLine): Promise<void> =>
      recorded(kysely, async (transaction) => {
        const { system, line, by, at, expiresAt, note } = signed;
        const fields = { signed_by: by, signed_at: at, expires_at: expiresAt, note };
        await transaction
          .insertInto('readiness_line')
          .values({ system, line, ...fields })
          .onConflict((conflict) => conflict.columns(['system', 'line']).doUpdateSet(fields))
          .execute();
        return {
          result: undefined,
          entries: [{ at, who: by, what: 'readiness.signed', subject: `system/${system}`, detail: { line, expiresAt, note } }],
        };
      }),

    async of(system: string): Promise<readonly ReadinessLine[]> {
      const rows = await kysely.selectFrom('readiness_line').selectAll().where('system', '=', system).orderBy('line').execute();
      return rows.map(({ signed_by, signed_at, expires_at, ...row }) => ({ ...row, by: signed_by, at: signed_at, expiresAt: expires_at }));
    },
  };
}
export type ReadinessStore = ReturnType<typeof readinessStore>;
