/**
 * What the router knows, as data: pools of servers given to places, and which instance may call which component.
 *
 * HAProxy's own memory is the truth while it lives; this is what it starts from and what is written beside it after each change.
 */

/** One server of a pool; a free one is absent. */
export type Slot = { readonly index: number; readonly address: string; readonly traffic: 'drain' | 'serving' };
export type Pool = {
  /** HAProxy's name of the backend: b001. */
  readonly name: string;
  /** `component.environment`. */
  readonly place: string;
  readonly port: number | null;
  readonly slots: readonly Slot[];
};
export type RouterState = {
  readonly pools: readonly Pool[];
  /** `<caller's address>/<component>` -> place that it may call. */
  readonly allowed: Readonly<Record<string, string>>;
};
export type Range = { readonly first: number; readonly last: number };

/** Room for sixteen replicas, their successors, and a few that still drain. */
export const slotsPerPool = 36;
export const noState: RouterState = { pools: [], allowed: {} };

export function poolName(index: number): string {
  return `b${String(index).padStart(3, '0')}`;
}

export function poolNames(range: Range): readonly string[] {
  return Array.from({ length: range.last - range.first + 1 }, (_, index) => poolName(index + 1));
}

export function poolOf(state: RouterState, place: string): Pool | undefined {
  return state.pools.find((pool) => pool.place === place);
}

/** The state with this pool in it, in the place of one of the same name. */
export function withPool(state: RouterState, pool: Pool): RouterState {
  const others = state.pools.filter((other) => other.name !== pool.name);
  return { ...state, pools: [...others, pool].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

export function withoutPool(state: RouterState, name: string): RouterState {
  return { ...state, pools: state.pools.filter((pool) => pool.name !== name) };
}

/** The lowest server numbers that nobody has. */
export function freeSlots(pool: Pool, count: number): readonly number[] {
  const taken = new Set(pool.slots.map((slot) => slot.index));
  const all = Array.from({ length: slotsPerPool }, (_, index) => index + 1);
  return all.filter((index) => !taken.has(index)).slice(0, count);
}
