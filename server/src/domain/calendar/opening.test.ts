import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { at, calendarOf, entry, inParis } from './for-tests.ts';
import { nextOccurrence, occurrencesIn } from './occurrence.ts';
import { type Opening, openingAt } from './opening.ts';

const prod = { environment: 'prod', system: 'contrats', criticality: 'high' } as const;
const daytime = entry({
  ...{ kind: 'window', name: 'daytime', start: '2026-01-05T09:00', end: '2026-01-05T16:00' },
  ...{ rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH', except: ['holidays'] },
});
const opensAt = (opening: Opening): string | null => (opening.state === 'open' ? 'open' : inParis(opening.opensAt));

describe('a calendar', () => {
  it('without windows and freezes is open at any time', () =>
    assert.equal(openingAt(calendarOf(), prod, at('2026-12-25T03:00')).state, 'open'));

  it('is closed outside of its windows and says when the next one begins', () => {
    const when = (local: string) => opensAt(openingAt(calendarOf(daytime), prod, at(local)));
    assert.equal(when('2026-11-23T09:00'), 'open');
    assert.equal(when('2026-11-23T15:59:59'), 'open');
    assert.equal(when('2026-11-23T16:00'), '2026-11-24T09:00:00');
    assert.equal(when('2026-11-26T17:00'), '2026-11-30T09:00:00');
  });

  it('skips the windows of public holidays', () => {
    assert.equal(opensAt(openingAt(calendarOf(daytime), prod, at('2026-11-10T18:00'))), '2026-11-12T09:00:00');
    assert.equal(opensAt(openingAt(calendarOf(daytime), prod, at('2026-04-02T18:00'))), '2026-04-07T09:00:00');
  });

  it('knows that Good Friday is one in Alsace only', () => {
    const friday = entry({
      kind: 'window',
      start: '2026-01-02T09:00',
      end: '2026-01-02T16:00',
      rule: 'FREQ=WEEKLY;BYDAY=FR',
      except: ['holidays'],
    });
    const france = calendarOf(friday);
    assert.equal(opensAt(openingAt(france, prod, at('2026-04-03T10:00'))), 'open');
    assert.equal(opensAt(openingAt({ ...france, holidays: 'alsace-moselle' }, prod, at('2026-04-03T10:00'))), '2026-04-10T09:00:00');
  });

  it('knows that 26 December is one in Alsace only', () => {
    const day = entry({
      kind: 'window',
      start: '2025-01-03T09:00',
      end: '2025-01-03T16:00',
      rule: 'FREQ=WEEKLY;BYDAY=FR',
      except: ['holidays'],
    });
    const france = calendarOf(day);
    assert.equal(opensAt(openingAt(france, prod, at('2025-12-26T10:00'))), 'open');
    assert.equal(opensAt(openingAt({ ...france, holidays: 'alsace-moselle' }, prod, at('2025-12-26T10:00'))), '2026-01-02T09:00:00');
  });

  it('opens after the last of all freezes that follow each other, in the next window', () => {
    const freezes = [
      entry({ name: 'christmas', start: '2026-12-18T18:00', end: '2026-12-28T08:00' }),
      entry({ name: 'closing', start: '2026-12-27T00:00', end: '2027-01-05T12:30' }),
    ];
    const opening = openingAt(calendarOf(daytime, ...freezes), prod, at('2026-12-21T10:00'));
    assert.equal(opensAt(opening), '2027-01-05T12:30:00');
    assert.deepEqual(opening.state === 'closed' && opening.freezes.map(({ entry: { name } }) => name), ['christmas']);
  });

  it('freezes only the systems, criticalities and environments that it names', () => {
    const freeze = entry({ start: '2026-10-15T00:00', end: '2026-11-14T00:00', systems: ['contrats'], criticality: ['high'] });
    const state = (place: Partial<Record<keyof typeof prod, string>>) =>
      openingAt(calendarOf(freeze), { ...prod, ...place } as typeof prod, at('2026-10-20T10:00')).state;
    assert.deepEqual(
      [state({}), state({ system: 'sinistres' }), state({ criticality: 'low' }), state({ environment: 're7' })],
      ['closed', 'open', 'open', 'open'],
    );
  });

  it('says that nothing opens where a freeze has no end', () => {
    const forever = entry({ start: '2026-01-01T00:00', end: '2026-01-02T00:00', rule: 'FREQ=DAILY' });
    assert.equal(opensAt(openingAt(calendarOf(forever), prod, at('2026-11-23T10:00'))), null);
  });

  it('freezes the ends of months as they fall', () => {
    const closing = entry({ start: '2026-01-01T16:00', end: '2026-01-02T04:00', rule: 'FREQ=DAILY', on: ['month-end'] });
    assert.equal(opensAt(openingAt(calendarOf(closing), prod, at('2028-02-29T18:00'))), '2028-03-01T04:00:00');
    assert.equal(opensAt(openingAt(calendarOf(closing), prod, at('2028-02-28T18:00'))), 'open');
  });
});

describe('on the nights of summer time', () => {
  const night = entry({ start: '2026-01-01T02:30', end: '2026-01-01T05:00', rule: 'FREQ=DAILY' });

  it('a freeze that would begin in the hour that is skipped begins after it, and ends on the wall clock', () => {
    const [one] = occurrencesIn(night, 'none', at('2026-03-29T03:30'), at('2026-03-29T03:31'));
    assert.deepEqual([inParis(one?.start), inParis(one?.end)], ['2026-03-29T03:30:00', '2026-03-29T05:00:00']);
    assert.equal(one?.start.toString(), '2026-03-29T01:30:00Z');
  });

  it('a freeze that begins in the hour that comes twice begins the first time', () => {
    const [one] = occurrencesIn(night, 'none', at('2026-10-25T04:00'), at('2026-10-25T04:01'));
    assert.equal(one?.start.toString(), '2026-10-25T00:30:00Z');
    assert.equal(one?.end.toString(), '2026-10-25T04:00:00Z');
  });

  it('a weekend freeze ends on Monday at the hour that was written, in both', () => {
    const weekend = entry({ start: '2026-01-02T18:00', end: '2026-01-05T08:00', rule: 'FREQ=WEEKLY' });
    for (const [saturday, monday] of [
      ['2026-03-28T12:00', '2026-03-30T08:00:00'],
      ['2026-10-24T12:00', '2026-10-26T08:00:00'],
    ] as const) {
      assert.equal(opensAt(openingAt(calendarOf(weekend), prod, at(saturday))), monday);
    }
  });

  const hours = (first: string, last: string): number => (at(last).epochMilliseconds - at(first).epochMilliseconds) / 3_600_000;

  it('a window over each of them is open from end to end, seven hours in spring and nine in autumn', () => {
    const nightly = calendarOf(entry({ kind: 'window', start: '2026-01-01T22:00', end: '2026-01-02T06:00', rule: 'FREQ=DAILY' }));
    for (const [first, last, length] of [
      ['2026-03-28T22:00', '2026-03-29T06:00', 7],
      ['2026-10-24T22:00', '2026-10-25T06:00', 9],
    ] as const) {
      assert.equal(hours(first, last), length);
      for (let quarter = 0; quarter < length * 4; quarter += 1) {
        const now = at(first).add({ minutes: 15 * quarter });
        assert.equal(openingAt(nightly, prod, now).state, 'open', String(now));
      }
      for (const outside of [at(first).subtract({ seconds: 1 }), at(last)]) assert.equal(openingAt(nightly, prod, outside).state, 'closed');
    }
  });

  it('the end of a month, of a quarter and of a year is frozen the whole day, when that has 23 or 25 hours too', () => {
    // Easter Sunday, the end of a quarter and the night of summer time in one; the end of a month and the night back.
    for (const [set, day, next, length] of [
      ['quarter-end', '2024-03-31T00:00', '2024-04-01T00:00', 23],
      ['month-end', '2027-10-31T00:00', '2027-11-01T00:00', 25],
      ['year-end', '2026-12-31T00:00', '2027-01-01T00:00', 24],
    ] as const) {
      const closing = calendarOf(entry({ start: '2020-01-01T00:00', end: '2020-01-02T00:00', rule: 'FREQ=DAILY', on: [set] }));
      assert.equal(hours(day, next), length);
      for (let hour = 0; hour < length; hour += 1)
        assert.equal(opensAt(openingAt(closing, prod, at(day).add({ hours: hour }))), inParis(at(next)), `${set} ${hour}`);
      for (const outside of [at(day).subtract({ seconds: 1 }), at(next)]) assert.equal(openingAt(closing, prod, outside).state, 'open');
    }
  });

  it('the end of a rule in UTC is the instant it names', () => {
    const until = entry({ start: '2026-07-01T01:00', end: '2026-07-01T02:00', rule: 'FREQ=DAILY;UNTIL=20260702T230000Z' });
    const starts = occurrencesIn(until, 'none', at('2026-06-01T00:00'), at('2026-08-01T00:00')).map(({ start }) => inParis(start));
    assert.deepEqual(starts, ['2026-07-01T01:00:00', '2026-07-02T01:00:00', '2026-07-03T01:00:00']);
  });
});

const rules = [
  'FREQ=DAILY',
  'FREQ=WEEKLY;BYDAY=MO,WE,SA',
  'FREQ=MONTHLY;BYMONTHDAY=-1',
  'FREQ=YEARLY',
  'FREQ=DAILY;INTERVAL=3;COUNT=40',
  null,
];
const anyEntry = fc
  .record({
    kind: fc.constantFrom('window' as const, 'freeze' as const),
    day: fc.integer({ min: 0, max: 365 }),
    minute: fc.integer({ min: 0, max: 1439 }),
    minutes: fc.integer({ min: 1, max: 5 * 1440 }),
    rule: fc.constantFrom(...rules),
    except: fc.subarray(['holidays', 'weekends', 'quarter-end'] as const),
  })
  .map(({ kind, day, minute, minutes, rule, except }) => {
    const start = Temporal.PlainDateTime.from('2026-01-01').add({ days: day, minutes: minute });
    return entry({ kind, start: start.toString(), end: start.add({ minutes }).toString(), rule, except });
  });
const anyInstant = fc.integer({ min: 0, max: 2 * 366 * 1440 }).map((minutes) => at('2026-01-01T00:00').add({ minutes }));

describe('whatever the windows and freezes', () => {
  it('the instant that is told is open, and nothing before it is', () => {
    fc.assert(
      fc.property(
        fc.array(anyEntry, { maxLength: 5 }),
        anyInstant,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
        (entries, now, shares) => {
          const calendar = calendarOf(...entries);
          const opening = openingAt(calendar, prod, now);
          if (opening.state === 'open' || opening.opensAt === null) return;
          const waitMs = opening.opensAt.epochMilliseconds - now.epochMilliseconds;
          assert.ok(waitMs > 0);
          assert.equal(openingAt(calendar, prod, opening.opensAt).state, 'open', inParis(opening.opensAt) ?? '');
          for (const share of [...shares, 1 - 1 / waitMs]) {
            const before = now.add({ milliseconds: Math.min(waitMs - 1, Math.floor(waitMs * share)) });
            assert.equal(openingAt(calendar, prod, before).state, 'closed', inParis(before) ?? '');
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('the next one is the first of those that come', () => {
    fc.assert(
      fc.property(anyEntry, anyInstant, (one, after) => {
        const next = nextOccurrence(one, 'france', after);
        const listed = occurrencesIn(one, 'france', after, after.add({ hours: 24 * 800 })).find(
          ({ start }) => Temporal.Instant.compare(start, after) > 0,
        );
        if (listed !== undefined) assert.equal(next?.start.toString(), listed.start.toString());
      }),
      { numRuns: 150 },
    );
  });
});
