/** From what the router counts and the engine measures to samples that are drawn: every place with an address, by turns where there are many. */
import type { Context } from '../actions/context.ts';
import { servesWell } from '../domain/instance.ts';
import { type PlacedSample, type Reading, sampleOf } from '../domain/sample.ts';
import { stamp } from '../domain/stamp.ts';
import type { Place } from '../domain/workload.ts';
import { desiredAt } from './desired.ts';
import { keyOf } from './instance.ts';
import { keepOnly } from './side-by-side.ts';

/** What was read of each place the last time, in the order in which they had their turn; null where nothing could be read. */
export type Readings = Map<string, Reading | null>;
/** Of one look: more places than that, more than one machine has addresses for, are looked at by turns. */
const mostAtOnce = 200;

export async function sampleAll(context: Context, readings: Readings): Promise<void> {
  const samples: PlacedSample[] = [];
  for (const place of await nextPlaces(context, readings)) {
    const now = await readingOf(context, place).catch(() => null);
    const key = keyOf(place);
    const before = readings.get(key) ?? null;
    readings.delete(key);
    readings.set(key, now);
    const { component, environment } = place;
    if (before !== null && now !== null) samples.push({ component, environment, ...sampleOf(before, now, stamp(context.now())) });
  }
  await context.store.samples.add(samples);
}

/** Those that never had a turn first, then those that had theirs longest ago; jobs, which nobody calls, have none. */
async function nextPlaces(context: Context, readings: Readings): Promise<readonly Place[]> {
  const { deployments } = context.store;
  const [all, jobs] = await Promise.all([deployments.allCurrent(), deployments.currentThatAsk('job')]);
  const isJob = new Set(jobs.map(keyOf));
  const current = new Map(all.map((place) => [keyOf(place), place] as const).filter(([key]) => !isJob.has(key)));
  keepOnly(readings, [...current.keys()]);
  const order = [...[...current.keys()].filter((key) => !readings.has(key)), ...readings.keys()];
  return order.slice(0, mostAtOnce).flatMap((key) => current.get(key) ?? []);
}

/** Null where nothing is installed any more. */
async function readingOf(context: Context, place: Place): Promise<Reading | null> {
  const desired = await desiredAt(context, place);
  if (desired === null) return null;
  const [{ instances }, counters, usage] = await Promise.all([
    context.engine.observe(place),
    context.engine.counters(place),
    context.engine.usage(place),
  ]);
  return {
    atMs: context.now().epochMilliseconds,
    requests: counters.requests,
    failed: Object.values(counters.failures).reduce((sum, one) => sum + one, 0),
    latencyMs: counters.latencyMs ?? null,
    serving: instances.filter(servesWell).length,
    cpuMs: new Map(usage.map(({ instance, cpuMs }) => [instance, cpuMs])),
    memoryBytes: usage.length === 0 ? null : usage.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  };
}

/** Of the last six hours every sample is kept, of a week one in five minutes. */
export async function thinSamples(context: Context): Promise<void> {
  const before = (hours: number): string => stamp(context.now().subtract({ hours }));
  await context.store.samples.thin({ thinAfter: before(6), forgetAfter: before(7 * 24) });
}
