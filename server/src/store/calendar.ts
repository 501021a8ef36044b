/** Windows and freezes that people recorded beside those of platform.yaml. */
import type { Kysely } from 'kysely';
import type { CalendarEntry } from '../domain/calendar/entry.ts';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export function calendarStore(kysely: Kysely<Tables>) {
  return {
    /** Records them together: all or none. */
    add: (entries: readonly CalendarEntry[], who: string, at: string): Promise<void> => add(kysely, entries, who, at),
    /** False when there is none by that identifier any more. */
    remove: (id: string, who: string, at: string): Promise<boolean> => remove(kysely, id, who, at),
    async list(): Promise<readonly CalendarEntry[]> {
      const kept = kysely.selectFrom('calendar_entry').selectAll().where('removed_at', 'is', null);
      const rows = await kept.orderBy('created_at').orderBy('id').execute();
      return rows.map(({ id, kind, body }) => ({ ...body, id, kind }));
    },
  };
}
export type CalendarStore = ReturnType<typeof calendarStore>;

function add(kysely: Kysely<Tables>, entries: readonly CalendarEntry[], who: string, at: string): Promise<void> {
  return recorded(kysely, async (transaction) => {
    const rows = entries.map(({ id, kind, ...body }) => ({
      ...{ id, kind, body: JSON.stringify(body) },
      ...{ created_by: who, created_at: at, removed_by: null, removed_at: null },
    }));
    if (rows.length > 0) await transaction.insertInto('calendar_entry').values(rows).execute();
    const added = entries.map(({ id, kind, ...detail }) => ({
      at,
      who,
      what: `calendar.${kind}-added`,
      subject: `calendar/${id}`,
      detail,
    }));
    return { result: undefined, entries: added };
  });
}

function remove(kysely: Kysely<Tables>, id: string, who: string, at: string): Promise<boolean> {
  return recorded(kysely, async (transaction) => {
    const removed = await transaction
      .updateTable('calendar_entry')
      .set({ removed_by: who, removed_at: at })
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .returning(['kind', 'body'])
      .executeTakeFirst();
    if (removed === undefined) return { result: false, entries: [] };
    const { kind, body } = removed;
    const detail = { name: body.name };
    return { result: true, entries: [{ at, who, what: `calendar.${kind}-removed`, subject: `calendar/${id}`, detail }] };
  });
}
