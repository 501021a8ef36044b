import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Instance, type Observed, servesWell } from '../instance.ts';
import type { Rollout } from '../release.ts';
import { usualRollout, type Workload } from '../workload.ts';
import { after, instance, set, workload } from './for-tests.ts';
import { guardShift, guardStop } from './guard.ts';
import { asked, plan } from './plan.ts';
import type { Step } from './step.ts';
import { subjectOf, undo } from './undo.ts';

const kinds = (steps: readonly Step[]) => steps.map(({ kind }) => kind).join(' ');
const nothing: Observed = { instances: [] };
const check = { path: '/declared', status: 200, contains: null, withinMs: 1_000 };

test('a first installation starts every instance, waits for all, then lets traffic in', () => {
  const steps = plan(workload('a', 2), nothing);
  assert.equal(kinds(steps), 'pull start ready shift');
  assert.deepEqual(steps.at(-1), { kind: 'shift', add: ['shop.prod.a.0', 'shop.prod.a.1'], remove: [] });
});

test('a new release brings all its instances before one of the former leaves', () => {
  const steps = plan(workload('b', 2, { check }), set('a', 2));
  assert.equal(kinds(steps), 'pull start ready check shift drain stop');
  assert.deepEqual(steps[4], { kind: 'shift', add: ['shop.prod.b.0', 'shop.prod.b.1'], remove: ['shop.prod.a.0', 'shop.prod.a.1'] });
});

test('what runs as wanted needs no step', () => {
  assert.deepEqual(plan(workload('a', 3), set('a', 3)), []);
});

test('more replicas start beside those that serve', () => {
  const steps = plan(workload('a', 3), set('a', 2));
  assert.equal(kinds(steps), 'pull start ready shift');
  assert.deepEqual(steps[1], { kind: 'start', instances: ['shop.prod.a.2'] });
});

test('fewer replicas take the highest ordinals away', () => {
  const steps = plan(workload('a', 1), set('a', 3));
  assert.equal(kinds(steps), 'shift drain stop');
  assert.deepEqual(steps[0], { kind: 'shift', add: [], remove: ['shop.prod.a.1', 'shop.prod.a.2'] });
});

test('a dead replica is started again under its own name', () => {
  const observed = { instances: [instance('a', 0), instance('a', 1, { state: 'exited', healthy: false, exitCode: 137 })] };
  const steps = plan(workload('a', 2), observed);
  assert.equal(kinds(steps), 'pull start ready shift');
  assert.deepEqual(steps[1], { kind: 'start', instances: ['shop.prod.a.1'] });
});

test('a rollout that was cut off between two steps goes on where it stopped', () => {
  const desired = workload('b', 2);
  const moved = { instances: [...set('b', 2).instances, ...set('a', 2, { traffic: 'drain' }).instances] };
  assert.equal(kinds(plan(desired, moved)), 'drain stop');
  assert.equal(kinds(plan(desired, { instances: [...set('b', 2).instances, ...set('a', 2, { traffic: 'none' }).instances] })), 'stop');
});

test('taking a component out of an environment ends everything of it, on purpose', () => {
  const steps = plan(null, set('a', 2));
  assert.equal(kinds(steps), 'shift drain stop');
  assert.equal(steps[0]?.kind === 'shift' && steps[0].retire, true);
  assert.deepEqual(plan(null, nothing), []);
});

test('a job is pulled and scheduled, and nothing of it serves', () => {
  assert.equal(kinds(plan(workload('a', 1, { kind: 'Job', schedule: '0 3 * * *' }), nothing)), 'pull schedule');
});

test('a release that never got ready is taken away and the former one is not touched', () => {
  const observed = { instances: [...set('a', 2).instances, ...set('b', 2, { traffic: 'none', healthy: false }).instances] };
  const steps = undo(workload('b', 2), observed);
  assert.deepEqual(steps, [{ kind: 'stop', instances: ['shop.prod.b.0', 'shop.prod.b.1'], graceMs: 1_000 }]);
});

test('going back after the shift gives the traffic to the former instances before the new ones leave', () => {
  const observed = { instances: [...set('a', 2, { traffic: 'drain' }).instances, ...set('b', 2).instances] };
  const steps = undo(workload('b', 2), observed);
  assert.equal(kinds(steps), 'shift drain stop');
  assert.deepEqual(steps[0], { kind: 'shift', add: ['shop.prod.a.0', 'shop.prod.a.1'], remove: ['shop.prod.b.0', 'shop.prod.b.1'] });
});

