/** The calendar for the calendars of people: iCalendar (RFC 5545), each occurrence an event in UTC, as the gates apply it. */
import ICAL from 'ical.js';
import type { Calendar, CalendarEntry } from './entry.ts';
import { type Occurrence, occurrencesIn } from './occurrence.ts';

// A line has 75 octets at most (section 3.1), and ical.js does not count the space that a continued one begins with.
ICAL.foldLength = 74;

type Property = readonly [name: string, parameters: Readonly<Record<string, string>>, type: string, value: string];

export function writeCalendar(calendar: Calendar, from: Temporal.Instant, to: Temporal.Instant, now: Temporal.Instant): string {
  const events = calendar.entries.flatMap((entry) =>
    occurrencesIn(entry, calendar.holidays, from, to).map((occurrence) => ['vevent', eventOf(entry, occurrence, now), []] as const),
  );
  const head: readonly Property[] = [
    ['version', {}, 'text', '2.0'],
    ['prodid', {}, 'text', '-//Beluga//Calendar//EN'],
    ['calscale', {}, 'text', 'GREGORIAN'],
    ['method', {}, 'text', 'PUBLISH'],
    ['x-wr-calname', {}, 'unknown', 'Beluga: windows and freezes'],
    ['refresh-interval', {}, 'duration', 'PT15M'],
  ];
  return `${ICAL.stringify(['vcalendar', head, events] as never).replace(/\r?\n$/, '')}\r\n`;
}

function eventOf(entry: CalendarEntry, { start, end }: Occurrence, now: Temporal.Instant): readonly Property[] {
  const { kind, name, environments, systems, criticality } = entry;
  const scope = [environments.join(', '), systems?.join(', '), criticality?.join(', ')].filter((part) => part !== undefined && part !== '');
  const what = kind === 'freeze' ? 'Freeze' : 'Window';
  const words = [entry.reason, `Environments: ${environments.join(', ')}`, systems === null ? null : `Systems: ${systems.join(', ')}`];
  return [
    ['uid', {}, 'text', `${entry.id}.${name}.${utc(start).replaceAll(/[-:]/g, '')}@beluga`],
    ['dtstamp', {}, 'date-time', utc(now)],
    ['dtstart', {}, 'date-time', utc(start)],
    ['dtend', {}, 'date-time', utc(end)],
    ['summary', {}, 'text', `${what}: ${name} (${scope.join('; ')})`],
    ['description', {}, 'text', words.filter((word) => word !== null).join('\n')],
    ['categories', {}, 'text', kind.toUpperCase()],
    ['transp', {}, 'text', kind === 'freeze' ? 'OPAQUE' : 'TRANSPARENT'],
  ];
}

function utc(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' });
}
