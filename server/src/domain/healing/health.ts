/**
 * The health of a place: what is remembered of its instances' crashes and of how long it is down, and what follows from a new look.
 *
 *   well ──crash──▶ restarted at once by the engine ──crash again──▶ held ──back-off over──▶ started by a run
 *                                                     held ──what it depends on is back──▶ started by a run, staggered
 *
 * The engine restarts by itself, so that a crash while no server is there costs nothing; an instance that crashes again is ended by the
 * server and started when its back-off is over. State is data: it is kept, and the next server goes on from it.
 */
import type { Instance } from '../instance.ts';
import { servesWell } from '../instance.ts';
import { backOffMs, isForgiven } from './back-off.ts';

export type InstanceHealth = {
  /** In a row, until it ran well for ten minutes. */
  readonly crashes: number;
  /** The engine's own count when it was looked at last. */
  readonly restarts: number;
  /** RFC 3339; it is not started before. */
  readonly heldUntil: string | null;
};

export type PlaceHealth = {
  readonly instances: Readonly<Record<string, InstanceHealth>>;
  /** Since when no instance serves; null while one does. */
  readonly downSince: string | null;
  /** The component it depends on that is down, told once. */
  readonly waitingFor: string | null;
  /** Why the last repair failed, told once. */
  readonly reason: string | null;
};

export type Dependency = { readonly component: string; readonly downSince: string | null };
export type Look = {
  /** Those that are wanted, as they are. */
  readonly instances: readonly Instance[];
  readonly wanted: readonly string[];
  readonly dependencies: readonly Dependency[];
  readonly now: Temporal.Instant;
};

export type Told =
  | { readonly what: 'instances.crashing'; readonly sentence: string; readonly instance: string }
  | { readonly what: 'instance.not-live'; readonly sentence: string; readonly instance: string }
  | { readonly what: 'component.waiting'; readonly sentence: string }
  | { readonly what: 'component.down'; readonly sentence: string }
  | { readonly what: 'component.back'; readonly sentence: string };

export type Outcome = { readonly health: PlaceHealth; readonly hold: readonly string[]; readonly told: readonly Told[] };

export const wellPlace: PlaceHealth = { instances: {}, downSince: null, waitingFor: null, reason: null };

/** What is known after a look, which instances to end until their back-off is over, and what to tell. */
export function look(before: PlaceHealth, seen: Look): Outcome {
  const serving = seen.instances.filter(servesWell).length;
  const wellNow = serving > 0 || seen.wanted.length === 0;
  const downSince = wellNow ? null : (before.downSince ?? at(seen.now));
  const down = seen.dependencies.find((dependency) => dependency.downSince !== null) ?? null;
  const unwell = serving < seen.wanted.length;
  const waitingFor = unwell && down !== null ? down.component : null;
  const returned = before.waitingFor !== null && down === null;
  const looked = seen.wanted.map((name) => lookAt(name, before.instances[name], seen, returned));
  const instances = Object.fromEntries(looked.flatMap(({ name, health }) => (health === null ? [] : [[name, health]])));
  return {
    health: { instances, downSince, waitingFor, reason: unwell ? before.reason : null },
    hold: looked.filter(({ hold }) => hold).map(({ name }) => name),
    told: [
      ...looked.flatMap(({ told }) => told),
      ...placeTold(
        before,
        { downSince, waitingFor, down, wellNow: wellNow && seen.wanted.length > 0, unready: seen.instances.some(({ unready }) => unready) },
        seen.now,
      ),
    ],
  };
}

type Looked = { readonly name: string; readonly health: InstanceHealth | null; readonly hold: boolean; readonly told: readonly Told[] };

function lookAt(name: string, known: InstanceHealth | undefined, seen: Look, returned: boolean): Looked {
  const instance = seen.instances.find((one) => one.name === name);
  const before = known ?? { crashes: 0, restarts: 0, heldUntil: null };
  const held = stillHeld(before, name, seen.now, returned);
  if (instance === undefined) return { name, health: kept({ ...before, heldUntil: held }), hold: false, told: [] };
  const fresh = Math.max(0, instance.restarts - before.restarts);
  const forgiven = fresh === 0 && ranLong(instance, seen.now);
  const crashes = forgiven ? 0 : before.crashes + counted(before.crashes, fresh);
  const health = { crashes, restarts: instance.restarts, heldUntil: held };
  if (fresh === 0 || crashes < 2 || servesWell(instance)) return { name, health: kept(health), hold: false, told: [] };
  const waitMs = backOffMs(crashes);
  const told = before.crashes < 2 ? [crashing(name, crashes, waitMs)] : [];
  return { name, health: { ...health, heldUntil: at(seen.now.add({ milliseconds: waitMs })) }, hold: true, told };
}

