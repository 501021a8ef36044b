/** The routes of the calendar. What is written as in platform.yaml is checked and filled in by the contract's own rules. */
import { Readable } from 'node:stream';
import type { EntryView, PreviewView } from '@beluga/contract';
import { entryProblems } from '@beluga/contract/calendar-rules';
import type { WrittenEntry } from '@beluga/contract/calendar-schema';
import { entryOf } from '@beluga/contract/platform';
import { written } from '@beluga/contract/schema-findings';
import type { Context } from '../actions/context.ts';
import {
  addEntry,
  type CalendarEntry,
  type EntryWish,
  importCalendar,
  type Preview,
  previewEntry,
  removeEntry,
} from '../actions/edit-calendar.ts';
import type { HoldUp } from '../actions/held-up.ts';
import { showCalendar, writeFeed } from '../actions/show-calendar.ts';
import type { Shift } from '../domain/calendar/shift.ts';
import { stamp } from '../domain/stamp.ts';
import type { Router } from './route.ts';
import { InvalidRequest } from './validation.ts';

export function calendarRoutes(route: Router): void {
  route.serve('showCalendar', {
    act: ({ context, input }) => showCalendar(context, input),
    present: ({ timeZone, holidays, entries, occurrences, publicHolidays }) => ({
      ...{ timeZone, holidays, entries: entries.map(presentEntry), publicHolidays: [...publicHolidays] },
      occurrences: occurrences.map((one) => ({ ...one, start: stamp(one.start), end: stamp(one.end) })),
    }),
  });
  route.stream('readCalendarFeed', {
    contentType: 'text/calendar; charset=utf-8',
    open: async ({ context, input }) => Readable.from([await writeFeed(context, input.environment)]),
  });
  route.serve('previewCalendarEntry', {
    act: ({ context, input }) => previewEntry(context, wishOf(context, input)),
    present: presentPreview,
  });
  route.serve('addCalendarEntry', {
    act: ({ context, who, input }) => addEntry(context, who, wishOf(context, input)),
    status: () => 201,
    present: presentPreview,
  });
  route.serve('removeCalendarEntry', {
    act: ({ context, who, input }) => removeEntry(context, who, input.id),
    present: (entries) => ({ items: entries.map(presentEntry) }),
  });
  route.serve('importCalendar', {
    act: ({ context, who, input }) => importCalendar(context, who, input),
    present: ({ entries, replaced, ...holdUp }) => ({ entries: entries.map(presentEntry), replaced, ...presentHoldUp(holdUp) }),
  });
}

function wishOf({ platform, environments }: Context, { kind, entry }: { kind: EntryWish['kind']; entry: WrittenEntry }): EntryWish {
  const { timeZone } = platform.calendar;
  const findings = entryProblems(entry, timeZone, ['entry']);
  if (findings.length > 0)
    throw new InvalidRequest(findings.map(({ path, problem, remedy }) => ({ path: written(path), problem, remedy })));
  return { kind, entry: entryOf(entry, { timeZone, environment: environments.at(-1) ?? '' }) };
}

export function presentEntry({ uid: _, ...entry }: CalendarEntry): EntryView {
  const { environments, systems, criticality, on, except, skip } = entry;
  return {
    ...entry,
    environments: [...environments],
    systems: systems === null ? null : [...systems],
    criticality: criticality === null ? null : [...criticality],
    ...{ on: [...on], except: [...except], skip: [...skip] },
  };
}

function presentPreview({ entry, occurrences, ...holdUp }: Preview): PreviewView {
  return {
    entry: presentEntry(entry),
    occurrences: occurrences.map(({ start, end }) => ({ start: stamp(start), end: stamp(end) })),
    ...presentHoldUp(holdUp),
  };
}

function presentHoldUp({ holdsUp, trains }: HoldUp): Pick<PreviewView, 'holdsUp' | 'trains'> {
  return { holdsUp: holdsUp.map(presentShift), trains: trains.map(presentShift) };
}

function presentShift<Shifted extends Shift>({ startsAt, movesTo, ...more }: Shifted) {
  const [from, to] = [startsAt, movesTo].map((instant) => (instant === null ? null : stamp(instant)));
  return { ...more, startsAt: from ?? null, movesTo: to ?? null };
}
