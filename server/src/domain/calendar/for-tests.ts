/** Windows and freezes for tests, from what differs. */
import type { Calendar, CalendarEntry } from './entry.ts';

export function entry(changes: Partial<CalendarEntry> & Pick<CalendarEntry, 'start' | 'end'>): CalendarEntry {
  return {
    ...{ kind: 'freeze', id: 'platform', name: 'closing', reason: null, environments: ['prod'], systems: null, criticality: null },
    ...{ rule: null, on: [], except: [], skip: [], timeZone: 'Europe/Paris' },
    ...changes,
  };
}

export function calendarOf(...entries: readonly CalendarEntry[]): Calendar {
  return { holidays: 'france', timeZone: 'Europe/Paris', entries };
}

export const at = (local: string): Temporal.Instant => Temporal.PlainDateTime.from(local).toZonedDateTime('Europe/Paris').toInstant();
export const inParis = (instant: Temporal.Instant | null | undefined): string | null =>
  instant?.toZonedDateTimeISO('Europe/Paris').toPlainDateTime().toString() ?? null;
