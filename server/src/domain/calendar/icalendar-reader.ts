/**
 * Reads windows or freezes from iCalendar (RFC 5545): events with their rules, exceptions and moved occurrences.
 *
 * What could not be kept to exactly is refused with the name of its event: a freeze that is half understood freezes the wrong time.
 */
import ICAL from 'ical.js';
import type { CalendarEntry, EntrySpec } from './entry.ts';
import { isSkipped, nextOccurrence } from './occurrence.ts';

type Component = InstanceType<typeof ICAL.Component>;
type Scope = Pick<EntrySpec, 'environments' | 'systems' | 'criticality'>;
export type ReadEntry = EntrySpec & { readonly uid: string };
export type ReadCalendar =
  | { readonly state: 'read'; readonly entries: readonly ReadEntry[] }
  | { readonly state: 'unreadable'; readonly problem: string; readonly remedy: string };

class Unreadable extends Error {}

/** `timeZone` is that of times without one. An event that Beluga gave out as the other kind is left out: no window becomes a freeze. */
export function readCalendarText(text: string, timeZone: string, scope: Scope, kind: CalendarEntry['kind']): ReadCalendar {
  try {
    const other = kind === 'freeze' ? 'WINDOW' : 'FREEZE';
    const events = componentsIn(text).filter((event) => textOf(event, 'categories') !== other);
    const masters = events.filter((event) => !event.hasProperty('recurrence-id') && textOf(event, 'status') !== 'CANCELLED');
    const moved = events.filter((event) => event.hasProperty('recurrence-id'));
    const entries = masters.flatMap((event) => entriesOf(event, moved, timeZone, scope));
    if (entries.length === 0) throw new Unreadable('it holds no event');
    return { state: 'read', entries };
  } catch (error) {
    if (error instanceof Unreadable) return { state: 'unreadable', problem: error.message, remedy: 'Mend the event, or leave it out.' };
    const problem = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    return { state: 'unreadable', problem, remedy: 'Export it again as iCalendar (.ics).' };
  }
}

function componentsIn(text: string): readonly Component[] {
  const parsed: unknown = ICAL.parse(text);
  const roots = (typeof (parsed as readonly unknown[])[0] === 'string' ? [parsed] : parsed) as readonly never[];
  return roots.flatMap((root) => new ICAL.Component(root).getAllSubcomponents('vevent'));
}

function entriesOf(event: Component, moved: readonly Component[], usual: string, scope: Scope): readonly ReadEntry[] {
  const name = nameOf(event);
  const { start, zone, isDay } = timeOf(event, 'dtstart', usual);
  const length = lengthOf(event, start, zone, isDay, usual);
  const uid = textOf(event, 'uid') ?? name;
  const own = moved.filter((other) => textOf(other, 'uid') === textOf(event, 'uid'));
  const skip = [
    ...exceptionsOf(event, 'exdate', zone, isDay),
    ...own.flatMap((other) => exceptionsOf(other, 'recurrence-id', zone, isDay)),
  ];
  const entry: ReadEntry = {
    ...{ name, reason: textOf(event, 'description')?.trim().slice(0, 500) || null, ...scope, uid },
    ...{ start: start.toString(), end: start.add(length).toString(), rule: ruleOf(event, zone), on: [], except: [] },
    ...{ skip, timeZone: zone },
  };
  refuseWhatNeverComes(entry);
  const added = additionsOf(event, zone, isDay).filter((time) => !isSkipped(entry, time));
  const elsewhere = own.filter((other) => textOf(other, 'status') !== 'CANCELLED').map((other) => movedOf(other, entry, usual));
  return [entry, ...added.map((time) => once(entry, time, length)), ...elsewhere];
}

/**
 * What an event does not begin at, as its entry keeps it. A day leaves out everything of that day, also where the event begins at a time:
 * RFC 5545 wants both of one kind, and importers read a day so.
 */
function exceptionsOf(event: Component, key: string, zone: string, isDay: boolean): readonly string[] {
  const range = event.getFirstProperty(key)?.getFirstParameter('range');
  if (range !== undefined) throw new Unreadable(`${nameOf(event)} moves all that follow as well (RANGE=${range})`);
  return timesOf(event, key, zone).map(({ time, isDate }) => {
    if (!isDay) return isDate ? time.toPlainDate().toString() : time.toString();
    if (isDate || time.toPlainTime().equals('00:00')) return time.toString();
    throw new Unreadable(`${nameOf(event)} is of whole days and has a time in ${key.toUpperCase()}, ${time.toString()}`);
  });
}

/** A day says nothing of when an event that has a time would begin on it. */
function additionsOf(event: Component, zone: string, isDay: boolean): readonly Temporal.PlainDateTime[] {
  return timesOf(event, 'rdate', zone).map(({ time, isDate }) => {
    if (isDate && !isDay)
      throw new Unreadable(`${nameOf(event)} begins at a time and has a day in RDATE, ${time.toPlainDate().toString()}`);
    return time;
  });
}

function once(entry: ReadEntry, start: Temporal.PlainDateTime, length: Temporal.Duration): ReadEntry {
  return { ...entry, start: start.toString(), end: start.add(length).toString(), rule: null, skip: [] };
}

function movedOf(event: Component, entry: ReadEntry, usual: string): ReadEntry {
  const { start, zone, isDay } = timeOf(event, 'dtstart', usual);
  return { ...once(entry, start, lengthOf(event, start, zone, isDay, usual)), timeZone: zone };
}

