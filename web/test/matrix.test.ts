import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nothingYet, sightAt } from '../src/pages/estate/sight.ts';

const rowHeight = 52;
const place = fc.record({ top: fc.nat(110_000), height: fc.integer({ min: 1, max: 2_000 }), count: fc.nat(2_000) });

test('wherever the matrix is scrolled to, every row in sight is drawn once, and few others are', () => {
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 12 }), (places) => {
      let sight = nothingYet;
      for (const { height, count, ...wish } of places) {
        const top = Math.max(0, Math.min(wish.top, count * rowHeight - height));
        sight = sightAt({ top, height, rowHeight, count }, sight);
        const [first, end] = [Math.floor(top / rowHeight), Math.min(count, Math.ceil((top + height) / rowHeight))];
        assert.ok(sight.first <= first && sight.end >= end && sight.end <= count, JSON.stringify({ sight, first, end }));
        assert.ok(sight.end - sight.first <= Math.ceil(height / rowHeight) + 7);
      }
    }),
  );
});

test('a short scroll keeps the elements of the rows that stay; a long one shows other rows in the same elements', () => {
  const at = (row: number, before = nothingYet) => sightAt({ top: row * rowHeight, height: 700, rowHeight, count: 2_000 }, before);
  const start = at(100);
  const keysOf = ({ first, end, shift }: typeof start): readonly number[] =>
    Array.from({ length: end - first }, (_, one) => first + one + shift);
  for (const row of [101, 97, 105]) assert.equal(at(row, start).shift, start.shift);
  for (const row of [130, 0, 1_900, 113]) assert.deepEqual(keysOf(at(row, start)), keysOf(start));
  assert.equal(at(100, start), start);
});
