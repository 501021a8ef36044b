import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readMoment, writtenMoment } from '../src/parts/moment.ts';

test('a time is written in the form of the language of the console, whatever the browser speaks', () => {
  assert.equal(writtenMoment('2026-11-07T08:05', 'fr'), '07/11/2026 08:05');
  assert.equal(writtenMoment('2026-11-07T08:05', 'en'), '2026-11-07 08:05');
  assert.equal(writtenMoment('', 'fr'), '');
});

test('what people write is read: short, with another sign, without an hour', () => {
  assert.equal(readMoment(' 7/11/2026 8:05', 'fr'), '2026-11-07T08:05');
  assert.equal(readMoment('07.11.2026 à 8h', 'fr'), '2026-11-07T08:00');
  assert.equal(readMoment('2026-11-7', 'fr'), '2026-11-07T00:00');
  assert.equal(readMoment('2026-11-07T08:05', 'en'), '2026-11-07T08:05');
});

test('what is no time, and what English readers would read in two ways, is not guessed at', () => {
  for (const text of ['31/02/2026 08:00', '07/13/2026', '07/11/2026 24:61', 'tomorrow', ''])
    assert.equal(readMoment(text, 'fr'), null, text);
  assert.equal(readMoment('07/11/2026 08:00', 'en'), null);
});

test('every time that is written is read back, in both languages', () => {
  const time = fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T23:59:00Z'), noInvalidDate: true });
  fc.assert(
    fc.property(time, fc.constantFrom('fr' as const, 'en' as const), (at, language) => {
      const local = at.toISOString().slice(0, 16);
      assert.equal(readMoment(writtenMoment(local, language), language), local);
    }),
  );
});
