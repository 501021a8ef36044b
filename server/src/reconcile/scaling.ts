/** From what instances use and the router counts to how many are wanted; the number is recorded, and a repair brings it about. */
import type { Context } from '../actions/context.ts';
import { servesWell } from '../domain/instance.ts';
import type { Scaling } from '../domain/release.ts';
import { decide, type Target, type TargetName } from '../domain/scaling/decide.ts';
import type { Sample } from '../domain/scaling/recommend.ts';
import { stamp } from '../domain/stamp.ts';
import type { Place, Workload } from '../domain/workload.ts';
import { declaredAt } from './desired.ts';
import { checkPlace, keyOf } from './instance.ts';
import { sideBySide } from './side-by-side.ts';

type Reading = { readonly at: number; readonly value: number };
/** The last counts of CPU time (by instance) and of requests (by place): what is used is their growth. */
export type Meter = Map<string, Reading>;

export function createMeter(): Meter {
  return new Map();
}

export async function scaleAll(context: Context, meter: Meter): Promise<void> {
  const places = await context.store.deployments.currentThatAsk('scaling');
  await sideBySide(context, places, 'scaling', (place) => scalePlace(context, meter, place));
}

async function scalePlace(context: Context, meter: Meter, place: Place): Promise<void> {
  const declared = await declaredAt(context, place);
  const scaling = declared?.scaling ?? null;
  if (declared === null || scaling === null) return;
  const before = await context.store.scale.of(place);
  if (before !== null && before.pinned !== null) return;
  const targets = await measure(context, meter, declared, scaling);
  const scale = decide({ scaling, replicas: declared.replicas, targets, before, now: context.now() });
  await context.store.scale.decide(place, before, scale, stamp(context.now()));
  if (before?.wanted !== scale.wanted) await checkPlace(context, place);
}

/** A sample for every instance of every target; an instance that does not serve well is not ready. */
async function measure(context: Context, meter: Meter, desired: Workload, scaling: Scaling): Promise<readonly Target[]> {
  const [{ instances }, usage, counters] = await Promise.all([
    context.engine.observe(desired),
    context.engine.usage(desired),
    context.engine.counters(desired),
  ]);
  const now = context.now().epochMilliseconds;
  const mine = instances.filter(({ generation }) => generation === desired.generation);
  const serving = mine.filter(servesWell).length;
  const requests = growth(meter, `requests ${keyOf(desired)}`, counters.requests, now);
  const used = new Map(
    usage.map((one) => [one.instance, { cpu: growth(meter, `cpu ${one.instance}`, one.cpuMs, now), memory: one.memoryBytes }]),
  );
  const { cpuMillis, memoryBytes } = desired.resources;
  const own = (value: (instance: string) => number | null): readonly Sample[] =>
    mine.map((instance) => (servesWell(instance) ? sampleOf(value(instance.name)) : { state: 'unready' }));
  const shared = (total: number | null) => own(() => (total === null ? null : total / serving));
  const share = (part: number | null, whole: number | null) => (part === null || whole === null ? null : (part / whole) * 100);
  const targets: readonly (readonly [TargetName, number | null, readonly Sample[]])[] = [
    ['cpu', scaling.cpuPercent, own((name) => share(used.get(name)?.cpu ?? null, cpuMillis))],
    ['memory', scaling.memoryPercent, own((name) => share(used.get(name)?.memory ?? null, memoryBytes))],
    ['requests', scaling.requests, shared(requests)],
    ['concurrency', scaling.concurrency, shared(counters.inFlight)],
  ];
  return targets.flatMap(([name, target, samples]) => (target === null ? [] : [{ name, target, samples }]));
}

function sampleOf(value: number | null): Sample {
  return value === null ? { state: 'missing' } : { state: 'measured', value };
}

/** How much a count grew a second since it was read last; null the first time and when it began anew. CPU: ms a second are thousandths. */
function growth(meter: Meter, key: string, value: number, at: number): number | null {
  const before = meter.get(key);
  meter.set(key, { at, value });
  if (before === undefined || value < before.value || at <= before.at) return null;
  return ((value - before.value) * 1000) / (at - before.at);
}