test('a new set that serves stays when the former one can no longer take over', () => {
  const dead = set('a', 2, { traffic: 'drain', healthy: false, state: 'exited' });
  assert.deepEqual(undo(workload('b', 2), { instances: [...dead.instances, ...set('b', 2).instances] }), []);
});

test('a first installation that failed leaves nothing, also when it fails on the way into the traffic', () => {
  assert.equal(kinds(undo(workload('a', 2), set('a', 2, { traffic: 'drain' }))), 'drain stop');
  assert.equal(kinds(undo(workload('a', 2), set('a', 2, { traffic: 'none', healthy: false }))), 'stop');
});

const canaryRollout: Rollout = {
  ...usualRollout,
  strategy: 'canary',
  steps: [
    { weight: 10, forMs: 1_000 },
    { weight: 50, forMs: 2_000 },
  ],
};

test('a canary gets small shares of the requests first, each compared with the former, and then as every new release', () => {
  const desired = workload('b', 2, { rollout: canaryRollout });
  const steps = plan(desired, set('a', 2));
  assert.equal(kinds(steps), 'pull start ready weigh analyse weigh analyse shift drain stop');
  assert.deepEqual(
    steps.flatMap((step) => (step.kind === 'weigh' ? [step.percent] : [])),
    [10, 50],
  );
  const atTen = { instances: [...set('a', 2).instances, ...set('b', 2, { traffic: 'canary' }).instances], canaryPercent: 10 };
  assert.equal(kinds(plan(desired, atTen)), 'ready weigh analyse weigh analyse shift drain stop', 'a step that was cut off is begun again');
  assert.equal(kinds(plan(desired, { ...atTen, canaryPercent: 50 })), 'ready weigh analyse shift drain stop');
});

test('a canary with nothing to compare it with is no canary', () => {
  const desired = workload('b', 2, { rollout: canaryRollout });
  assert.equal(kinds(plan(desired, nothing)), 'pull start ready shift');
  assert.equal(kinds(plan(desired, set('a', 2, { healthy: false }))), 'pull start ready shift drain stop');
  assert.equal(
    kinds(plan(workload('a', 3, { rollout: canaryRollout }), set('a', 2))),
    'pull start ready shift',
    'more replicas of the same',
  );
});

test('going back from a canary takes its share away first, unless nothing else serves any more', () => {
  const desired = workload('b', 2, { rollout: canaryRollout });
  const trial = set('b', 2, { traffic: 'canary' }).instances;
  const steps = undo(desired, { instances: [...set('a', 2).instances, ...trial], canaryPercent: 10 });
  assert.equal(kinds(steps), 'shift drain stop');
  assert.deepEqual(steps[0], { kind: 'shift', add: [], remove: ['shop.prod.b.0', 'shop.prod.b.1'] });
  const alone = undo(desired, { instances: [...set('a', 2, { state: 'exited', healthy: false }).instances, ...trial], canaryPercent: 10 });
  assert.deepEqual(alone, [{ kind: 'shift', add: ['shop.prod.b.0', 'shop.prod.b.1'], remove: [] }]);
});

test('a rolling release replaces a batch after the other, and the image is pulled once', () => {
  const steps = plan(workload('b', 3, { rollout: { ...usualRollout, strategy: 'rolling', batch: 2 } }), set('a', 3));
  assert.equal(kinds(steps), 'pull start ready shift drain stop start ready shift drain stop');
  assert.deepEqual(steps[3], { kind: 'shift', add: ['shop.prod.b.0', 'shop.prod.b.1'], remove: ['shop.prod.a.0', 'shop.prod.a.1'] });
  assert.deepEqual(steps[8], { kind: 'shift', add: ['shop.prod.b.2'], remove: ['shop.prod.a.2'] });
});

