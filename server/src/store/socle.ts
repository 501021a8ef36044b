/** Socles: the images applications stand on, by name. */
import type { Kysely } from 'kysely';
import type { Layer } from '../domain/release.ts';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export type Socle = {
  readonly name: string;
  readonly image: string;
  readonly vendor: string;
  readonly layers: readonly Layer[];
  readonly recordedAt: string;
};

export function socleStore(kysely: Kysely<Tables>) {
  return {
    record: (socle: Socle, who: string): Promise<void> =>
      recorded(kysely, async (transaction) => {
        const { name, image, vendor } = socle;
        const values = { image, vendor, layers: JSON.stringify(socle.layers), recorded_at: socle.recordedAt };
        await transaction
          .insertInto('socle')
          .values({ name, ...values })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
          .execute();
        const entry = { at: socle.recordedAt, who, what: 'socle.recorded', subject: `socle/${name}`, detail: { image, vendor } };
        return { result: undefined, entries: [entry] };
      }),
    async list(): Promise<readonly Socle[]> {
      const rows = await kysely.selectFrom('socle').selectAll().orderBy('name').execute();
      return rows.map(({ recorded_at, ...socle }) => ({ ...socle, recordedAt: recorded_at }));
    },
  };
}
export type SocleStore = ReturnType<typeof socleStore>;
