/** Whether an installation may start at an instant by the calendar, and when it may next. */
import { appliesTo, type Calendar, type CalendarEntry, type Place } from './entry.ts';
import { nextOccurrence, occurrencesIn } from './occurrence.ts';

export type Opening =
  | { readonly state: 'open'; readonly window: CalendarEntry | null }
  | {
      readonly state: 'closed';
      /** The freezes that hold, each until its end; empty outside of all windows. */
      readonly freezes: readonly { readonly entry: CalendarEntry; readonly end: Temporal.Instant }[];
      /** The windows of which none is open; empty where no window applies or one is open. */
      readonly windows: readonly CalendarEntry[];
      /** The first instant at which it may; null when there is none within three years. */
      readonly opensAt: Temporal.Instant | null;
    };

type Closed = Omit<Extract<Opening, { state: 'closed' }>, 'opensAt'> & { readonly notBefore: Temporal.Instant | null };

const horizonHours = 3 * 366 * 24;
const mostSteps = 1_500;

export function openingAt(calendar: Calendar, place: Place, now: Temporal.Instant): Opening {
  const entries = calendar.entries.filter((entry) => appliesTo(entry, place));
  const state = stateAt(calendar, entries, now);
  if (state.state === 'open') return state;
  const { notBefore, ...closed } = state;
  return { ...closed, opensAt: firstOpen(calendar, entries, notBefore, now.add({ hours: horizonHours })) };
}

/** Goes from obstacle to obstacle: none of them can open earlier than where it leads. */
function firstOpen(
  calendar: Calendar,
  entries: readonly CalendarEntry[],
  from: Temporal.Instant | null,
  horizon: Temporal.Instant,
): Temporal.Instant | null {
  let at = from;
  for (let step = 0; step < mostSteps && at !== null && Temporal.Instant.compare(at, horizon) <= 0; step += 1) {
    const state = stateAt(calendar, entries, at);
    if (state.state === 'open') return at;
    at = state.notBefore;
  }
  return null;
}

function stateAt(
  { holidays }: Calendar,
  entries: readonly CalendarEntry[],
  at: Temporal.Instant,
): Extract<Opening, { state: 'open' }> | Closed {
  const soon = at.add({ nanoseconds: 1 });
  const freezes = entries
    .filter(({ kind }) => kind === 'freeze')
    .flatMap((entry) => occurrencesIn(entry, holidays, at, soon).map(({ end }) => ({ entry, end })));
  const windows = entries.filter(({ kind }) => kind === 'window');
  const window = windows.find((entry) => occurrencesIn(entry, holidays, at, soon).length > 0) ?? null;
  const outside = windows.length > 0 && window === null;
  if (freezes.length === 0 && !outside) return { state: 'open', window };
  const begins = outside ? earliest(windows.map((entry) => nextOccurrence(entry, holidays, at)?.start ?? null)) : at;
  const notBefore = begins === null ? null : latest([begins, ...freezes.map(({ end }) => end)]);
  return { state: 'closed', freezes, windows: outside ? windows : [], notBefore };
}

function earliest(instants: readonly (Temporal.Instant | null)[]): Temporal.Instant | null {
  return instants.filter((one) => one !== null).toSorted(Temporal.Instant.compare)[0] ?? null;
}

function latest(instants: readonly Temporal.Instant[]): Temporal.Instant | null {
  return instants.toSorted(Temporal.Instant.compare).at(-1) ?? null;
}
