/** The calendar as it is: what stands in platform.yaml and what was recorded since, with the times at which it comes. */
import { holidaysOf } from '../domain/calendar/days.ts';
import type { Calendar, CalendarEntry } from '../domain/calendar/entry.ts';
import { writeCalendar } from '../domain/calendar/icalendar.ts';
import { type Occurrence, occurrencesIn } from '../domain/calendar/occurrence.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findEnvironment } from './find-release.ts';
import { readCalendar } from './gather-facts.ts';

export type CalendarView = Calendar & {
  readonly occurrences: readonly (Occurrence & Pick<CalendarEntry, 'id' | 'kind' | 'name'>)[];
  readonly publicHolidays: readonly string[];
};
export type CalendarQuestion = {
  /** RFC 3339; default: now, and 30 days from then. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly environment?: string | undefined;
};

const mostHours = 400 * 24;

/** Throws `calendar-range` for more than 400 days. */
export async function showCalendar(context: Context, question: CalendarQuestion): Promise<CalendarView> {
  const from = question.from === undefined ? context.now() : Temporal.Instant.from(question.from);
  const to = question.to === undefined ? from.add({ hours: 30 * 24 }) : Temporal.Instant.from(question.to);
  const hours = (to.epochMilliseconds - from.epochMilliseconds) / 3_600_000;
  if (hours <= 0 || hours > mostHours) throw new BelugaError('calendar-range', { from: from.toString(), to: to.toString() });
  const calendar = await calendarFor(context, question.environment);
  const occurrences = calendar.entries.flatMap(({ id, kind, name, ...entry }) =>
    occurrencesIn(entry, calendar.holidays, from, to).map((occurrence) => ({ id, kind, name, ...occurrence })),
  );
  const ordered = occurrences.toSorted((a, b) => Temporal.Instant.compare(a.start, b.start) || (a.name < b.name ? -1 : 1));
  return { ...calendar, occurrences: ordered, publicHolidays: holidaysBetween(calendar, from, to) };
}

/** iCalendar (RFC 5545): the last 30 days and the next 400. */
export async function writeFeed(context: Context, environment?: string): Promise<string> {
  const calendar = await calendarFor(context, environment);
  const now = context.now();
  return writeCalendar(calendar, now.subtract({ hours: 30 * 24 }), now.add({ hours: mostHours }), now);
}

async function calendarFor(context: Context, environment: string | undefined): Promise<Calendar> {
  if (environment !== undefined) findEnvironment(context, environment);
  const calendar = await readCalendar(context);
  const entries = calendar.entries.filter((entry) => environment === undefined || entry.environments.includes(environment));
  return { ...calendar, entries };
}

function holidaysBetween({ holidays, timeZone }: Calendar, from: Temporal.Instant, to: Temporal.Instant): readonly string[] {
  const [first, last] = [from, to].map((instant) => instant.toZonedDateTimeISO(timeZone).toPlainDate()) as [
    Temporal.PlainDate,
    Temporal.PlainDate,
  ];
  const years = Array.from({ length: last.year - first.year + 1 }, (_, index) => first.year + index);
  const days = years.flatMap((year) => [...holidaysOf(year, holidays)]).toSorted();
  return days.filter((day) => day >= first.toString() && day <= last.toString());
}
