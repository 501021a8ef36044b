/**
 * From what is recorded to what runs: a place whose instances are not as its current release wants them is healed.
 *
 * It looks after every change the engine tells of and every 30 s, and asks for a run of its own, so that healing and deployments
 * never move one place together.
 */
import type { Context } from '../actions/context.ts';
import { repaired, shownToPlanner } from '../domain/drift/drift.ts';
import { servesWell } from '../domain/instance.ts';
import type { Run } from '../domain/run.ts';
import { stamp } from '../domain/stamp.ts';
import type { Place } from '../domain/workload.ts';
import { carry, messageOf, patiently } from './carry.ts';
import { desiredAt } from './desired.ts';
import { asOrdered, compareWith, forgetServed, keepDrift, type Marks, surveyAll } from './drift.ts';
import { heldNow, lookAfter, withoutHeld } from './healing.ts';
import { openAddress } from './open-address.ts';
import { sideBySide } from './side-by-side.ts';

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

/** Looks at one place; true when its repair was asked for. `event` is what the engine said that happened. */
export async function checkPlace(context: Context, place: Place, event: string | null = null): Promise<boolean> {
  const declared = await desiredAt(context, place);
  if (declared === null || declared.kind === 'Job') return false;
  const desired = await asOrdered(context, declared);
  const mark = await context.store.runs.markAt(place);
  const observed = await context.engine.observe(place);
  const ready = observed.instances.filter(servesWell).length;
  await context.store.sightings.record({ ...keyParts(place), wanted: desired.replicas.min, ready, at: stamp(context.now()) });
  const moving = await context.store.runs.movingAt(place);
  if (moving === 'deployment') return false;
  const held = await lookAfter(context, desired, observed);
  if (moving === 'heal') return false;
  const deviations = await compareWith(context, desired, { observed, held });
  // What moved meanwhile was looked at half before and half after: it is looked at again when it ends.
  if ((await context.store.runs.markAt(place)) !== mark) return false;
  await keepDrift(context, declared, observed, deviations, event);
  const shown = shownToPlanner(desired, withoutHeld(observed, held), deviations);
  const lost = deviations.some(({ kind, instance }) => kind === 'route' && instance === '') && desired.repair !== 'report';
  if (!lost && context.engine.plan(repaired(desired), shown).length === 0) return false;
  return context.store.runs.requestHeal(context.newId('run'), place, stamp(context.now()));
}

export async function moveHeal(context: Context, run: Run, signal: AbortSignal): Promise<void> {
  const declared = await desiredAt(context, run);
  if (declared === null) return context.store.runs.endHeal(run, null, stamp(context.now()));
  const desired = await asOrdered(context, declared);
  if (desired.kind === 'Service') await openAddress(context, desired);
  const held = await heldNow(context, desired);
  const deviations = await patiently({ context, signal }, async () =>
    compareWith(context, desired, { observed: await context.engine.observe(desired), held }),
  );
  const carried = await carry({
    ...{ context, run, desired: repaired(desired), former: null, signal, deadline: null },
    direction: 'forward',
    seen: (observed) => shownToPlanner(desired, withoutHeld(observed, held), deviations),
    before: () => Promise.resolve(),
    after: (step) => (step.kind === 'stop' ? forgetServed(context, run, step.instances) : Promise.resolve()),
  });
  const reason = carried.outcome === 'done' ? null : messageOf(carried.error);
  if (reason !== null) context.log.warn({ place: keyOf(run), reason }, 'instances could not be healed; trying again later');
  const health = await context.store.placeHealth.of(run);
  await context.store.runs.endHeal(run, reason, stamp(context.now()), reason === null || reason !== health.reason);
  await context.store.placeHealth.save(run, health, { ...health, reason }, [], stamp(context.now()));
}

/** A quick look at everything, and a closer one at what is not as it was. */
export async function survey(context: Context, marks: Marks): Promise<void> {
  for (const place of await surveyAll(context, marks)) await checkPlace(context, place);
}

/** Looks again at the places that are not well: what they wait for tells nobody that it is there. Those that wait for others come after them. */
export async function watchUnwell(context: Context): Promise<void> {
  const places = await context.store.placeHealth.unwell();
  for (const turn of [false, true]) {
    const some = places.filter(({ waits }) => waits === turn);
    await sideBySide(context, some, 'looking at what is not well', (place) => checkPlace(context, place));
  }
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
