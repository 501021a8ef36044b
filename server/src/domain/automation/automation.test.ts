import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { automationOf, automationSteps, type Done, type PlatformFacts, type SystemFacts } from './automation.ts';

const nothing: SystemFacts = {
  ...{ system: 'contrats', components: 1, services: 1, jobs: 0, ranges: 0, installedReleases: 1, onSocle: 0, done: {} },
};
const platform: PlatformFacts = { changeAsked: true, tellsOf: () => false };
const stateOf = (facts: Partial<SystemFacts>, step: string, changes: Partial<PlatformFacts> = {}) =>
  automationOf({ ...nothing, ...facts }, { ...platform, ...changes }).steps.find((one) => one.step === step);

test('what the platform did is automated, whatever else holds', () => {
  const done = fc.record({ count: fc.integer({ min: 1, max: 1_000 }), last: fc.constant<string | null>(null) });
  const facts = fc.record({
    ...{ system: fc.constant('contrats'), components: fc.nat(9), services: fc.nat(2), jobs: fc.nat(2), ranges: fc.nat(2) },
    ...{ installedReleases: fc.nat(3), onSocle: fc.nat(2), done: fc.dictionary(fc.constantFrom(...automationSteps), done) },
  });
  fc.assert(
    fc.property(facts, fc.boolean(), (given, changeAsked) => {
      const { steps } = automationOf({ ...given, done: given.done as Record<string, Done> }, { changeAsked, tellsOf: () => false });
      assert.deepEqual(
        steps.map(({ step }) => step),
        [...automationSteps],
      );
      for (const { step, state, sentence } of steps) {
        assert.equal(state === 'automated', Object.hasOwn(given.done, step));
        assert.equal(sentence === null, state === 'automated');
      }
    }),
  );
});

test('what it cannot do as things are is impossible, and says why', () => {
  assert.equal(stateOf({}, 'schedule')?.reason, 'no-job');
  assert.equal(stateOf({ services: 0, jobs: 1 }, 'network')?.reason, 'only-jobs');
  assert.equal(stateOf({}, 'rollback')?.reason, 'one-release');
  assert.equal(stateOf({}, 'scaling')?.reason, 'no-range');
  assert.equal(stateOf({}, 'notification')?.reason, 'no-channel');
  assert.equal(stateOf({}, 'change', { changeAsked: false })?.state, 'impossible');
});

test('what it could do and has not is possible, and says what to do', () => {
  assert.deepEqual([stateOf({ ranges: 1 }, 'scaling')?.state, stateOf({}, 'tests')?.state], ['possible', 'possible']);
  assert.match(stateOf({}, 'tests')?.sentence ?? '', /beluga evidence add/);
  assert.equal(stateOf({}, 'notification', { tellsOf: () => true })?.state, 'possible');
});
