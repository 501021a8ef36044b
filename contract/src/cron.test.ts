import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cronProblem } from './cron.ts';

const right = [
  '* * * * *',
  '*/15 6-20 * * 1-5',
  '0 0 1,15 jan-jun MON',
  '30 2 * * 7',
  '0 6 * * sun,sat',
  '  0  6 * * * ',
  '5-55/10 * * * *',
];
const wrong = [
  '',
  '* * * *',
  '* * * * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '* * * 13 *',
  '* * * * 8',
  '*/0 * * * *',
  '5/10 * * * *',
];
const odd = [
  '@daily',
  '1-2-3 * * * *',
  '9-5 * * * *',
  'a * * * *',
  '-1 * * * *',
  '1, * * * *',
  '*/1/2 * * * *',
  '1e1 * * * *',
  'L * * * *',
];

test('five cron fields with lists, ranges, steps and names are right', () => {
  assert.deepEqual(
    right.map(cronProblem),
    right.map(() => null),
  );
});

test('what is out of range, too short, too long or not cron is told', () => {
  for (const expression of [...wrong, ...odd]) assert.match(cronProblem(expression) ?? 'right', /^has /, expression);
});
