/**
 * What the router knows, as data: pools of servers given to places, and which instance may call which component.
 *
 * HAProxy's own memory is the truth while it lives; this is what it starts from and what is written beside it after each change.
 */
import { BelugaError } from '../../../../errors.ts';

/** Requests and how many of them were answered with 5xx. */
export type Counted = { readonly requests: number; readonly failed: number };

/** One server of a pool; a free one is absent. */
export type Slot = { readonly index: number; readonly address: string; readonly traffic: 'drain' | 'serving' };
export type Pool = {
  /** HAProxy's name of the backend: b001. */
  readonly name: string;
  /** `component.environment`. */
  readonly place: string;
  readonly port: number | null;
  /** What its canaries have counted that are gone. */
  readonly past?: Counted;
  readonly slots: readonly Slot[];
};
/**
 * A backend that brings a share of a place's requests to instances on trial; its pool gets the others, and those that fail here. After the
 * trial (`percent` 0) it is kept until nothing is in flight in it.
 */
export type Canary = {
  /** HAProxy's name of the backend: k01. */
  readonly name: string;
  readonly place: string;
  readonly percent: number;
  readonly slots: readonly CanarySlot[];
  /** What its backend had counted when it was given to the place. */
  readonly base?: Counted;
};
type CanarySlot = { readonly index: number; readonly address: string; readonly state: 'trial' | 'over' };

export type RouterState = {
  readonly pools: readonly Pool[];
  /** Absent in records that are older than it. */
  readonly canaries?: readonly Canary[];
  /** `<caller's address>/<component>` -> place that it may call. */
  readonly allowed: Readonly<Record<string, string>>;
  /** An instance's address (`ip:port`) -> the path that it must answer to be ready. Absent in records that are older than it. */
  readonly health?: Readonly<Record<string, string>>;
};
export type Range = { readonly first: number; readonly last: number };

/** Room for sixteen replicas, their successors, and a few that still drain. */
export const slotsPerPool = 36;
/** So many places may have a canary at once. */
export const canaryCount = 16;
export const noState: RouterState = { pools: [], canaries: [], allowed: {}, health: {} };

export function poolName(index: number): string {
  return `b${String(index).padStart(3, '0')}`;
}

export function poolNames(range: Range): readonly string[] {
  return Array.from({ length: range.last - range.first + 1 }, (_, index) => poolName(index + 1));
}

/** A pool for a place, under a name that no other has. Throws `no-port-left`. */
export function freshPool(state: RouterState, range: Range, place: string): Pool {
  const taken = new Set(state.pools.map((pool) => pool.name));
  const name = poolNames(range).find((candidate) => !taken.has(candidate));
  if (name === undefined) throw new BelugaError('no-port-left', range);
  return { name, place, port: null, slots: [] };
}

export function poolOf(state: RouterState, place: string): Pool | undefined {
  return state.pools.find((pool) => pool.place === place);
}

/** The state with this pool in it, in the place of one of the same name. */
export function withPool(state: RouterState, pool: Pool): RouterState {
  const others = state.pools.filter((other) => other.name !== pool.name);
  return { ...state, pools: [...others, pool].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

export function canaryNames(): readonly string[] {
  return Array.from({ length: canaryCount }, (_, index) => `k${String(index + 1).padStart(2, '0')}`);
}

export function canaryOf(state: RouterState, place: string): Canary | undefined {
  return state.canaries?.find((canary) => canary.place === place);
}

/** The state with this canary in it; one without slots is free. */
export function withCanary(state: RouterState, canary: Canary): RouterState {
  const others = (state.canaries ?? []).filter((other) => other.name !== canary.name);
  return { ...state, canaries: canary.slots.length === 0 ? others : [...others, canary].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** `<pool>/<one of a hundred>` -> `<canary>/<server>`: which server gets the requests that draw this number. */
export function sharesOf(pool: string, { name, percent, slots }: Canary): ReadonlyMap<string, string> {
  const trial = slots.filter(({ state }) => state === 'trial');
  const count = trial.length === 0 ? 0 : percent;
  return new Map(Array.from({ length: count }, (_, draw) => [`${pool}/${draw}`, `${name}/s${trial[draw % trial.length]?.index}`]));
}

/** The lowest server numbers that nobody has. */
export function freeSlots(pool: { readonly slots: readonly { readonly index: number }[] }, count: number): readonly number[] {
  const taken = new Set(pool.slots.map((slot) => slot.index));
  const all = Array.from({ length: slotsPerPool }, (_, index) => index + 1);
  return all.filter((index) => !taken.has(index)).slice(0, count);
}