/** The engine may have restarted it several times since the last look; that is one crash more, and two when it is the first look at them. */
function counted(before: number, fresh: number): number {
  return before === 0 ? Math.min(fresh, 2) : Math.min(fresh, 1);
}

/** What is the same as never having been seen is not kept. */
function kept(health: InstanceHealth): InstanceHealth | null {
  return health.crashes === 0 && health.restarts === 0 && health.heldUntil === null ? null : health;
}

function stillHeld(before: InstanceHealth, name: string, now: Temporal.Instant, returned: boolean): string | null {
  if (before.heldUntil === null) return null;
  if (Temporal.Instant.compare(Temporal.Instant.from(before.heldUntil), now) <= 0) return null;
  if (!returned) return before.heldUntil;
  const soon = at(now.add({ milliseconds: staggerMs(name) }));
  return soon < before.heldUntil ? soon : before.heldUntil;
}

/** Of the ten seconds in which a component is back after what it depends on, five are for its start. */
export const longestStaggerMs = 2_000;

/** Instances come back one after the other, each always at the same place in the row. */
export function staggerMs(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % longestStaggerMs, 7);
}

function ranLong(instance: Instance, now: Temporal.Instant): boolean {
  return instance.state === 'running' && instance.startedAt !== null && isForgiven(Temporal.Instant.from(instance.startedAt), now);
}

/** One that is not alive any more counts as crashed. Gives until when it is held. */
export function endedByProbe(before: PlaceHealth, name: string, restarts: number, now: Temporal.Instant): PlaceHealth {
  const crashes = (before.instances[name]?.crashes ?? 0) + 1;
  const heldUntil = at(now.add({ milliseconds: backOffMs(crashes) }));
  return { ...before, instances: { ...before.instances, [name]: { crashes, restarts, heldUntil } } };
}

export function heldInstances(health: PlaceHealth, now: Temporal.Instant): readonly string[] {
  return Object.entries(health.instances).flatMap(([name, { heldUntil }]) =>
    heldUntil !== null && Temporal.Instant.compare(Temporal.Instant.from(heldUntil), now) > 0 ? [name] : [],
  );
}

/** Whether it should be looked at again soon, without an event. */
export function isUnwell(health: PlaceHealth): boolean {
  return health.downSince !== null || health.waitingFor !== null || Object.values(health.instances).some((one) => one.heldUntil !== null);
}

function crashing(name: string, crashes: number, waitMs: number): Told {
  const sentence = `${name} crashed ${crashes} times in a row; it is started again in ${waitMs / 1000} s, then after longer and longer pauses.`;
  return { what: 'instances.crashing', instance: name, sentence };
}

type Now = {
  readonly downSince: string | null;
  readonly waitingFor: string | null;
  readonly down: Dependency | null;
  readonly wellNow: boolean;
  /** Some run and say that they are not ready. */
  readonly unready: boolean;
};

function placeTold(before: PlaceHealth, now: Now, at: Temporal.Instant): readonly Told[] {
  if (now.waitingFor !== null && now.waitingFor !== before.waitingFor)
    return [{ what: 'component.waiting', sentence: `It is ${waitingSentence(now.waitingFor, now.down?.downSince ?? null, at)}.` }];
  if (before.downSince !== null && now.wellNow) {
    const away = spoken(at.epochMilliseconds - Temporal.Instant.from(before.downSince).epochMilliseconds);
    return [{ what: 'component.back', sentence: `It serves again after ${away}.` }];
  }
  if (before.downSince === null && now.downSince !== null && now.waitingFor === null)
    return [{ what: 'component.down', sentence: now.unready ? noneReady : 'No instance serves.' }];
  return [];
}

const noneReady = 'No instance answers its health check; those that run go on getting requests.';

/** `waiting for contrats-api (down for 3 min)`. */
export function waitingSentence(component: string, downSince: string | null, now: Temporal.Instant): string {
  if (downSince === null) return `waiting for ${component}`;
  return `waiting for ${component} (down for ${spoken(now.epochMilliseconds - Temporal.Instant.from(downSince).epochMilliseconds)})`;
}

export function spoken(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

function at(instant: Temporal.Instant): string {
  return instant.toString({ fractionalSecondDigits: 3 });
}