test('going back from a rolling release starts the former instances that were stopped, before the new ones leave', () => {
  const [desired, former] = [workload('b', 3, { rollout: { ...usualRollout, strategy: 'rolling' } }), workload('a', 3)];
  const halfway = {
    instances: [...set('a', 3).instances.slice(1), instance('b', 0), instance('b', 1, { traffic: 'none', healthy: false })],
  };
  const steps = undo(desired, halfway, former);
  assert.equal(kinds(steps), 'pull start ready shift drain stop');
  const [, start, , move] = steps;
  assert.deepEqual(start, { kind: 'start', instances: ['shop.prod.a.0'] });
  assert.deepEqual(move, { kind: 'shift', add: ['shop.prod.a.0'], remove: ['shop.prod.b.0'] });
  assert.ok(start !== undefined && subjectOf(start, desired, former) === former);
});

const anyInstance = fc.record({
  generation: fc.constantFrom('a', 'b'),
  ordinal: fc.integer({ min: 0, max: 4 }),
  state: fc.constantFrom('created' as const, 'running' as const, 'paused' as const, 'exited' as const),
  traffic: fc.constantFrom('none' as const, 'drain' as const, 'canary' as const, 'serving' as const),
  healthy: fc.boolean(),
});
const anyObserved = fc
  .array(anyInstance, { maxLength: 10 })
  .map((some) => some.map(({ generation, ordinal, ...rest }) => instance(generation, ordinal, rest)))
  .map((some): Observed => ({ instances: [...new Map(some.map((one) => [one.name, one])).values()].map(possible) }));

/** Only what runs can be healthy. */
function possible(one: Instance): Instance {
  return { ...one, healthy: one.healthy && one.state === 'running' };
}

const anyRollout = fc.constantFrom<Rollout>(
  usualRollout,
  canaryRollout,
  { ...usualRollout, strategy: 'rolling', batch: 1 },
  { ...usualRollout, strategy: 'rolling', batch: 2 },
);

const healthy = (observed: Observed) => observed.instances.filter(servesWell).length;

/** Carries the steps out and asserts the rule after each. */
function carryOut(steps: readonly Step[], desired: Workload, observed: Observed, former: Workload | null = null): Observed {
  const floor = Math.min(asked(desired), healthy(observed));
  return steps.reduce((world, step) => {
    if (step.kind === 'shift') guardShift(desired, step, world, asked(desired));
    if (step.kind === 'stop') guardStop(desired, step.instances, world);
    const next = after(step, subjectOf(step, desired, former), world);
    assert.ok(healthy(next) >= floor, `after ${step.kind} ${healthy(next)} serve, ${floor} must`);
    return next;
  }, observed);
}

test('never remove the last healthy set: after each step as many serve as were asked for, or as served before', () => {
  fc.assert(
    fc.property(anyObserved, fc.integer({ min: 1, max: 4 }), anyRollout, (observed, replicas, rollout) => {
      const desired = workload('b', replicas, { rollout });
      const end = carryOut(plan(desired, observed), desired, observed);
      assert.deepEqual(plan(desired, end), [], 'nothing is left to do');
      assert.equal(end.instances.length, replicas, 'nothing else is left');
    }),
  );
});

test('a rollout cut off anywhere and planned again ends the same', () => {
  fc.assert(
    fc.property(anyObserved, fc.integer({ min: 1, max: 4 }), fc.nat(16), anyRollout, (observed, replicas, cut, rollout) => {
      const desired = workload('b', replicas, { rollout });
      const halfway = carryOut(plan(desired, observed).slice(0, cut), desired, observed);
      const end = carryOut(plan(desired, halfway), desired, halfway);
      assert.deepEqual(plan(desired, end), []);
    }),
  );
});

test('going back from anywhere never leaves fewer healthy instances serving than the former set can give', () => {
  fc.assert(
    fc.property(
      anyObserved,
      fc.integer({ min: 1, max: 4 }),
      fc.nat(16),
      anyRollout,
      fc.boolean(),
      (observed, replicas, cut, rollout, known) => {
        const desired = workload('b', replicas, { rollout });
        const former = known ? workload('a', replicas) : null;
        const halfway = carryOut(plan(desired, observed).slice(0, cut), desired, observed);
        const end = carryOut(undo(desired, halfway, former), desired, halfway, former);
        assert.ok(healthy(end) >= Math.min(replicas, healthy(halfway)));
        assert.ok(
          end.instances.every(({ generation, traffic }) => generation !== 'b' || (traffic !== 'none' && traffic !== 'canary')),
          'no new one without traffic is left',
        );
      },
    ),
  );
});
