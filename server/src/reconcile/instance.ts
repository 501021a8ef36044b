/**
 * From what is recorded to what runs: a place whose instances are not as its current release wants them is healed.
 *
 * It looks after every change the engine tells of and every 30 s, and asks for a run of its own, so that healing and deployments
 * never move one place together.
 */
import type { Context } from '../actions/context.ts';
import { servesWell } from '../domain/instance.ts';
import type { Run } from '../domain/run.ts';
import { stamp } from '../domain/stamp.ts';
import type { Place } from '../domain/workload.ts';
import { carry, messageOf } from './carry.ts';
import { desiredAt } from './desired.ts';
import { heldNow, lookAfter, withoutHeld } from './healing.ts';
import { openAddress } from './open-address.ts';

/** Looks at every recorded place and asks for the repair of those that differ. Gives how many it asked for. */
export async function findDrift(context: Context): Promise<number> {
  const current = await context.store.deployments.allCurrent();
  const busy = new Set((await context.store.runs.busyPlaces()).map(keyOf));
  let asked = 0;
  for (const place of current) {
    if (!busy.has(keyOf(place)) && (await checkPlace(context, place))) asked += 1;
  }
  await tellStrangers(context, new Set([...busy, ...current.map(keyOf)]));
  return asked;
}

/** Looks at one place; true when its repair was asked for. */
export async function checkPlace(context: Context, place: Place): Promise<boolean> {
  const desired = await desiredAt(context, place);
  if (desired === null || desired.kind === 'Job') return false;
  const observed = await context.engine.observe(place);
  const ready = observed.instances.filter(servesWell).length;
  await context.store.sightings.record({ ...keyParts(place), wanted: desired.replicas.min, ready, at: stamp(context.now()) });
  const moving = await context.store.runs.movingAt(place);
  if (moving === 'deployment') return false;
  const held = await lookAfter(context, desired, observed);
  if (moving === 'heal') return false;
  const steps = context.engine.plan(desired, withoutHeld(observed, held));
  if (steps.length === 0) return false;
  return context.store.runs.requestHeal(context.newId('run'), place, stamp(context.now()));
}

export async function moveHeal(context: Context, run: Run, signal: AbortSignal): Promise<void> {
  const desired = await desiredAt(context, run);
  const nothing = () => Promise.resolve();
  if (desired === null) return context.store.runs.endHeal(run, null, stamp(context.now()));
  if (desired.kind === 'Service') await openAddress(context, desired);
  const held = await heldNow(context, desired);
  const carried = await carry({
    ...{ context, run, desired, former: null, signal, deadline: null },
    direction: 'forward',
    seen: (observed) => withoutHeld(observed, held),
    before: nothing,
    after: nothing,
  });
  const reason = carried.outcome === 'done' ? null : messageOf(carried.error);
  if (reason !== null) context.log.warn({ place: keyOf(run), reason }, 'instances could not be healed; trying again later');
  const health = await context.store.placeHealth.of(run);
  await context.store.runs.endHeal(run, reason, stamp(context.now()), reason === null || reason !== health.reason);
  await context.store.placeHealth.save(run, health, { ...health, reason }, [], stamp(context.now()));
}

/** Looks again at the places that are not well: what they wait for tells nobody that it is there. */
export async function watchUnwell(context: Context): Promise<void> {
  for (const place of await context.store.placeHealth.unwell()) await checkPlace(context, place);
}

/** What runs under this platform's name and was never recorded is told, not removed: it may be all that serves. */
async function tellStrangers(context: Context, known: ReadonlySet<string>): Promise<void> {
  for (const place of await context.engine.places()) {
    if (!known.has(keyOf(place))) context.log.warn({ place: keyOf(place) }, 'instances run that no deployment recorded');
  }
}

function keyParts({ component, environment }: Place): Place {
  return { component, environment };
}

export function keyOf(place: Place): string {
  return `${place.component}.${place.environment}`;
}
