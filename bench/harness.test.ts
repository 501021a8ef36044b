import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureOf, figuresOf, inTurn, ratioTo } from './harness.ts';

test('a figure is the middle, the least and the most', () => {
  assert.deepEqual(figureOf([3, 1, 2]), { median: 2, minimum: 1, maximum: 3 });
  assert.deepEqual(figureOf([4, 1, 2, 3]), { median: 2.5, minimum: 1, maximum: 4 });
});

test('the figures of a contender are its own, by scenario', () => {
  const runs = [
    { scenario: 'change', contender: 'beluga', round: 1, seconds: 1, sentBytes: 10 },
    { scenario: 'change', contender: 'beluga', round: 2, seconds: 3, sentBytes: 20 },
    { scenario: 'change', contender: 'other', round: 1, seconds: 9 },
  ];
  assert.deepEqual(figuresOf(runs, 'beluga'), {
    change: { seconds: { median: 2, minimum: 1, maximum: 3 }, sentBytes: { median: 15, minimum: 10, maximum: 20 } },
  });
  assert.deepEqual(Object.keys(figuresOf(runs, 'other')['change'] ?? {}), ['seconds']);
});

test('a ratio is against the peer that is best at it', () => {
  assert.deepEqual(ratioTo(1, { slow: 4, quick: 2 }, 0.8), { value: 0.5, against: 'quick', bar: 0.8 });
});

test('everybody begins a round in turn', () => {
  const first = [1, 2, 3, 4].map((round) => inTurn(['a', 'b', 'c'], round).join(''));
  assert.deepEqual(first, ['abc', 'bca', 'cab', 'abc']);
});
