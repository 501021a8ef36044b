import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { at, entry, inParis } from '../calendar/for-tests.ts';
import { facts } from './for-tests.ts';
import { roadOf } from './road.ts';

const calendar = (...entries: readonly ReturnType<typeof entry>[]) => ({ ...facts().calendar, entries });
const soak = (forMs: number) => ({ forMs, requests: 100, jobRuns: 1, protected: false });
const there = { environment: 'preprod', residedMs: 0, resides: false, requests: 0, jobRuns: 0 };
const daytime = entry({
  ...{ kind: 'window', name: 'daytime', start: '2026-01-05T09:00', end: '2026-01-05T16:00' },
  rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH',
});

/** The road over preprod to production; `changes` are what production asks. */
function toProd(changes: Parameters<typeof facts>[0], from: string) {
  const road = [facts({ environment: 'preprod', verifiedIn: [] }), facts(changes)].map((one) => ({
    ...one,
    stages: one.stages.filter(({ name }) => name === 'preprod' || name === 'prod'),
  }));
  return roadOf(road, at(from)).at(-1);
}

describe('a release that is tagged now', () => {
  it('waits for its soak and then for the next window', () => {
    const asked = { settings: { soak: soak(86_400_000), calendar: true }, soak: there, calendar: calendar(daytime) };
    assert.equal(inParis(toProd(asked, '2026-11-23T10:00')?.earliest), '2026-11-24T10:00:00');
    assert.equal(inParis(toProd(asked, '2026-11-25T17:00')?.earliest), '2026-11-30T09:00:00');
  });

  it('needs what people bring, and takes it as brought', () => {
    const settings = { soak: soak(3_600_000), evidence: ['tests'] as const, approvals: 2, signature: true, vulnerabilities: null };
    const milestone = toProd({ settings, soak: there }, '2026-11-23T10:00');
    assert.deepEqual(milestone?.needs, [
      'tests that pass',
      'a signature',
      '60 min and 100 requests in preprod',
      'the approval of 2 other people',
    ]);
    assert.notEqual(milestone?.earliest, null);
  });

  it('is not brought there by time where it is unfit, and every unmet rule is told', () => {
    const unfit = { settings: { zeroDowntime: 'low', calendar: true } as const, release: { replicas: { min: 1, max: 1 } } };
    const milestone = toProd({ ...unfit, calendar: calendar(daytime) }, '2026-11-27T10:00');
    assert.equal(milestone?.earliest, null);
    assert.deepEqual(
      milestone?.verdicts.filter(({ verdict }) => verdict !== 'open').map(({ gate }) => gate),
      ['zero-downtime', 'calendar'],
    );
  });

  it('is never told to come before its soak is over, and finds the gates open when it comes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 400 }), (soakHours, hour) => {
        const from = Temporal.PlainDateTime.from('2026-10-20T00:00').add({ hours: hour }).toString();
        const asked = { settings: { soak: soak(soakHours * 3_600_000), calendar: true }, soak: there, calendar: calendar(daytime) };
        const milestone = toProd(asked, from);
        assert.ok(milestone?.earliest);
        assert.ok(milestone.earliest.epochMilliseconds - at(from).epochMilliseconds >= soakHours * 3_600_000);
        assert.ok(milestone.verdicts.every(({ verdict }) => verdict === 'open'));
      }),
      { numRuns: 60 },
    );
  });
});
