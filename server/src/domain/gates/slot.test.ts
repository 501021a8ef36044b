import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GateFacts, SlotFacts } from './facts.ts';
import { facts, now } from './for-tests.ts';
import { evaluateGates } from './gates.ts';
import { isOpen, type Verdict } from './verdict.ts';

const wanted = { forMs: 3_600_000, requests: 100, jobRuns: 2, protected: true };
const slotOf = (soak: Partial<SlotFacts['soak']> = {}): SlotFacts => ({
  release: { component: 'web', version: '1.3.0', kind: 'Service' },
  ...{ to: 'preprod', wanted, soak: { environment: 're7', residedMs: 600_000, resides: true, requests: 100, jobRuns: 0, ...soak } },
});
const says = (changes: Parameters<typeof facts>[0]): Verdict | undefined =>
  evaluateGates(facts({ environment: 're7', ...changes })).find(({ gate }) => gate === 'slot');

describe('the slot of a release that proves itself', () => {
  it('is kept until its time is over, with the instant at which it is', () => {
    const verdict = says({ slot: slotOf() });
    assert.equal(verdict?.verdict, 'waiting');
    assert.equal(verdict.reason, 'web@1.3.0 is proving itself in re7 for preprod: 60 min are asked for, and it has been there 10 min.');
    assert.equal(Date.parse(verdict.opensAt ?? ''), now.epochMilliseconds + 3_000_000);
  });

  it('is kept without a date as long as nobody uses it, and free when it has proven itself', () => {
    assert.deepEqual(
      [says({ slot: slotOf({ requests: 3 }) })?.verdict, says({ slot: slotOf({ requests: 3 }) })?.opensAt],
      ['closed', null],
    );
    assert.equal(says({ slot: slotOf({ residedMs: 3_600_000 }) })?.verdict, 'open');
    assert.equal(says({ slot: null }), undefined);
  });

  it('makes room for a rollback and for the fix of an incident, and is not asked for by what has started', () => {
    assert.equal(says({ slot: slotOf(), purpose: 'rollback', verifiedIn: ['re7'] }), undefined);
    assert.equal(says({ slot: slotOf(), incident: 'INC1' })?.verdict, 'open');
    assert.equal(says({ slot: slotOf(), moment: 'moving' }), undefined);
  });

  it('lets one release after the other prove itself, however often it is built', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 150, maxLength: 250 }), (gaps) => {
        let [time, since, waiting, proven] = [0, 0, false, 0];
        const at = (seconds: number): GateFacts =>
          facts({ environment: 're7', now: now.add({ seconds }), slot: slotOf({ residedMs: (seconds - since) * 1_000, requests: 1_000 }) });
        const startAt = (seconds: number): void => {
          assert.ok(seconds - since >= 3_600, 'what soaked was replaced before it had proven itself');
          [since, waiting, proven] = [seconds, false, proven + 1];
        };
        for (const gap of gaps) {
          time += gap;
          // The newest build waits in the place of the one before, and starts as soon as the slot is free.
          if (waiting && isOpen(evaluateGates(at(since + 3_600))) && since + 3_600 <= time) startAt(since + 3_600);
          if (isOpen(evaluateGates(at(time)))) startAt(time);
          else waiting = true;
        }
        assert.ok(proven >= Math.floor(time / (3_600 + 900)), `${proven} in ${time} s`);
      }),
      { numRuns: 30 },
    );
  });
});
