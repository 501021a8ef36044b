/**
 * From what runs to what differs: a place where nothing moves is compared with what is recorded, by every event of the engine, every 30 s,
 * and as soon as a quick look at everything says that something about it is other than before.
 */
import type { Context } from '../actions/context.ts';
import { type Deviation, type DriftKind, deviationsOf, driftKinds, servedOf, surplusOf } from '../domain/drift/drift.ts';
import { type Observed, servesWell } from '../domain/instance.ts';
import { stamp } from '../domain/stamp.ts';
import type { Place, Workload } from '../domain/workload.ts';

const ofStrangers: readonly DriftKind[] = ['stranger'];
const ofPlaces = driftKinds.filter((kind) => kind !== 'stranger' && kind !== 'secret');

export type Look = {
  readonly observed: Observed;
  /** Instances that Beluga itself keeps down. */
  readonly held: readonly string[];
};

/** Compares; changes nothing. A route that is lost at one look and there at the next was only being changed. */
export async function compareWith(context: Context, desired: Workload, { observed, held }: Look): Promise<readonly Deviation[]> {
  const [told, served] = await Promise.all([context.engine.compare(desired), context.store.sightings.served(desired)]);
  const compared = async (seen: Observed): Promise<readonly Deviation[]> => {
    const surplus = surplusOf(desired, seen);
    const started = surplus.length === 0 ? [] : await context.store.runs.startedAt(desired, surplus);
    return deviationsOf(desired, { observed: seen, told, served, started, held });
  };
  const found = await compared(observed);
  if (!found.some(({ kind, instance }) => kind === 'route' && instance !== '')) return found;
  await context.pause(confirmMs);
  return compared(await context.engine.observe(desired));
}

const confirmMs = 200;

/** A release that only wants to be told is put right all the same once somebody ordered it. */
export async function asOrdered(context: Context, desired: Workload): Promise<Workload> {
  if (desired.repair !== 'report' || !(await context.store.drift.ordered(desired))) return desired;
  return { ...desired, repair: 'always' };
}

/** Keeps what is new, ends what is gone, and tells both; remembers what serves. `event` is what the engine called it. */
export async function keepDrift(
  context: Context,
  desired: Workload,
  observed: Observed,
  found: readonly Deviation[],
  event: string | null,
): Promise<void> {
  const { component, environment, repair = 'always' } = desired;
  const at = stamp(context.now());
  await context.store.drift.settle({ component, environment, found, repair, event, at, kinds: ofPlaces }, () => context.newId('drift'));
  const before = await context.store.sightings.served(desired);
  const serving = observed.instances.filter(servesWell).map(({ name }) => name);
  const now = servedOf(desired, before, serving);
  if (now.join() !== before.join()) await context.store.sightings.keepServed(desired, now);
}

/** What Beluga took away itself is not missed. */
export async function forgetServed(context: Context, place: Place, names: readonly string[]): Promise<void> {
  const served = await context.store.sightings.served(place);
  await context.store.sightings.keepServed(
    place,
    served.filter((name) => !names.includes(name)),
  );
}

/** What was seen of each place the last time; a restart of the server looks at everything anew. */
export type Marks = Map<string, string>;

/** Gives the places that are worth a closer look, and keeps what does not belong to this platform. */
export async function surveyAll(context: Context, marks: Marks): Promise<readonly Place[]> {
  const [survey, current] = await Promise.all([context.engine.survey(), context.store.deployments.allCurrent()]);
  const at = stamp(context.now());
  for (const environment of ['', ...context.environments]) {
    const found = survey.strangers
      .filter((stranger) => stranger.environment === environment)
      .map(({ name, sentence }): Deviation => ({ instance: name, kind: 'stranger', sentence }));
    const finding = { component: '', environment, found, repair: 'report', event: null, at, kinds: ofStrangers } as const;
    await context.store.drift.settle(finding, () => context.newId('drift'));
  }
  return current.filter((place) => {
    const key = `${place.component}.${place.environment}`;
    const mark = survey.marks.get(key) ?? '';
    const same = marks.get(key) === mark;
    marks.set(key, mark);
    return !same;
  });
}
