import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Place } from './entry.ts';
import { at, calendarOf, entry, inParis } from './for-tests.ts';
import { openingAt } from './opening.ts';
import { firstStartsIn, isMoved } from './shift.ts';

const place = (system: string, environment = 'prod'): Place => ({ environment, system, criticality: 'medium' });
const nights = entry({
  ...{ kind: 'window', name: 'nights', systems: ['sinistres'] },
  ...{ start: '2026-12-01T20:00', end: '2026-12-02T06:00', rule: 'FREQ=DAILY' },
});
const days = entry({
  ...{ kind: 'window', name: 'days', systems: ['contrats'] },
  ...{ start: '2026-12-01T05:00', end: '2026-12-01T18:00', rule: 'FREQ=DAILY' },
});
const closing = entry({ start: '2026-12-20T18:00', end: '2027-01-04T08:00' });

describe('a new freeze', () => {
  it('moves what would start in it to the first instant at which windows and freezes let it', () => {
    const [before, after] = [calendarOf(nights, days), calendarOf(nights, days, closing)].map(firstStartsIn);
    const shift = (systems: readonly string[], from: string) => {
      const places = systems.map((system) => place(system));
      const [startsAt = null, movesTo = null] = [before?.(places, at(from)), after?.(places, at(from))];
      return [inParis(startsAt), inParis(movesTo), isMoved({ startsAt, movesTo })];
    };
    assert.deepEqual(shift(['contrats'], '2026-12-21T09:00'), ['2026-12-21T09:00:00', '2027-01-04T08:00:00', true]);
    assert.deepEqual(shift(['sinistres'], '2026-12-21T09:00'), ['2026-12-21T20:00:00', '2027-01-04T20:00:00', true]);
    assert.deepEqual(shift(['contrats'], '2026-12-19T20:00'), ['2026-12-20T05:00:00', '2026-12-20T05:00:00', false]);
    // Together they may only while both windows are open.
    assert.deepEqual(shift(['contrats', 'sinistres'], '2026-12-21T09:00'), ['2026-12-22T05:00:00', '2027-01-05T05:00:00', true]);
  });

  it('that never ends, or windows that are never open together, leave no start', () => {
    const never = entry({ start: '2026-01-01T00:00', end: '2036-01-01T00:00' });
    assert.equal(firstStartsIn(calendarOf(never))([place('contrats')], at('2026-12-01T00:00')), null);
    const evenings = { ...nights, start: '2026-12-01T20:00', end: '2026-12-01T21:00' };
    assert.equal(firstStartsIn(calendarOf(evenings, days))([place('contrats'), place('sinistres')], at('2026-12-01T00:00')), null);
  });

  it('never moves anything to before where it was, nor into what is closed', () => {
    const some = fc.array(fc.record({ day: fc.integer({ min: 0, max: 40 }), hours: fc.integer({ min: 1, max: 400 }) }), { maxLength: 3 });
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 900 }), (freezes, hour) => {
        const more = freezes.map(({ day, hours }) => {
          const start = Temporal.PlainDateTime.from('2026-12-01').add({ days: day });
          return entry({ start: start.toString(), end: start.add({ hours }).toString() });
        });
        const from = at('2026-12-01T00:00').add({ hours: hour });
        const after = calendarOf(nights, ...more);
        const startsAt = firstStartsIn(calendarOf(nights))([place('sinistres')], from);
        const movesTo = firstStartsIn(after)([place('sinistres')], from);
        assert.ok(startsAt !== null && movesTo !== null && Temporal.Instant.compare(startsAt, movesTo) <= 0);
        assert.equal(openingAt(after, place('sinistres'), movesTo).state, 'open');
      }),
      { numRuns: 20 },
    );
  });
});
