/** The one move of a rollout at the router, as commands and the state after them. Pure. */
import { weigh } from './canary.ts';
import type { Paths } from './configuration.ts';
import { placing, trafficAfter } from './server-state.ts';
import { chunks } from './socket.ts';
import { type Pool, type RouterState, type Slot, withPool } from './state.ts';

export type Move = { readonly turns: readonly (readonly string[])[]; readonly state: RouterState };

/** `add` get new requests, `remove` get no more, and a trial is over. */
export function moved(files: Paths, before: RouterState, pool: Pool, add: readonly string[], remove: readonly string[]): Move {
  const to = (addresses: readonly string[], traffic: Slot['traffic']) =>
    pool.slots.filter((slot) => addresses.includes(slot.address) && slot.traffic !== traffic);
  const arriving = to(add, 'serving').flatMap((slot) => placing(pool, slot, 'ready'));
  const leaving = to(remove, 'drain').map((slot) => `set server ${pool.name}/s${slot.index} state drain`);
  const over = weigh(files, before, pool.place, 0);
  const slots = pool.slots.map((slot) => ({ ...slot, traffic: trafficAfter(slot, add, remove) }));
  return { turns: [[...arriving, ...leaving], ...chunks(over.commands)], state: withPool(over.state, { ...pool, slots }) };
}
