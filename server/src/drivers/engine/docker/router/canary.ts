/**
 * Trials at the router: a share of a place's requests for the instances of a canary, as commands for the admin socket and the state after
 * them. Pure.
 */
import { BelugaError } from '../../../../errors.ts';
import type { Paths } from './configuration.ts';
import { type Canary, canaryNames, canaryOf, freeSlots, poolOf, type RouterState, sharesOf, withCanary } from './state.ts';

export type Turn = { readonly commands: readonly string[]; readonly state: RouterState };

/** Makes instances known to the canary of a place, without requests. */
export function present(state: RouterState, place: string, addresses: readonly string[]): Turn {
  const canary = canaryOf(state, place) ?? { name: freeName(state), place, percent: 0, slots: [] };
  const kept = canary.slots.filter(({ address }) => !addresses.includes(address)).map((slot) => ({ ...slot, state: 'over' as const }));
  const known = canary.slots.filter(({ address }) => addresses.includes(address)).map((slot) => ({ ...slot, state: 'trial' as const }));
  const fresh = addresses.filter((address) => !known.some((slot) => slot.address === address));
  const free = freeSlots(canary, fresh.length);
  const added = fresh.map((address, index) => ({ address, index: free[index] ?? 0, state: 'trial' as const }));
  const commands = added.flatMap(({ address, index }) => {
    const [ip, port] = address.split(':');
    const server = `${canary.name}/s${index}`;
    return [`set server ${server} addr ${ip} port ${port}`, `set server ${server} state drain`];
  });
  const slots = [...kept, ...known, ...added].sort((a, b) => a.index - b.index);
  return { commands, state: withCanary(state, { ...canary, slots }) };
}

/** Gives the instances on trial this share of the requests; 0 ends the trial. */
export function weigh(files: Paths, state: RouterState, place: string, percent: number, before: RouterState = state): Turn {
  const [canary, pool] = [canaryOf(state, place), poolOf(state, place)?.name];
  if (canary === undefined || pool === undefined) return { commands: [], state };
  const slots = percent === 0 ? canary.slots.map((slot) => ({ ...slot, state: 'over' as const })) : canary.slots;
  const next: Canary = { ...canary, percent, slots };
  const former = canaryOf(before, place);
  const [was, is] = [former === undefined ? new Map<string, string>() : sharesOf(pool, former), sharesOf(pool, next)];
  const gone = [...was.keys()].filter((draw) => !is.has(draw)).map((draw) => `del map ${files.shares} ${draw}`);
  const set = [...is].flatMap(([draw, server]) => setting(files.shares, draw, server, was.get(draw)));
  const trial = setting(files.trials, pool, '1', was.size > 0 ? '1' : undefined);
  const commands = percent === 0 ? [...gone, ...(was.size > 0 ? [`del map ${files.trials} ${pool}`] : [])] : [...gone, ...set, ...trial];
  return { commands, state: withCanary(state, next) };
}

/** Forgets instances. */
export function dismiss(state: RouterState, place: string, addresses: readonly string[]): Turn {
  const canary = canaryOf(state, place);
  if (canary === undefined) return { commands: [], state };
  const gone = canary.slots.filter(({ address }) => addresses.includes(address));
  if (gone.length === 0) return { commands: [], state };
  const commands = gone.flatMap(({ index }) => {
    const server = `${canary.name}/s${index}`;
    return [`set server ${server} state maint`, `set server ${server} addr 127.0.0.1 port 1`];
  });
  return { commands, state: withCanary(state, { ...canary, slots: canary.slots.filter((slot) => !gone.includes(slot)) }) };
}

function setting(map: string, key: string, value: string, was: string | undefined): readonly string[] {
  if (was === value) return [];
  return [`${was === undefined ? 'add' : 'set'} map ${map} ${key} ${value}`];
}

function freeName(state: RouterState): string {
  const taken = new Set(state.canaries?.map(({ name }) => name));
  const name = canaryNames().find((candidate) => !taken.has(candidate));
  if (name !== undefined) return name;
  throw new BelugaError('router-unreachable', { problem: `${taken.size} canaries are on trial, and there is room for no more` });
}

/** What HAProxy holds of canaries: from its servers and its map of shares. A trial that is over is known by the record only. */
export function canariesOf(
  recorded: RouterState,
  servers: readonly { readonly pool: string; readonly index: number; readonly address: string; readonly maintenance: boolean }[],
  shares: readonly (readonly [string, string])[],
  places: readonly (readonly [string, string])[],
): readonly Canary[] {
  return canaryNames().flatMap((name): readonly Canary[] => {
    const mine = shares.filter(([, server]) => server.startsWith(`${name}/`));
    const pool = mine[0]?.[0].split('/')[0];
    const place = places.find(([, its]) => its === pool)?.[0] ?? recorded.canaries?.find((canary) => canary.name === name)?.place;
    const used = servers.filter((server) => server.pool === name && !server.maintenance);
    if (place === undefined || used.length === 0) return [];
    const onTrial = new Set(mine.map(([, server]) => server));
    const slots = used.map(({ index, address }) => {
      const state = onTrial.has(`${name}/s${index}`) ? ('trial' as const) : ('over' as const);
      return { index, address, state };
    });
    const base = recorded.canaries?.find((canary) => canary.name === name)?.base;
    return [{ name, place, percent: mine.length, slots, ...(base === undefined ? {} : { base }) }];
  });
}