/** A rule that the reader of rules does not take shows here. */
function refuseWhatNeverComes(entry: ReadEntry): void {
  if (/FREQ=(HOURLY|MINUTELY|SECONDLY)/.test(entry.rule ?? '')) throw new Unreadable(`${entry.name} comes back more often than daily`);
  try {
    nextOccurrence(
      entry,
      'none',
      Temporal.PlainDateTime.from(entry.start).toZonedDateTime(entry.timeZone).toInstant().subtract({ hours: 1 }),
    );
  } catch {
    throw new Unreadable(`the rule of ${entry.name} is none: ${entry.rule}`);
  }
}

function timeOf(event: Component, key: string, usual: string) {
  const property = event.getFirstProperty(key);
  if (property === null) throw new Unreadable(`${nameOf(event)} has no ${key.toUpperCase()}`);
  const value = String(property.getFirstValue());
  const zone = value.endsWith('Z') ? 'UTC' : zoneOf(property.getFirstParameter('tzid'), usual, event);
  return { start: Temporal.PlainDateTime.from(value.replace(/Z$/, '')), zone, isDay: property.type === 'date' };
}

/** The times of a property on the wall clock of a zone, wherever they are written; a day is its midnight. */
function timesOf(
  event: Component,
  key: string,
  zone: string,
): readonly { readonly time: Temporal.PlainDateTime; readonly isDate: boolean }[] {
  return event.getAllProperties(key).flatMap((property) => {
    const from = property.getFirstParameter('tzid');
    return property.getValues().map((value) => {
      const text = String(value);
      if (text.includes('/')) throw new Unreadable(`${nameOf(event)} has a period in ${key.toUpperCase()}`);
      const time = Temporal.PlainDateTime.from(text.replace(/Z$/, ''));
      if (!text.includes('T')) return { time, isDate: true };
      const written = text.endsWith('Z') ? 'UTC' : zoneOf(from, zone, event);
      const there = written === zone ? time : time.toZonedDateTime(written).withTimeZone(zone).toPlainDateTime();
      return { time: there, isDate: false };
    });
  });
}

/** On the wall clock, as the entry is kept. Without an end a day is a day, and a time is nothing (RFC 5545, section 3.6.1). */
function lengthOf(event: Component, start: Temporal.PlainDateTime, zone: string, isDay: boolean, usual: string): Temporal.Duration {
  const duration = event.getFirstPropertyValue('duration');
  if (duration !== null) return positive(event, start.until(start.add(String(duration))));
  if (event.getFirstProperty('dtend') === null) {
    if (!isDay) throw new Unreadable(`${nameOf(event)} has no end`);
    return Temporal.Duration.from({ days: 1 });
  }
  const end = timeOf(event, 'dtend', usual);
  const there = end.zone === zone ? end.start : end.start.toZonedDateTime(end.zone).withTimeZone(zone).toPlainDateTime();
  return positive(event, start.until(there));
}

function positive(event: Component, length: Temporal.Duration): Temporal.Duration {
  if (length.sign <= 0) throw new Unreadable(`${nameOf(event)} ends before it begins`);
  return length;
}

function ruleOf(event: Component, zone: string): string | null {
  const rules = event.getAllProperties('rrule');
  if (rules.length > 1) throw new Unreadable(`${nameOf(event)} has more than one RRULE`);
  if (event.hasProperty('exrule')) throw new Unreadable(`${nameOf(event)} has an EXRULE, which RFC 5545 took away`);
  return rules[0] === undefined
    ? null
    : String(rules[0].getFirstValue()).replace(/UNTIL=(\d{8}(?:T\d{6})?)(?![\dTZ])/, (_, until: string) => untilOf(until, zone));
}

/** `UNTIL` in UTC, whatever it was written in: a day counts to its end. */
function untilOf(until: string, zone: string): string {
  const local = until.length === 8 ? Temporal.PlainDate.from(until).toPlainDateTime('23:59:59') : Temporal.PlainDateTime.from(until);
  const utc = local.toZonedDateTime(zone).withTimeZone('UTC').toPlainDateTime();
  return `UNTIL=${utc.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')}Z`;
}

/** Names that Outlook gives to time zones (Unicode CLDR, windowsZones). */
const windowsZones: Readonly<Record<string, string>> = {
  'Romance Standard Time': 'Europe/Paris',
  'W. Europe Standard Time': 'Europe/Berlin',
  'Central European Standard Time': 'Europe/Warsaw',
  'Central Europe Standard Time': 'Europe/Budapest',
  'GMT Standard Time': 'Europe/London',
  'Greenwich Standard Time': 'Atlantic/Reykjavik',
};

function zoneOf(tzid: string | undefined, usual: string, event: Component): string {
  const zone = tzid === undefined ? usual : (windowsZones[tzid] ?? tzid.replace(/^\//, ''));
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return zone;
  } catch {
    throw new Unreadable(`${nameOf(event)} is in a time zone that is not known: ${tzid}`);
  }
}

function textOf(event: Component, key: string): string | null {
  const value = event.getFirstPropertyValue(key);
  return value === null ? null : String(value);
}

/** The summary as a name: lower-case letters, digits and hyphens. */
function nameOf(event: Component): string {
  const plain = (textOf(event, 'summary') ?? '').normalize('NFD').toLowerCase();
  const name = plain
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name.slice(0, 60).replace(/-+$/, '') || 'event';
}
