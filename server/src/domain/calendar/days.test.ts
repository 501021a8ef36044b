import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { holidaysOf, isIn } from './days.ts';

describe('public holidays', () => {
  it('are the eleven of France, as published for 2026', () => {
    assert.deepEqual([...holidaysOf(2026, 'france')].toSorted(), [
      '2026-01-01',
      '2026-04-06',
      '2026-05-01',
      '2026-05-08',
      '2026-05-14',
      '2026-05-25',
      '2026-07-14',
      '2026-08-15',
      '2026-11-01',
      '2026-11-11',
      '2026-12-25',
    ]);
  });

  it('are two more in Alsace and Moselle: Good Friday and the second day of Christmas', () => {
    const more = [...holidaysOf(2026, 'alsace-moselle')].filter((day) => !holidaysOf(2026, 'france').has(day));
    assert.deepEqual(more.toSorted(), ['2026-04-03', '2026-12-26']);
  });

  it('are none where none count', () => assert.equal(holidaysOf(2026, 'none').size, 0));

  it('follow Easter, whose Sundays are known', () => {
    const mondays = {
      1999: '1999-04-05',
      2000: '2000-04-24',
      2008: '2008-03-24',
      2011: '2011-04-25',
      2038: '2038-04-26',
      2285: '2285-03-23',
    };
    for (const [year, monday] of Object.entries(mondays)) assert.ok(holidaysOf(Number(year), 'france').has(monday), monday);
  });

  it('have Easter Monday, Ascension and Whit Monday on their days of the week in every year', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1583, max: 4099 }), (year) => {
        const days = [...holidaysOf(year, 'alsace-moselle')];
        fc.pre(days.length === 13); // in some years Ascension falls on the first or the eighth of May
        const movable = days.slice(-4).map((day) => Temporal.PlainDate.from(day).dayOfWeek);
        assert.deepEqual(movable, [5, 1, 4, 1]);
      }),
    );
  });
});

describe('the ends of accounting periods', () => {
  const day = (text: string) => Temporal.PlainDate.from(text);
  it('are the last days of a month, a quarter and a year', () => {
    assert.ok(isIn('month-end', day('2028-02-29'), 'none') && !isIn('month-end', day('2028-02-28'), 'none'));
    assert.ok(isIn('quarter-end', day('2026-06-30'), 'none') && !isIn('quarter-end', day('2026-07-31'), 'none'));
    assert.ok(isIn('year-end', day('2026-12-31'), 'none') && !isIn('year-end', day('2026-09-30'), 'none'));
  });
});
