import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Observed } from '../instance.ts';
import { instance, set } from './for-tests.ts';
import { shareOfVersion, sharesOf } from './traffic.ts';

const canary = (percent: number, serving = 3, tried = 1): Observed => ({
  instances: [...set('old', serving).instances, ...set('new', tried, { traffic: 'canary' }).instances],
  canaryPercent: percent,
});

test('instances on trial part the share of the canary, the others the rest', () => {
  const shares = sharesOf(canary(10, 3, 2));
  assert.deepEqual([...shares.values()], [5, 5, 30, 30, 30]);
  assert.equal(shareOfVersion(canary(10, 3, 2), 'new'), 10);
  assert.equal(shareOfVersion(canary(10, 3, 2), 'old'), 90);
});

test('an instance that is down, not ready, drained or not let in yet gets nothing, and the others get its part', () => {
  const idle = [
    instance('new', 0, { traffic: 'none' }),
    instance('old', 1, { traffic: 'drain' }),
    instance('old', 2, { healthy: false }),
    instance('old', 3, { state: 'exited', healthy: false }),
  ];
  const shares = sharesOf({ instances: [...set('old', 1).instances, ...idle] });
  assert.deepEqual([...shares], [['shop.prod.old.0', 100]]);
});

test('nobody has a share where nobody answers', () => {
  assert.equal(shareOfVersion({ instances: [] }, 'new'), null);
  assert.equal(shareOfVersion(set('new', 2, { healthy: false }), 'new'), null);
});

test('the shares make a hundred as long as one of the former serves, whatever the canary has', () => {
  const few = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), few, few, (percent, serving, tried) => {
      const sum = [...sharesOf(canary(percent, serving, tried)).values()].reduce((all, one) => all + one, 0);
      assert.ok(Math.abs(sum - 100) < 1e-9, String(sum));
      assert.equal(shareOfVersion(canary(percent, serving, tried), 'new'), percent);
    }),
  );
});
