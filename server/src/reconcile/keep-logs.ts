/**
 * The log keeper: follows what every instance and every run of a job writes, so that it can be read after they are gone.
 *
 * Before the engine removes one, its last lines are kept. What was written while no server was there is kept at the next start, as long as
 * the container is there.
 */

import type { Context } from '../actions/context.ts';
import { keepLog } from '../actions/keep-log.ts';
import type { Place } from '../domain/workload.ts';
import type { PlacedInstance } from '../drivers/engine/engine.ts';
import { createBell } from './bell.ts';

type Followed = { over: boolean; readonly stop: () => void };

const lookEveryMs = 10_000;
const gatherMs = 100;

/** Runs until `signal` aborts. */
export async function keepLogs(context: Context, signal: AbortSignal): Promise<void> {
  context.engine.beforeRemoval((place, instance) => keepLog(context, place, instance));
  const followed = new Map<string, Followed>();
  const bell = createBell();
  const hearing = hearChanges(context, signal, bell.ring);
  while (!signal.aborted) {
    const all = await context.engine.instances().catch(() => null);
    if (all !== null) look(context, followed, all, signal);
    await bell.wait(context, lookEveryMs, signal);
    if (!signal.aborted) await context.pause(gatherMs, signal).catch(() => undefined);
  }
  for (const { stop } of followed.values()) stop();
  await hearing;
}

/** Follows who is new, or runs again; lets go of who is gone. */
function look(context: Context, followed: Map<string, Followed>, all: readonly PlacedInstance[], signal: AbortSignal): void {
  const names = new Set(all.map(({ name }) => name));
  for (const [name, { stop }] of followed) {
    if (names.has(name)) continue;
    stop();
    followed.delete(name);
  }
  for (const { name, place, running } of all) {
    const known = followed.get(name);
    if (known === undefined || (known.over && running)) followed.set(name, follow(context, place, name, signal));
  }
}

function follow(context: Context, place: Place, instance: string, stopping: AbortSignal): Followed {
  const stopped = new AbortController();
  const followed: Followed = { over: false, stop: () => stopped.abort() };
  const signal = AbortSignal.any([stopping, stopped.signal]);
  void (async () => {
    try {
      const intake = await context.logs.intake(place, instance);
      const since = intake.since === null ? {} : { since: intake.since };
      for await (const line of context.engine.logs(instance, { ...since, follow: true, signal })) intake.take(line);
    } catch (error) {
      if (!signal.aborted) context.log.info({ instance, error: String(error) }, 'its log cannot be followed now; trying again');
    } finally {
      followed.over = true;
    }
  })();
  return followed;
}

async function hearChanges(context: Context, signal: AbortSignal, ring: () => void): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const _ of context.engine.changes(signal)) ring();
    } catch {
      ring();
    }
    await context.pause(1_000, signal).catch(() => undefined);
  }
}
