/**
 * From probes to restarts: an instance that does not say any more that it is alive is ended, and started again after its back-off like one
 * that crashed. While no server is there nobody asks; what runs goes on.
 */
import type { Context } from '../actions/context.ts';
import { endedByProbe } from '../domain/healing/health.ts';
import type { Instance } from '../domain/instance.ts';
import type { Live } from '../domain/release.ts';
import { stamp } from '../domain/stamp.ts';
import type { Place, Workload } from '../domain/workload.ts';
import { desiredAt } from './desired.ts';

type Beat = { readonly askedAt: number; readonly failures: number };
/** When each instance was asked last and how often in a row it did not answer; a restart of the server begins anew. */
export type Pulse = Map<string, Beat>;

export function createPulse(): Pulse {
  return new Map();
}

export async function askWhoIsAlive(context: Context, pulse: Pulse): Promise<void> {
  const places = await context.store.deployments.allCurrent();
  await Promise.all(places.map((place) => askPlace(context, pulse, place)));
}

async function askPlace(context: Context, pulse: Pulse, place: Place): Promise<void> {
  const desired = await desiredAt(context, place);
  const live = desired?.live ?? null;
  if (desired === null || live === null || (await context.store.runs.movingAt(place)) !== null) return;
  const { instances } = await context.engine.observe(place);
  const running = instances.filter((instance) => instance.state === 'running' && instance.generation === desired.generation);
  await Promise.all(running.map((instance) => askInstance(context, pulse, desired, live, instance)));
}

async function askInstance(context: Context, pulse: Pulse, desired: Workload, live: Live, instance: Instance): Promise<void> {
  const now = context.now().epochMilliseconds;
  const key = `${instance.name} ${instance.startedAt}`;
  const beat = pulse.get(key) ?? { askedAt: startOf(instance, now), failures: 0 };
  if (now - beat.askedAt < live.everyMs) return;
  const problem = await context.engine.probe(instance.name, { path: live.path, timeoutMs: live.timeoutMs });
  const failures = problem === null ? 0 : beat.failures + 1;
  pulse.set(key, { askedAt: now, failures });
  if (problem === null || failures < live.failures) return;
  await restart(context, desired, instance, `${instance.name} was asked ${failures} times whether it is alive: ${problem}.`);
}

/** An instance gets the time that a start may take before it is asked first. */
function startOf(instance: Instance, now: number): number {
  return instance.startedAt === null ? now : Temporal.Instant.from(instance.startedAt).epochMilliseconds;
}

async function restart(context: Context, desired: Workload, { name, restarts }: Instance, sentence: string): Promise<void> {
  const now = context.now();
  const before = await context.store.placeHealth.of(desired);
  const told = { what: 'instance.not-live', instance: name, sentence: `${sentence} It is restarted.` } as const;
  const saved = await context.store.placeHealth.save(desired, before, endedByProbe(before, name, restarts, now), [told], stamp(now));
  if (!saved) return;
  await context.engine.hold(name, desired.stopGraceMs);
}
