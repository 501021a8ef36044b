import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformOf } from '@beluga/contract/platform';
import fc from 'fast-check';
import { createSimulatedEngine } from '../drivers/engine/simulated/simulated.ts';
import { createPlane, quickPace, release } from '../reconcile/for-tests.ts';
import { startLoop } from '../reconcile/loop.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import type { EventView } from '../store/views/views.ts';
import { addEntry, removeEntry } from './edit-calendar.ts';
import { requestDeployment } from './request-deployment.ts';

const steps = ['pull', 'start', 'ready', 'check', 'shift', 'drain', 'stop'] as const;
const versions = ['1.0.0', '2.0.0', '3.0.0'];

/** Somebody asks, somebody freezes between two steps or beforehand, somebody ends the freezes, time goes on. */
const move = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), version: fc.constantFrom(...versions), waits: fc.boolean() }),
  fc.record({ kind: fc.constant('freeze' as const), after: fc.constantFrom(null, ...steps), hours: fc.integer({ min: 1, max: 30 }) }),
  fc.constant({ kind: 'unfreeze' as const }),
  fc.record({ kind: fc.constant('later' as const), hours: fc.integer({ min: 1, max: 14 }) }),
);

const database = await withDatabase();
const usual = platformOf(null);
const platform = { ...usual, environments: usual.environments.filter(({ name }) => name === 'dev') };
let walk = 0;

/** What is to happen after a step of that kind, once. */
let between: { readonly after: string; readonly work: () => Promise<void> } | null = null;
const engine = createSimulatedEngine();
const perform = engine.perform.bind(engine);
engine.perform = async (...given) => {
  const outcome = await perform(...given);
  if (between?.after !== given[1].kind) return outcome;
  const { work } = between;
  between = null;
  await work();
  return outcome;
};

it('whatever freezes come and go, no step that cannot be taken back begins while one holds, and what serves is one whole set', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 6, maxLength: 14 }), async (moves) => {
      let now = Temporal.Instant.from('2031-03-03T08:00:00Z').add({ hours: 24 * 14 * walk });
      const component = `walked-${(walk += 1)}`;
      const { context } = createPlane(database, engine, { platform, environments: ['dev'], now: () => now });
      const since = await context.store.views.lastEvent();
      const freeze = async (hours: number): Promise<void> => {
        const wall = (time: Temporal.Instant) => time.toZonedDateTimeISO('Europe/Paris').toPlainDateTime().toString();
        const times = { start: wall(now.subtract({ minutes: 1 })), end: wall(now.add({ hours })), timeZone: 'Europe/Paris' };
        const entry = { name: 'walk', reason: null, environments: ['dev'], systems: null, criticality: null, ...times };
        await addEntry(context, 'ines', { kind: 'freeze', entry: { ...entry, rule: null, on: [], except: [], skip: [] } });
      };
      const unfreeze = async (): Promise<void> => {
        for (const { id } of await context.store.calendar.list()) await removeEntry(context, 'ines', id);
      };
      const settled = async (): Promise<void> => {
        for (;;) {
          const all = await context.store.views.deployments({ component, limit: 100 });
          if (all.every(({ state, waitsFor }) => state !== 'running' && (state !== 'waiting' || waitsFor !== null))) return;
          await sleep(10);
        }
      };
      for (const version of versions) await release(context, component, version);
      const loop = startLoop(context, `server-${walk}`, quickPace);
      try {
        for (const one of moves) {
          if (one.kind === 'ask')
            await requestDeployment(context, 'lea', { component, version: one.version, environment: 'dev', waitForGates: one.waits });
          if (one.kind === 'freeze' && one.after === null) await freeze(one.hours);
          if (one.kind === 'freeze' && one.after !== null) between = { after: one.after, work: () => freeze(one.hours) };
          if (one.kind === 'unfreeze') await unfreeze();
          if (one.kind === 'later') now = now.add({ hours: one.hours });
          await settled();
        }
        between = null;
        await unfreeze();
        const open = async () => (await context.store.views.deployments({ component, state: 'waiting', limit: 1 })).length > 0;
        while (await open()) await sleep(10);
        await settled();
      } finally {
        await loop.stop();
      }
      const events = await context.store.views.events({ after: since, limit: 10_000 });
      assertNothingBeganInAFreeze(events);
      const { instances } = await engine.observe({ component, environment: 'dev' });
      const serving = new Set(instances.filter(({ traffic }) => traffic === 'serving').map(({ version }) => version));
      const current = await context.store.deployments.current(component, 'dev');
      const wanted = current === null ? [] : [(await context.store.releases.byDigest(current.releaseDigest)).version];
      assert.deepEqual([...serving], wanted);
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

/** From the log alone: what was frozen when, and what began then. */
function assertNothingBeganInAFreeze(events: readonly EventView[]): void {
  const freezes = new Map<string, string>();
  for (const { type, subject, time, data } of events) {
    if (type === 'calendar.freeze-added') {
      const { end } = data as { end: string };
      freezes.set(subject, Temporal.PlainDateTime.from(end).toZonedDateTime('Europe/Paris').toInstant().toString());
    }
    if (type === 'calendar.freeze-removed') freezes.delete(subject);
    const { kind, purpose } = data as { kind?: string; purpose?: string };
    // Healing goes on: it starts again what serves, and brings nothing new.
    if (!subject.startsWith('deployment/')) continue;
    const begins =
      type === 'deployment.let-go' || (type === 'step.running' && purpose === 'forward' && kind !== 'drain' && kind !== 'stop');
    const holding = [...freezes.values()].filter((end) => Temporal.Instant.compare(time, end) < 0);
    if (begins) assert.deepEqual(holding, [], `${type} ${kind ?? ''} of ${subject} at ${time}`);
  }
}
