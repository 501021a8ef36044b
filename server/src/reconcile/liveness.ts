/**
 * From probes to restarts: an instance that does not say any more that it is alive is ended, and started again after its back-off like one
 * that crashed. While no server is there nobody asks; what runs goes on.
 */
import type { Context } from '../actions/context.ts';
import { endedByProbe } from '../domain/healing/health.ts';
import type { Instance } from '../domain/instance.ts';
import type { Live } from '../domain/release.ts';
import { stamp } from '../domain/stamp.ts';
import type { Workload } from '../domain/workload.ts';
import type { Current } from '../store/deployment.ts';
import { desiredAt } from './desired.ts';
import { keepOnly, sideBySide } from './side-by-side.ts';

type Beat = { readonly askedAt: number; readonly failures: number };
/** When each instance was asked last and how often in a row it did not answer; before `quietUntil` nobody is to be asked. */
type Heart = { readonly beats: ReadonlyMap<string, Beat>; readonly quietUntil: number };
/** By release and place; a restart of the server begins anew. */
export type Pulse = Map<string, Heart>;

export function createPulse(): Pulse {
  return new Map();
}

export async function askWhoIsAlive(context: Context, pulse: Pulse): Promise<void> {
  const now = context.now().epochMilliseconds;
  const places = await context.store.deployments.currentThatAsk('live');
  keepOnly(pulse, places.map(keyOf));
  const due = places.filter((place) => now >= (pulse.get(keyOf(place))?.quietUntil ?? 0));
  await sideBySide(context, due, 'asking who is alive', (place) => askPlace(context, pulse, place));
}

async function askPlace(context: Context, pulse: Pulse, place: Current): Promise<void> {
  const desired = await desiredAt(context, place);
  const live = desired?.live ?? null;
  if (desired === null || live === null || (await context.store.runs.movingAt(place)) !== null) return;
  const { instances } = await context.engine.observe(place);
  const running = instances.filter((instance) => instance.state === 'running' && instance.generation === desired.generation);
  const known = pulse.get(keyOf(place))?.beats;
  const asked = await Promise.all(
    running.map(async (instance): Promise<[string, Beat]> => {
      const key = `${instance.name} ${instance.startedAt}`;
      return [key, await askInstance(context, desired, live, instance, known?.get(key))];
    }),
  );
  const first = Math.min(...asked.map(([, { askedAt }]) => askedAt));
  pulse.set(keyOf(place), { beats: new Map(asked), quietUntil: asked.length === 0 ? 0 : first + live.everyMs });
}

async function askInstance(context: Context, desired: Workload, live: Live, instance: Instance, before?: Beat): Promise<Beat> {
  const now = context.now().epochMilliseconds;
  const beat = before ?? { askedAt: startOf(instance, now), failures: 0 };
  if (now - beat.askedAt < live.everyMs) return beat;
  const problem = await context.engine.probe(instance.name, { path: live.path, timeoutMs: live.timeoutMs });
  const failures = problem === null ? 0 : beat.failures + 1;
  if (problem !== null && failures >= live.failures)
    await restart(context, desired, instance, `${instance.name} was asked ${failures} times whether it is alive: ${problem}.`);
  return { askedAt: now, failures };
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

function keyOf({ component, environment, releaseDigest }: Current): string {
  return `${component} ${environment} ${releaseDigest}`;
}
