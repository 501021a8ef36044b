/**
 * When a window or a freeze comes, as instants.
 *
 * A rule is expanded on the wall clock and each time is then placed in its zone. RFC 5545 drops what falls into the hour that a night of
 * summer time skips; a freeze that vanishes for a night is the worse error, so here it begins after the gap.
 */
import { RRuleTemporal } from 'rrule-temporal';
import { isIn } from './days.ts';
import type { EntryTimes, Holidays } from './entry.ts';

export type Occurrence = { readonly start: Temporal.Instant; readonly end: Temporal.Instant };

/** Those that touch the time from `from` (counted in) to `to` (not counted in), in their order. */
export function occurrencesIn(entry: EntryTimes, holidays: Holidays, from: Temporal.Instant, to: Temporal.Instant): readonly Occurrence[] {
  const length = lengthOf(entry);
  // A day more on both sides, for what summer time moves.
  const first = wall(from, entry.timeZone).subtract(length).subtract({ days: 1 });
  const last = wall(to, entry.timeZone).add({ days: 1 });
  return startsBetween(entry, first, last)
    .filter((start) => isWanted(entry, holidays, start))
    .map((start) => placed(entry, start, length))
    .filter(({ start, end }) => Temporal.Instant.compare(start, to) < 0 && Temporal.Instant.compare(end, from) > 0);
}

/** The first that begins after an instant; null when there is none in the next years. */
export function nextOccurrence(entry: EntryTimes, holidays: Holidays, after: Temporal.Instant): Occurrence | null {
  const length = lengthOf(entry);
  const begin = wall(after, entry.timeZone).subtract({ days: 1 });
  for (let from = begin, days = 60; days <= 3840; from = from.add({ days }), days *= 2) {
    const found = startsBetween(entry, from, from.add({ days }))
      .filter((start) => isWanted(entry, holidays, start))
      .map((start) => placed(entry, start, length))
      .find(({ start }) => Temporal.Instant.compare(start, after) > 0);
    if (found !== undefined) return found;
  }
  return null;
}

/** Whether what would begin then is left out: that time, or everything of that day. */
export function isSkipped({ skip }: Pick<EntryTimes, 'skip'>, start: Temporal.PlainDateTime): boolean {
  return skip.includes(start.toString()) || skip.includes(start.toPlainDate().toString());
}

function isWanted({ on, except, skip }: EntryTimes, holidays: Holidays, start: Temporal.PlainDateTime): boolean {
  if (isSkipped({ skip }, start)) return false;
  const day = start.toPlainDate();
  return (on.length === 0 || on.some((set) => isIn(set, day, holidays))) && !except.some((set) => isIn(set, day, holidays));
}

function placed({ timeZone }: EntryTimes, start: Temporal.PlainDateTime, length: Temporal.Duration): Occurrence {
  return { start: start.toZonedDateTime(timeZone).toInstant(), end: start.add(length).toZonedDateTime(timeZone).toInstant() };
}

function lengthOf({ start, end }: EntryTimes): Temporal.Duration {
  return Temporal.PlainDateTime.from(start).until(end);
}

function wall(instant: Temporal.Instant, timeZone: string): Temporal.PlainDateTime {
  return instant.toZonedDateTimeISO(timeZone).toPlainDateTime();
}

/** Local times at which it begins, both bounds counted in. */
function startsBetween(entry: EntryTimes, from: Temporal.PlainDateTime, to: Temporal.PlainDateTime): readonly Temporal.PlainDateTime[] {
  const start = Temporal.PlainDateTime.from(entry.start);
  if (entry.rule === null)
    return Temporal.PlainDateTime.compare(from, start) <= 0 && Temporal.PlainDateTime.compare(start, to) <= 0 ? [start] : [];
  return ruleOf(entry, entry.rule)
    .between(from.toZonedDateTime('UTC'), to.toZonedDateTime('UTC'), true)
    .map((time) => time.toPlainDateTime());
}

const rules = new Map<string, RRuleTemporal<Temporal.ZonedDateTime>>();
const mostRules = 2_000;

function ruleOf(entry: EntryTimes, rule: string): RRuleTemporal<Temporal.ZonedDateTime> {
  const key = `${entry.start} ${entry.timeZone} ${rule}`;
  const known = rules.get(key);
  if (known !== undefined) return known;
  const dtstart = Temporal.PlainDateTime.from(entry.start).toZonedDateTime('UTC');
  const made = new RRuleTemporal({ rruleString: onTheWallClock(rule, entry.timeZone), dtstart, temporal: Temporal });
  if (rules.size >= mostRules) rules.clear();
  rules.set(key, made);
  return made;
}

/** `UNTIL` is written in UTC (RFC 5545, section 3.3.10); here it becomes the time on the wall clock. */
function onTheWallClock(rule: string, timeZone: string): string {
  return rule.replace(/UNTIL=(\d{8}T\d{6})Z/, (_, until: string) => {
    const local = wall(Temporal.PlainDateTime.from(until).toZonedDateTime('UTC').toInstant(), timeZone);
    return `UNTIL=${local.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')}Z`;
  });
}
