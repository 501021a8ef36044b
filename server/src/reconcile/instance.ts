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
import { type Place, type Workload, workloadOf } from '../domain/workload.ts';
import { carry, messageOf } from './carry.ts';
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
  const steps = context.engine.plan(desired, observed);
  if (steps.length === 0) return false;
  return context.store.runs.requestHeal(context.newId('run'), place, stamp(context.now()));
}

export async function moveHeal(context: Context, run: Run, signal: AbortSignal): Promise<void> {
  const desired = await desiredAt(context, run);
  const nothing = () => Promise.resolve();
  if (desired === null) return context.store.runs.endHeal(run, null, stamp(context.now()));
  if (desired.kind === 'Service') await openAddress(context, desired);
  const carried = await carry({
    ...{ context, run, desired, former: null, signal, deadline: null },
    direction: 'forward',
    before: nothing,
    after: nothing,
  });
  const reason = carried.outcome === 'done' ? null : messageOf(carried.error);
  if (reason !== null) context.log.warn({ place: keyOf(run), reason }, 'instances could not be healed; trying again later');
  await context.store.runs.endHeal(run, reason, stamp(context.now()));
}

async function desiredAt(context: Context, place: Place): Promise<Workload | null> {
  const current = await context.store.deployments.current(place.component, place.environment);
  if (current === null) return null;
  return workloadOf(await context.store.releases.byDigest(current.releaseDigest), place.environment, context.hash);
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
