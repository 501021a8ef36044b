/** What a change of the calendar moves: from when something may start by the calendar as it is, and by the one that it would be. */
import { appliesTo, type Calendar, type Place } from './entry.ts';
import { openingAt } from './opening.ts';

/** The first instant from `at` on at which all of these places are open together; null when there is none within three years. */
export type FirstStart = (places: readonly Place[], at: Temporal.Instant) => Temporal.Instant | null;

export type Shift = { readonly startsAt: Temporal.Instant | null; readonly movesTo: Temporal.Instant | null };

const mostRounds = 100;

/** Answers once for all places that the same entries speak of. */
export function firstStartsIn(calendar: Calendar): FirstStart {
  const known = new Map<string, Temporal.Instant | null>();
  const startOf = (place: Place, at: Temporal.Instant): Temporal.Instant | null => {
    const applying = calendar.entries.flatMap((entry, index) => (appliesTo(entry, place) ? [index] : []));
    const key = `${applying.join()} ${at.epochMilliseconds}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const opening = openingAt(calendar, place, at);
    const start = opening.state === 'open' ? at : opening.opensAt;
    known.set(key, start);
    return start;
  };
  return (places, from) => {
    let at = from;
    for (let round = 0; round < mostRounds; round += 1) {
      const starts = places.map((place) => startOf(place, at));
      const latest = starts.includes(null) ? null : (starts.toSorted((a, b) => (a && b ? Temporal.Instant.compare(a, b) : 0)).at(-1) ?? at);
      if (latest === null || latest.equals(at)) return latest;
      at = latest;
    }
    return null;
  };
}

/** Whether it may start later than it could before, or no more. */
export function isMoved({ startsAt, movesTo }: Shift): boolean {
  if (startsAt === null || movesTo === null) return startsAt !== movesTo;
  return !startsAt.equals(movesTo);
}
