import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfterMs, sortOut } from './job-policy.ts';

const now = Temporal.Instant.from('2026-06-01T06:00:00Z');
const run = (id: string, startBy: string | null = null) => ({ id, dueAt: `2026-06-01T05:0${id}:00Z`, startBy });

test('a failed run is tried again after 10 s, doubling to six minutes', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 50].map(retryAfterMs), [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 360_000, 360_000]);
});

test('forbid: while one runs only the latest waits', () => {
  const sorted = sortOut({ concurrency: 'forbid', waiting: [run('1'), run('2')], running: ['0'], now });
  assert.deepEqual(
    sorted.skip.map(({ id }) => id),
    ['1'],
  );
  assert.deepEqual(sorted.replace, []);
});

test('replace: the one that runs is stopped for the latest', () => {
  const sorted = sortOut({ concurrency: 'replace', waiting: [run('1'), run('2')], running: ['0'], now });
  assert.deepEqual([sorted.skip.map(({ id }) => id), sorted.replace], [['1'], ['0']]);
});

test('allow: nothing is skipped and nothing is stopped', () => {
  assert.deepEqual(sortOut({ concurrency: 'allow', waiting: [run('1'), run('2')], running: ['0'], now }), { skip: [], replace: [] });
});

test('a run that could not start by its deadline is skipped, whatever the policy', () => {
  const sorted = sortOut({ concurrency: 'allow', waiting: [run('1', '2026-06-01T05:59:59Z'), run('2')], running: [], now });
  assert.deepEqual(sorted.skip, [{ id: '1', reason: 'It could not start in time.' }]);
});
