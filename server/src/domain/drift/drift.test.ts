import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Instance, Observed } from '../instance.ts';
import { set, workload } from '../rollout/for-tests.ts';
import { plan } from '../rollout/plan.ts';
import { type Deviation, deviationsOf, eventAbout, servedOf, shownToPlanner, surplusOf } from './drift.ts';

const desired = workload('a', 2);
const both = set('a', 2).instances;
const names = both.map(({ name }) => name);
const [first = '', second = ''] = names;
const look = (instances: readonly Instance[], more = {}) =>
  deviationsOf(desired, { observed: { instances }, told: [], served: names, started: [], held: [], ...more }).map(
    ({ kind, instance }) => `${kind} ${instance}`,
  );
const kinds = (observed: Observed, deviations: readonly Deviation[], wanted = desired) =>
  plan(wanted, shownToPlanner(wanted, observed, deviations)).map((step) =>
    'instances' in step
      ? `${step.kind} ${ordinals(step.instances)}`
      : step.kind === 'shift'
        ? `shift +${ordinals(step.add)} -${ordinals(step.remove)}`
        : step.kind,
  );
const ordinals = (some: readonly string[]) => some.map((name) => name.slice(name.lastIndexOf('.') + 1)).join();

test('what runs as recorded is no drift', () => {
  assert.deepEqual(look(both), []);
});

test('an instance that served and is gone was removed; one that never served is only not there yet', () => {
  assert.deepEqual(look(both.slice(1)), [`removed ${first}`]);
  assert.deepEqual(look(both.slice(1), { served: [second] }), []);
});

test('an instance that runs and served, and that requests do not reach any more, has lost its route', () => {
  const lost = both.map((instance, index) => (index === 0 ? { ...instance, traffic: 'none' as const } : instance));
  assert.deepEqual(look(lost), [`route ${first}`]);
  assert.deepEqual(look(lost, { served: [second] }), [], 'it is still on its way');
});

test('an instance of another generation was added by somebody, and so was one more of the same that no step started', () => {
  const [stranger] = set('b', 1).instances;
  assert.deepEqual(look([...both, ...(stranger === undefined ? [] : [stranger])]), [`added ${stranger?.name}`]);
  const { instances } = set('a', 3);
  const third = instances[2]?.name ?? '';
  assert.deepEqual(look(instances), [`added ${third}`]);
  assert.deepEqual(look(instances, { started: [third] }), [], 'left over by a scale, the planner takes it away');
  assert.deepEqual(surplusOf(desired, { instances: [...instances, ...(stranger === undefined ? [] : [stranger])] }), [third]);
});

test('what Beluga itself keeps down is not told as stopped', () => {
  const told: readonly Deviation[] = [{ instance: first, kind: 'stopped', sentence: 'It was stopped.' }];
  assert.deepEqual(look(both, { told }), [`stopped ${first}`]);
  assert.deepEqual(look(both, { told, held: [first] }), []);
});

test('an altered instance is replaced by another one first, and never leaves before that serves', () => {
  const altered: Deviation = { instance: first, kind: 'limits', sentence: 'Its memory is other.' };
  assert.deepEqual(kinds({ instances: both }, [altered]), ['pull', 'start 2', 'ready 2', 'shift +2 -0', 'drain 0', 'stop 0']);
  const after = { instances: [...both.slice(1), ...set('a', 3).instances.slice(2)] };
  assert.deepEqual(kinds(after, []), ['pull', 'start 0', 'ready 0', 'shift +0 -2', 'drain 2', 'stop 2'], 'then its own name comes back');
});

test('what is only to be told is left as it is', () => {
  const only = { ...desired, repair: 'report' as const };
  const paused = both.map((instance, index) => (index === 0 ? { ...instance, state: 'paused' as const } : instance));
  assert.deepEqual(kinds({ instances: paused }, [{ instance: first, kind: 'paused', sentence: 'It is paused.' }], only), []);
  assert.deepEqual(kinds({ instances: both.slice(1) }, [{ instance: first, kind: 'removed', sentence: 'It is gone.' }], only), []);
  const [stranger] = set('b', 1).instances;
  const more = { instances: [...both, ...(stranger === undefined ? [] : [stranger])] };
  assert.deepEqual(kinds(more, [{ instance: stranger?.name ?? '', kind: 'added', sentence: 'It runs.' }], only), []);
});

test('as many serve after every step of a repair as served before, whichever were altered', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.uniqueArray(fc.integer({ min: 0, max: 5 })), (count, which) => {
      const wanted = workload('a', count);
      const instances = set('a', count).instances;
      const deviations = instances
        .filter((_, index) => which.includes(index))
        .map(({ name }): Deviation => ({ instance: name, kind: 'image', sentence: '' }));
      let serving = new Set(instances.map(({ name }) => name));
      for (const step of plan(wanted, shownToPlanner(wanted, { instances }, deviations))) {
        if (step.kind === 'shift') serving = new Set([...serving, ...step.add].filter((name) => !step.remove.includes(name)));
        if (step.kind === 'stop') assert.ok(step.instances.every((name) => !serving.has(name)));
        assert.ok(serving.size >= count);
      }
      assert.equal(
        deviations.some(({ instance }) => serving.has(instance)),
        false,
      );
    }),
  );
});

test('those that served are remembered while they are wanted', () => {
  assert.deepEqual(servedOf(desired, [first, 'web.dev.z.0'], [second]), names);
  assert.deepEqual(servedOf(workload('a', 1), names, []), [first]);
});

test('an event is told of the instance that it names, by whatever platform it was made', () => {
  assert.equal(eventAbout('web.dev.a.0', 'beluga.web.dev.a.0: pause'), 'pause');
  assert.equal(eventAbout('web.dev.a.1', 'beluga.web.dev.a.0: pause'), null);
  assert.equal(eventAbout('', 'beluga.web.dev.a.0: pause'), null);
});
