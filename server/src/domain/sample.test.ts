import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Reading, sampleOf } from './sample.ts';

const at = '2026-11-25T10:00:15Z';
const reading = (changes: Partial<Reading> = {}): Reading => ({
  ...{ atMs: 0, requests: 0, failed: 0, latencyMs: 12, serving: 2, cpuMs: new Map(), memoryBytes: null },
  ...changes,
});

test('a sample is what the counts grew by, a second', () => {
  const before = reading({ requests: 100, failed: 1, cpuMs: new Map([['web-0', 1_000]]) });
  const now = reading({
    atMs: 15_000,
    requests: 400,
    failed: 4,
    cpuMs: new Map([
      ['web-0', 4_000],
      ['web-1', 90],
    ]),
    memoryBytes: 64,
  });
  assert.deepEqual(sampleOf(before, now, at), {
    ...{ at, requestsPerSecond: 20, failedPerSecond: 0.2, latencyMs: 12, cpuMillis: 200, memoryBytes: 64, serving: 2 },
  });
});

test('a latency is told only where somebody asked, and a count that began anew says nothing', () => {
  assert.equal(sampleOf(reading(), reading({ atMs: 1_000 }), at).latencyMs, null);
  const again = sampleOf(reading({ requests: 9, failed: 3 }), reading({ atMs: 1_000 }), at);
  assert.deepEqual([again.requestsPerSecond, again.failedPerSecond, again.latencyMs], [null, null, null]);
});

test('no rate is ever negative or without bound', () => {
  const count = fc.nat({ max: 1_000_000 });
  fc.assert(
    fc.property(count, count, count, count, fc.integer({ min: -5_000, max: 60_000 }), (r1, r2, c1, c2, atMs) => {
      const before = reading({ requests: r1, cpuMs: new Map([['web-0', c1]]) });
      const sample = sampleOf(before, reading({ atMs, requests: r2, cpuMs: new Map([['web-0', c2]]) }), at);
      for (const rate of [sample.requestsPerSecond, sample.failedPerSecond, sample.cpuMillis])
        assert.ok(rate === null || (Number.isFinite(rate) && rate >= 0));
    }),
  );
});
