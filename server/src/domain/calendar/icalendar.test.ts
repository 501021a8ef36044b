import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { convertIcsCalendar } from 'ts-ics';
import { at, calendarOf, entry, inParis } from './for-tests.ts';
import { writeCalendar } from './icalendar.ts';
import { readCalendarText } from './icalendar-reader.ts';
import { occurrencesIn } from './occurrence.ts';

const scope = { environments: ['prod'], systems: null, criticality: null };
const from = at('2026-01-01T00:00');
const to = at('2027-01-01T00:00');

type Events = readonly (readonly string[])[];

function readText(...events: Events) {
  const lines = events.flatMap((event) => ['BEGIN:VEVENT', ...event, 'END:VEVENT']);
  const text = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...lines, 'END:VCALENDAR'].join('\r\n');
  return readCalendarText(text, 'Europe/Paris', scope, 'freeze');
}

function read(...events: Events) {
  const found = readText(...events);
  assert.ok(found.state === 'read', found.state === 'unreadable' ? found.problem : '');
  return found.entries;
}

function problemIn(...events: Events): string {
  const found = readText(...events);
  return found.state === 'unreadable' ? found.problem : '';
}

/** Every start on the wall clock of Paris, over a year. */
function starts(...events: Events): readonly string[] {
  return read(...events)
    .flatMap((one) => occurrencesIn(one, 'none', from, to))
    .map(({ start }) => inParis(start) ?? '')
    .toSorted();
}

const weekly = [
  'UID:w',
  'SUMMARY:w',
  'DTSTART;TZID=Europe/Paris:20260302T180000',
  'DTEND;TZID=Europe/Paris:20260302T200000',
  'RRULE:FREQ=WEEKLY;COUNT=4',
];

