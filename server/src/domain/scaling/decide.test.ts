import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Scaling } from '../release.ts';
import { decide, type Target } from './decide.ts';
import { recommend, type Sample } from './recommend.ts';
import { decidedReplicas, noMemory, type Scale } from './scale.ts';

const t0 = Temporal.Instant.from('2026-06-01T10:00:00Z');
const after = (seconds: number) => t0.add({ milliseconds: seconds * 1000 });
const usual: Scaling = {
  ...{ cpuPercent: 70, memoryPercent: null, requests: null, concurrency: null },
  ...{ downAfterMs: 300_000, upAfterMs: 0 },
};
const measured = (...values: readonly number[]): readonly Sample[] => values.map((value) => ({ state: 'measured', value }));
const missing: Sample = { state: 'missing' };
const unready: Sample = { state: 'unready' };
const cpu = (...samples: readonly Sample[]): Target => ({ name: 'cpu', target: 70, samples });
const at = (wanted: number, memory = noMemory): Scale => ({ wanted, pinned: null, reason: '', memory, decidedAt: t0.toString() });

describe('one target asks for what the documentation of Kubernetes says', () => {
  const table: readonly (readonly [string, readonly Sample[], number, number, number])[] = [
    ['200m against 100m doubles', measured(200), 100, 1, 2],
    ['50m against 100m halves', measured(50, 50), 100, 2, 1],
    ['within a tenth nothing changes', measured(109, 109), 100, 2, 2],
    ['and from below too', measured(91, 91), 100, 2, 2],
    ['90 % against 75 % of 50 is 60', measured(...Array.from({ length: 50 }, () => 90)), 75, 50, 60],
    ['one without a sample uses nothing when more are wanted', [...measured(200, 200), missing], 100, 3, 4],
    ['and its target when fewer are', [...measured(20, 20), missing], 100, 3, 2],
    ['one that is not ready uses nothing when more are wanted', [...measured(150), unready], 100, 2, 2],
    ['and is left out when fewer are', [...measured(40, 40), unready], 100, 3, 1],
    ['a ratio that turns round changes nothing', [...measured(130), missing, missing], 100, 3, 3],
    ['without any sample nothing changes', [missing, unready], 100, 2, 2],
  ];
  for (const [title, samples, target, current, wanted] of table)
    test(title, () => assert.equal(recommend(samples, target, current).wanted, wanted));
});

describe('a decision', () => {
  const replicas = { min: 1, max: 20 };
  const ask = (targets: readonly Target[], before: Scale | null, now = t0, scaling = usual) =>
    decide({ scaling, replicas, targets, before, now });

  test('takes the target that asks for most, and says why in a sentence', () => {
    const busy: Target = { name: 'requests', target: 50, samples: measured(100, 100) };
    const decision = ask([cpu(...measured(20, 20)), busy], at(2));
    assert.equal(decision.wanted, 4);
    assert.equal(decision.reason, 'From 2 to 4: each instance gets 100 requests a second and 50 are wanted.');
  });

  test('grows at once, by the double or four in 15 s', () => {
    const first = ask([cpu(...measured(700))], at(1));
    assert.equal(first.wanted, 5);
    assert.match(first.reason, /it needs 10, and grows by at most the double or four in 15 s/);
    const second = ask([cpu(...measured(...Array.from({ length: 5 }, () => 700)))], first, after(5));
    assert.equal(second.wanted, 5);
    assert.equal(ask([cpu(...measured(...Array.from({ length: 5 }, () => 700)))], second, after(16)).wanted, 10);
  });

  test('shrinks to the most that was needed in the last five minutes', () => {
    let scale = ask([cpu(...measured(70, 70, 70, 70))], at(4));
    for (let second = 15; second <= 300; second += 15) {
      scale = ask([cpu(...measured(second === 150 ? 50 : 10, 10, 10, 10))], scale, after(second));
      assert.equal(scale.wanted, 4, scale.reason);
    }
    assert.match(scale.reason, /Stays at 4: CPU is at 10 % of its limit and 70 % is wanted; it needs 1, and shrinks when/);
    scale = ask([cpu(...measured(10, 10, 10, 10))], scale, after(315));
    assert.equal(scale.wanted, 2);
    assert.equal(ask([cpu(...measured(10, 10))], scale, after(460)).wanted, 1);
  });

  test('does not shrink while a target cannot be measured, but grows', () => {
    const blind: Target = { name: 'memory', target: 80, samples: [missing, missing] };
    const quiet = ask([cpu(...measured(1, 1)), blind], at(2), t0, { ...usual, downAfterMs: 0 });
    assert.equal(quiet.wanted, 2);
    assert.match(quiet.reason, /without a measure of memory it does not shrink/);
    assert.equal(ask([cpu(...measured(140, 140)), blind], at(2)).wanted, 4);
  });

  test('that a person pinned stands, and one outside the declared bounds is brought back', () => {
    assert.deepEqual(decidedReplicas({ replicas: { min: 2, max: 4 } }, { ...at(3), pinned: 6 }), { min: 6, max: 6 });
    assert.deepEqual(decidedReplicas({ replicas: { min: 2, max: 4 } }, at(9)), { min: 4, max: 4 });
  });

  test('always lies between the fewest and the most, and grows no faster than allowed', () => {
    const sample = fc.oneof(
      fc.record({ state: fc.constant('measured' as const), value: fc.double({ min: 0, max: 1_000, noNaN: true }) }),
      fc.constantFrom(missing, unready),
    );
    const look = fc.record({ afterS: fc.integer({ min: 1, max: 60 }), samples: fc.array(sample, { maxLength: 16 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 8 }), fc.array(look, { maxLength: 30 }), (min, more, looks) => {
        let scale: Scale | null = null;
        let now = t0;
        for (const { afterS, samples } of looks) {
          now = now.add({ seconds: afterS });
          const former: number = scale?.wanted ?? min;
          scale = decide({ scaling: usual, replicas: { min, max: min + more }, targets: [cpu(...samples)], before: scale, now });
          assert.ok(scale.wanted >= min && scale.wanted <= min + more);
          assert.ok(scale.wanted <= Math.max(former * 2, former + 4));
          assert.ok(scale.reason.endsWith('.'));
        }
      }),
    );
  });
});
