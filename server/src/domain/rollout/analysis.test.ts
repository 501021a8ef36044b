import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { usualRollout } from '../workload.ts';
import { judge, type Seen } from './analysis.ts';

const rules = usualRollout.analysis;
const seen = (requests: number, failed = 0, p99Ms = 10): Seen => ({ requests, failed, p99Ms });
const verdict = (canary: Seen, former: Seen) => judge(canary, former, rules).verdict;

test('without traffic nothing is proven', () => {
  assert.equal(verdict(seen(0), seen(0)), 'not-proven');
  assert.equal(verdict(seen(49), seen(1_000)), 'not-proven');
});

test('a canary that answers as the former version does is as good', () => {
  assert.equal(verdict(seen(100), seen(900)), 'as-good');
  assert.equal(verdict(seen(100, 5), seen(900, 45)), 'as-good', 'both fail alike');
  assert.equal(verdict(seen(100), seen(0)), 'as-good', 'the former got none');
});

test('more failures are worse, before there are enough requests too, but one failure is no verdict then', () => {
  assert.equal(verdict(seen(100, 2), seen(900)), 'worse');
  assert.equal(verdict(seen(10, 3), seen(90)), 'worse');
  assert.equal(verdict(seen(10, 1), seen(90)), 'not-proven');
});

test('a slower canary is worse, a difference of some milliseconds is none', () => {
  assert.equal(verdict(seen(100, 0, 100), seen(900, 0, 20)), 'worse');
  assert.equal(verdict(seen(100, 0, 12), seen(900, 0, 2)), 'as-good');
});

test('with fewer requests than are needed the verdict is never that it is as good', () => {
  const any = fc.record({ requests: fc.nat(200), share: fc.double({ min: 0, max: 1, noNaN: true }), p99Ms: fc.nat(1_000) });
  const given = any.map(({ requests, share, p99Ms }): Seen => ({ requests, failed: Math.floor(requests * share), p99Ms }));
  fc.assert(
    fc.property(given, given, (canary, former) => {
      const { verdict: said, reason } = judge(canary, former, rules);
      assert.ok(reason !== '');
      if (canary.requests < rules.requests) assert.notEqual(said, 'as-good');
    }),
  );
});
