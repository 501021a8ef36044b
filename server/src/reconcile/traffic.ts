/**
 * Counts what a release answers where a later environment asks for a soak: the router's own count of everybody's requests.
 *
 * The last reading is kept in the store, so that neither a restart nor a second server counts a request twice. What comes while a
 * deployment moves, its prober's requests among it, is counted for nobody.
 */
import type { Context } from '../actions/context.ts';
import { stageBefore } from '../domain/platform.ts';
import { stamp } from '../domain/stamp.ts';

export async function countTraffic(context: Context): Promise<void> {
  const counted = soakedIn(context);
  if (counted.size === 0) return;
  const busy = new Set((await context.store.runs.busyPlaces()).map(({ component, environment }) => `${component}/${environment}`));
  for (const { component, environment, releaseDigest } of await context.store.deployments.allCurrent()) {
    if (!counted.has(environment)) continue;
    const counters = await context.engine.counters({ component, environment }).catch(() => null);
    if (counters === null) continue;
    const moving = busy.has(`${component}/${environment}`);
    const reading = { component, environment, releaseDigest: moving ? null : releaseDigest, requests: counters.requests };
    await context.store.traffic.keepReading(reading, stamp(context.now()));
  }
}

/** The environments in which requests prove something for the next one. */
function soakedIn({ platform: { environments } }: Context): ReadonlySet<string> {
  const asking = environments.filter(({ gates }) => (gates.soak?.requests ?? 0) > 0);
  return new Set(asking.flatMap(({ name }) => stageBefore(environments, name)?.name ?? []));
}