describe('iCalendar, read', () => {
  it('keeps rules on the wall clock over the night of summer time', () => {
    assert.deepEqual(starts(weekly), ['2026-03-02T18:00:00', '2026-03-09T18:00:00', '2026-03-16T18:00:00', '2026-03-23T18:00:00']);
  });

  it('leaves out what is excepted, and moves what was moved', () => {
    const moved = [
      'UID:w',
      'SUMMARY:w',
      'RECURRENCE-ID;TZID=Europe/Paris:20260316T180000',
      'DTSTART;TZID=Europe/Paris:20260317T100000',
      'DURATION:PT1H',
    ];
    assert.deepEqual(starts([...weekly, 'EXDATE:20260309T170000Z'], moved), [
      '2026-03-02T18:00:00',
      '2026-03-17T10:00:00',
      '2026-03-23T18:00:00',
    ]);
    const cancelled = [
      'UID:w',
      'SUMMARY:w',
      'RECURRENCE-ID;TZID=Europe/Paris:20260316T180000',
      'DTSTART;TZID=Europe/Paris:20260316T180000',
      'DURATION:PT1H',
      'STATUS:CANCELLED',
    ];
    assert.deepEqual(starts(weekly, cancelled).length, 3);
  });

  it('adds what is added, unless it is excepted', () => {
    const added = 'RDATE;TZID=Europe/Paris:20260701T120000';
    assert.equal(starts([...weekly, added]).at(-1), '2026-07-01T12:00:00');
    for (const excepted of ['EXDATE;TZID=Europe/Paris:20260701T120000', 'EXDATE;VALUE=DATE:20260701'])
      assert.deepEqual(starts([...weekly, added, excepted]), starts(weekly));
  });

  it('leaves out everything of a day that is excepted, of whatever rule, and nothing else', () => {
    const rules = fc.constantFrom('FREQ=DAILY', 'FREQ=DAILY;BYHOUR=8,20', 'FREQ=WEEKLY;BYDAY=MO,SU', 'FREQ=MONTHLY;BYMONTHDAY=29,-1');
    const days = fc.uniqueArray(fc.integer({ min: 60, max: 100 }), { maxLength: 8 });
    const zones = fc.constantFrom('Europe/Paris', 'America/New_York');
    fc.assert(
      fc.property(rules, days, zones, fc.boolean(), (rule, numbers, zone, together) => {
        const event = ['UID:x', 'SUMMARY:x', `DTSTART;TZID=${zone}:20260101T080000`, 'DURATION:PT1H', `RRULE:${rule}`];
        const out = numbers.map((days) => Temporal.PlainDate.from('2026-01-01').add({ days }).toString());
        const written = out.map((day) => day.replaceAll('-', ''));
        const lines = together && written.length > 0 ? [written.join(',')] : written;
        const spring = [at('2026-03-01T00:00'), at('2026-04-12T00:00')] as const;
        const own = (...more: readonly string[]) =>
          read([...event, ...more]).flatMap((one) =>
            occurrencesIn(one, 'none', ...spring).map(({ start }) => start.toZonedDateTimeISO(zone)),
          );
        const wanted = own().filter((start) => !out.includes(start.toPlainDate().toString()));
        assert.deepEqual(own(...lines.map((line) => `EXDATE;VALUE=DATE:${line}`)).map(String), wanted.map(String));
      }),
      { numRuns: 25 },
    );
  });

  it('refuses, with the name of the event, an exception or an addition that does not say when', () => {
    const whole = ['UID:d', 'SUMMARY:Inventaire', 'DTSTART;VALUE=DATE:20260302', 'RRULE:FREQ=WEEKLY;COUNT=4'];
    assert.deepEqual(starts([...whole, 'EXDATE;VALUE=DATE:20260309']), starts([...whole, 'EXDATE:20260309T000000']));
    assert.equal(starts([...whole, 'EXDATE;VALUE=DATE:20260309']).length, 3);
    for (const [event, problem] of [
      [[...whole, 'EXDATE:20260309T180000'], /^inventaire is of whole days and has a time in EXDATE, 2026-03-09T18:00:00$/],
      [[...weekly, 'RDATE;VALUE=DATE:20260701'], /^w begins at a time and has a day in RDATE, 2026-07-01$/],
    ] as const) {
      assert.match(problemIn(event), problem);
    }
    const onwards = [
      'UID:w',
      'SUMMARY:w',
      'RECURRENCE-ID;RANGE=THISANDFUTURE:20260309T170000Z',
      'DTSTART:20260309T180000Z',
      'DURATION:PT1H',
    ];
    assert.match(problemIn(weekly, onwards), /^w moves all that follow as well \(RANGE=THISANDFUTURE\)$/);
  });

  it('takes whole days, in the time zone of the calendar', () => {
    const [day] = read(['UID:d', 'SUMMARY:Fin d\\, année', 'DTSTART;VALUE=DATE:20261231', 'RRULE:FREQ=YEARLY;UNTIL=20271231']);
    assert.deepEqual(
      [day?.name, day?.start, day?.end, day?.rule],
      ['fin-d-annee', '2026-12-31T00:00:00', '2027-01-01T00:00:00', 'FREQ=YEARLY;UNTIL=20271231T225959Z'],
    );
  });

  it('keeps whole days, local times and times in UTC to their own clocks over both nights of summer time', () => {
    const daily = (start: string, end: string): readonly string[] => ['UID:x', 'SUMMARY:x', start, end, 'RRULE:FREQ=DAILY;COUNT=2'];
    const spans = (start: string, end: string): readonly string[] =>
      read(daily(start, end))
        .flatMap((one) => occurrencesIn(one, 'none', from, to))
        .map((one) => `${inParis(one.start)} ${(one.end.epochMilliseconds - one.start.epochMilliseconds) / 3_600_000}h`);
    assert.deepEqual(spans('DTSTART;VALUE=DATE:20260328', 'DTEND;VALUE=DATE:20260329'), [
      '2026-03-28T00:00:00 24h',
      '2026-03-29T00:00:00 23h',
    ]);
    assert.deepEqual(spans('DTSTART;VALUE=DATE:20261024', 'DTEND;VALUE=DATE:20261025'), [
      '2026-10-24T00:00:00 24h',
      '2026-10-25T00:00:00 25h',
    ]);
    assert.deepEqual(spans('DTSTART;TZID=Europe/Paris:20260328T180000', 'DTEND;TZID=Europe/Paris:20260329T060000'), [
      '2026-03-28T18:00:00 11h',
      '2026-03-29T18:00:00 12h',
    ]);
    assert.deepEqual(spans('DTSTART:20261024T170000Z', 'DTEND:20261025T050000Z'), ['2026-10-24T19:00:00 12h', '2026-10-25T18:00:00 12h']);
    assert.deepEqual(spans('DTSTART;TZID=America/New_York:20260328T120000', 'DTEND;TZID=America/New_York:20260328T130000'), [
      '2026-03-28T17:00:00 1h',
      '2026-03-29T18:00:00 1h',
    ]);
  });

  it('knows the names that Outlook gives to time zones', () => {
    const [one] = read(['UID:o', 'SUMMARY:o', 'DTSTART;TZID=Romance Standard Time:20260701T090000', 'DURATION:PT1H']);
    assert.equal(one?.timeZone, 'Europe/Paris');
  });
});

