import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Instance } from '../instance.ts';
import { backOffMs } from './back-off.ts';
import {
  endedByProbe,
  heldInstances,
  isUnwell,
  type Look,
  look,
  type PlaceHealth,
  staggerMs,
  waitingSentence,
  wellPlace,
} from './health.ts';

const t0 = Temporal.Instant.from('2026-06-01T10:00:00Z');
const after = (seconds: number) => t0.add({ milliseconds: Math.round(seconds * 1000) });
const name = 'web.dev.g1.0';

function instance(changes: Partial<Instance> = {}): Instance {
  const state = { state: 'running', traffic: 'serving', healthy: true, restarts: 0, exitCode: null, startedAt: t0.toString() } as const;
  return { name, generation: 'g1', version: '1', image: 'i', ordinal: 0, ...state, ...changes };
}
const seen = (now: Temporal.Instant, changes: Partial<Instance>, more: Partial<Look> = {}): Look => {
  return { instances: [instance(changes)], wanted: [name], dependencies: [], now, ...more };
};
const sick = { healthy: false } as const;

describe('an instance that crashes', () => {
  test('comes back at once the first time, then after 10 s doubling to 300 s, as in Kubernetes', () => {
    assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 8, 100].map(backOffMs), [0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
  });

  test('is left to the engine once, held from the second time on, and told once', () => {
    const first = look(wellPlace, seen(after(1), { ...sick, restarts: 0 }));
    const crashed = look(first.health, seen(after(2), { ...sick, restarts: 1 }));
    assert.deepEqual(crashed.hold, []);
    const again = look(crashed.health, seen(after(3), { ...sick, restarts: 2 }));
    assert.deepEqual(again.hold, [name]);
    assert.deepEqual(heldInstances(again.health, after(12)), [name]);
    assert.deepEqual(heldInstances(again.health, after(13)), []);
    assert.match(again.told.find(({ what }) => what === 'instances.crashing')?.sentence ?? '', /crashed 2 times.*in 10 s/);
    const third = look(again.health, seen(after(14), { ...sick, restarts: 3 }));
    assert.deepEqual(heldInstances(third.health, after(33)), [name]);
    assert.ok(!third.told.some(({ what }) => what === 'instances.crashing'));
  });

  test('is not held while it serves, and begins anew after ten minutes without a crash', () => {
    const crashed = look(wellPlace, seen(after(1), { restarts: 0 })).health;
    const twice = look(
      look(crashed, seen(after(2), { restarts: 1 })).health,
      seen(after(3), { restarts: 2, startedAt: after(3).toString() }),
    );
    assert.deepEqual(twice.hold, []);
    assert.equal(twice.health.instances[name]?.crashes, 2);
    const later = look(twice.health, seen(after(604), { restarts: 2, startedAt: after(3).toString() }));
    assert.equal(later.health.instances[name]?.crashes, 0);
  });

  test('is told otherwise than a component of which nobody is ready, but everybody runs', () => {
    const sentences = (changes: Partial<Instance>) => look(wellPlace, seen(t0, changes)).told.map(({ sentence }) => sentence);
    assert.deepEqual(sentences({ ...sick, state: 'exited' }), ['No instance serves.']);
    assert.deepEqual(sentences({ ...sick, unready: true }), [
      'No instance answers its health check; those that run go on getting requests.',
    ]);
  });

  test('counts as crashed when it is not alive any more', () => {
    const once = endedByProbe(wellPlace, name, 0, t0);
    assert.deepEqual(heldInstances(once, t0), []);
    assert.deepEqual(heldInstances(endedByProbe(once, name, 0, t0), after(9)), [name]);
  });
});

describe('a component whose dependency is down', () => {
  const down = [{ component: 'contrats-api', downSince: after(-180).toString() }];
  const up = [{ component: 'contrats-api', downSince: null }];

  test('says once that it waits for it, and since when', () => {
    const waiting = look(wellPlace, seen(t0, sick, { dependencies: down }));
    assert.deepEqual(
      waiting.told.map(({ sentence }) => sentence),
      ['It is waiting for contrats-api (down for 3 min).'],
    );
    assert.deepEqual(look(waiting.health, seen(after(1), sick, { dependencies: down })).told, []);
    assert.ok(isUnwell(waiting.health));
    assert.equal(waitingSentence('contrats-api', after(-3_700).toString(), t0), 'waiting for contrats-api (down for 1 h 1 min)');
  });

  test('is started again within 5 s of its return, each instance at a moment of its own', () => {
    const held: PlaceHealth = {
      ...wellPlace,
      waitingFor: 'contrats-api',
      downSince: t0.toString(),
      instances: { [name]: { crashes: 6, restarts: 0, heldUntil: after(160).toString({ fractionalSecondDigits: 3 }) } },
    };
    const back = look(held, seen(after(10), { ...sick, state: 'exited' }, { dependencies: up }));
    assert.deepEqual(heldInstances(back.health, after(15)), []);
    const moments = [0, 1, 2, 3].map((ordinal) => staggerMs(`web.dev.g1.${ordinal}`));
    assert.equal(new Set(moments).size, 4);
    fc.assert(fc.property(fc.string(), (some) => staggerMs(some) < 2_000));
    const serves = look(back.health, seen(after(16), {}, { dependencies: up }));
    assert.match(serves.told[0]?.sentence ?? '', /serves again after 16 s/);
    assert.ok(!isUnwell({ ...serves.health, instances: {} }));
  });
});

test('whatever happens, nothing is held for more than five minutes, and one that serves is never ended', () => {
  const step = fc.record({
    afterMs: fc.integer({ min: 1, max: 700_000 }),
    restarts: fc.integer({ min: 0, max: 5 }),
    serves: fc.boolean(),
    down: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let health = wellPlace;
      let now = t0;
      let restarts = 0;
      for (const { afterMs, restarts: more, serves, down } of steps) {
        now = now.add({ milliseconds: afterMs });
        restarts += more;
        const dependencies = [{ component: 'api', downSince: down ? t0.toString() : null }];
        const outcome = look(health, seen(now, { restarts, healthy: serves }, { dependencies }));
        if (serves) assert.deepEqual(outcome.hold, []);
        assert.ok(outcome.told.length <= 2);
        ({ health } = outcome);
        assert.deepEqual(heldInstances(health, now.add({ milliseconds: 300_000 })), []);
      }
    }),
  );
});
