/** How many instances were decided for each place; each change is told. */
import type { Kysely, Selectable } from 'kysely';
import { noMemory, type Scale } from '../domain/scaling/scale.ts';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

type Place = { readonly component: string; readonly environment: string };

export function scaleStore(kysely: Kysely<Tables>) {
  return {
    of: (place: Place): Promise<Scale | null> => scaleOf(kysely, place),
    async all(): Promise<readonly (Place & { readonly scale: Scale })[]> {
      const rows = await kysely.selectFrom('scale').selectAll().execute();
      return rows.map((row) => ({ component: row.component, environment: row.environment, scale: presentScale(row) }));
    },

    /** Keeps a decision; told when the number changed. One that a person pinned meanwhile stands. */
    decide: (place: Place, before: Scale | null, scale: Scale, at: string): Promise<void> =>
      save(kysely, { place, before, scale, who: 'beluga', at }),

    /** Keeps the number that a person wants, or null to let scaling decide again. */
    pin: (place: Place, before: Scale | null, scale: Scale, who: string, at: string): Promise<void> =>
      save(kysely, { place, before, scale, who, at }),
  };
}
export type ScaleStore = ReturnType<typeof scaleStore>;

type Saving = {
  readonly place: Place;
  readonly before: Scale | null;
  readonly scale: Scale;
  readonly who: string;
  readonly at: string;
};

async function save(kysely: Kysely<Tables>, { place, before, scale, who, at }: Saving): Promise<void> {
  const { component, environment } = place;
  const row = {
    ...{ wanted: scale.wanted, pinned: scale.pinned, reason: scale.reason },
    ...{ memory: JSON.stringify(scale.memory), decided_at: scale.decidedAt },
  };
  const told = before?.wanted !== scale.wanted || before.pinned !== scale.pinned;
  await recorded(kysely, async (transaction) => {
    const { numInsertedOrUpdatedRows = 0n } = await transaction
      .insertInto('scale')
      .values({ component, environment, ...row })
      .onConflict((conflict) => {
        const update = conflict.columns(['component', 'environment']).doUpdateSet(row);
        return who === 'beluga' ? update.where('scale.pinned', 'is', null) : update;
      })
      .executeTakeFirstOrThrow();
    const detail = { component, environment, from: before?.wanted ?? null, to: scale.wanted, pinned: scale.pinned, sentence: scale.reason };
    const entry = { at, who, what: 'component.scaled', subject: `place/${component}.${environment}`, detail };
    return { result: undefined, entries: told && numInsertedOrUpdatedRows > 0n ? [entry] : [] };
  });
}

async function scaleOf(kysely: Kysely<Tables>, { component, environment }: Place): Promise<Scale | null> {
  const row = await kysely
    .selectFrom('scale')
    .selectAll()
    .where('component', '=', component)
    .where('environment', '=', environment)
    .executeTakeFirst();
  return row === undefined ? null : presentScale(row);
}

function presentScale({ wanted, pinned, reason, memory, decided_at }: Selectable<Tables['scale']>): Scale {
  return { wanted, pinned, reason, memory: memory ?? noMemory, decidedAt: decided_at };
}
