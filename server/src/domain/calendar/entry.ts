/**
 * A window or a freeze: when installations may start, and when they may not.
 *
 * Its times are those of the wall clock in its zone: an entry from 09:00 to 17:00 is that on every day of the year. A time that a night
 * of summer time skips is taken after the gap, one that comes twice is taken the first time (RFC 5545,
 * section 3.3.5).
 */
import type { Criticality } from '../release.ts';

/** Days that are data: public holidays, Saturdays and Sundays, the last day of a month, a quarter, a year. */
export type DaySet = 'holidays' | 'weekends' | 'month-end' | 'quarter-end' | 'year-end';
export type Holidays = 'france' | 'alsace-moselle' | 'none';

export type EntryTimes = {
  /** Of the first one: local, ISO 8601 without an offset. */
  readonly start: string;
  readonly end: string;
  /** How it comes back (RFC 5545, section 3.3.10); null: it does not. */
  readonly rule: string | null;
  /** Only when it begins on such a day; empty: on any. */
  readonly on: readonly DaySet[];
  /** Not when it begins on such a day. */
  readonly except: readonly DaySet[];
  /** Local times at which it would begin and does not, or days on which it does not at all (EXDATE of RFC 5545). */
  readonly skip: readonly string[];
  readonly timeZone: string;
};

export type EntrySpec = EntryTimes & {
  readonly name: string;
  /** Why, for whoever is held up by it. */
  readonly reason: string | null;
  readonly environments: readonly string[];
  /** Null: all of them. */
  readonly systems: readonly string[] | null;
  readonly criticality: readonly Criticality[] | null;
  /** The event of iCalendar that it was read from. */
  readonly uid?: string;
};

export type CalendarEntry = EntrySpec & {
  readonly kind: 'window' | 'freeze';
  /** `platform`: it stands in platform.yaml; else the identifier it was recorded under. */
  readonly id: string;
};

/** Everything that says when installations may start, with whose holidays count. */
export type Calendar = { readonly holidays: Holidays; readonly timeZone: string; readonly entries: readonly CalendarEntry[] };

/** What the calendar is asked about. */
export type Place = { readonly environment: string; readonly system: string; readonly criticality: Criticality };

/** Whether an entry speaks of a component in an environment. */
export function appliesTo(entry: EntrySpec, place: Place): boolean {
  return (
    entry.environments.includes(place.environment) &&
    (entry.systems?.includes(place.system) ?? true) &&
    (entry.criticality?.includes(place.criticality) ?? true)
  );
}