const anyEntry = fc
  .record({
    hour: fc.integer({ min: 0, max: 24 * 90 }),
    minutes: fc.integer({ min: 1, max: 4000 }),
    rule: fc.constantFrom('FREQ=WEEKLY', 'FREQ=DAILY;INTERVAL=5', null),
    reason: fc.constantFrom(
      null,
      'Fin d’année; "clôture", et la suite\\n — sur une ligne plus longue que soixante-quinze octets, pour être pliée.',
    ),
    except: fc.subarray(['holidays', 'weekends'] as const),
  })
  .map(({ hour, minutes, ...given }) => {
    const start = Temporal.PlainDateTime.from('2026-03-01').add({ hours: hour });
    return entry({ ...given, name: 'gel', start: start.toString(), end: start.add({ minutes }).toString() });
  });

describe('iCalendar, written', () => {
  it('of a window is never read as a freeze', () => {
    const window = entry({ kind: 'window', start: '2026-03-02T09:00', end: '2026-03-02T16:00' });
    const text = writeCalendar(calendarOf(window), from, to, from);
    assert.equal(readCalendarText(text, 'Europe/Paris', scope, 'freeze').state, 'unreadable');
    assert.equal(readCalendarText(text, 'Europe/Paris', scope, 'window').state, 'read');
    assert.doesNotMatch(text, /VALUE=[^:;]*;VALUE=/);
  });

  it('is read by the library of others as the gates apply it: times, names, reasons', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { minLength: 1, maxLength: 3 }), (entries) => {
        const { events = [] } = convertIcsCalendar(undefined, writeCalendar(calendarOf(...entries), from, to, from));
        const wanted = entries.flatMap((one) => occurrencesIn(one, 'france', from, to).map((when) => ({ one, ...when })));
        assert.deepEqual(
          events.map(({ start, end, summary, description, categories }) => {
            const reason = description?.split('\nEnvironments: ')[0];
            return [start.date.getTime(), end?.date.getTime(), summary, reason, categories];
          }),
          wanted.map(({ one, start, end }) => {
            const reason = one.reason ?? 'Environments: prod';
            return [start.epochMilliseconds, end.epochMilliseconds, 'Freeze: gel (prod)', reason, ['FREEZE']];
          }),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('reads back as the same times, in lines that RFC 5545 allows', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { minLength: 1, maxLength: 3 }), (entries) => {
        const text = writeCalendar(calendarOf(...entries), from, to, from);
        for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
        const wanted = entries
          .flatMap((one) => occurrencesIn(one, 'france', from, to))
          .map(({ start, end }) => `${String(start)} ${String(end)}`);
        const back = readCalendarText(text, 'Europe/Paris', scope, 'freeze');
        if (back.state === 'unreadable') return assert.equal(wanted.length, 0, back.problem);
        const found = back.entries
          .flatMap((one) => occurrencesIn(one, 'none', from, to))
          .map(({ start, end }) => `${String(start)} ${String(end)}`);
        assert.deepEqual(found.toSorted(), wanted.toSorted());
      }),
      { numRuns: 40 },
    );
  });
});
