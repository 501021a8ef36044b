/** What the router counted of a place: in its pool, in its canary, and in canaries that are gone. */
import type { RouterCounters } from '../../engine.ts';
import { dismiss, type Turn } from './canary.ts';
import { ask, parseStat, type Row } from './socket.ts';
import { type Canary, type Counted, canaryOf, poolOf, type RouterState, withCanary, withPool } from './state.ts';

const nothing: Counted = { requests: 0, failed: 0 };

export async function countersOf(socket: string, state: RouterState, place: string): Promise<RouterCounters> {
  const pool = poolOf(state, place);
  if (pool === undefined) return { requests: 0, failed: 0, inFlight: 0, failures: {} };
  const [row] = parseStat(await ask(socket, [`show stat ${pool.name} 2 -1`]));
  const aside = plus(pool.past, await countedOnTrial(socket, canaryOf(state, place)));
  const failed = numberIn(row, 'hrsp_5xx') + aside.failed;
  const failures = { 'status-5xx': failed, connect: numberIn(row, 'econ'), response: numberIn(row, 'eresp') };
  const latencyMs = numberIn(row, 'rtime');
  return { requests: numberIn(row, 'req_tot') + aside.requests, failed, inFlight: numberIn(row, 'scur'), latencyMs, failures };
}

/** Notes what the backend of a new canary had counted for others before. */
export async function withBase(socket: string, state: RouterState, place: string): Promise<RouterState> {
  const canary = canaryOf(state, place);
  return canary === undefined ? state : withCanary(state, { ...canary, base: await countedOnTrial(socket, canary) });
}

/** Forgets instances of a canary; what one counted that is then free goes to the pool. */
export async function leaveTrial(socket: string, state: RouterState, place: string, addresses: readonly string[]): Promise<Turn> {
  const turn = dismiss(state, place, addresses);
  const pool = poolOf(turn.state, place);
  if (turn.commands.length === 0 || pool === undefined || canaryOf(turn.state, place) !== undefined) return turn;
  const past = plus(pool.past, await countedOnTrial(socket, canaryOf(state, place)));
  return { ...turn, state: withPool(turn.state, { ...pool, past }) };
}

/** What it handed to the former version is counted in the pool. */
async function countedOnTrial(socket: string, canary: Canary | undefined): Promise<Counted> {
  if (canary === undefined) return nothing;
  const rows = parseStat(await ask(socket, [`show stat ${canary.name} 7 -1`]));
  const named = (name: string) => rows.find((row) => row['svname'] === name);
  const own = (column: string) => numberIn(named('BACKEND'), column) - numberIn(named('former'), column);
  const { base = nothing } = canary;
  return { requests: Math.max(0, own('req_tot') - base.requests), failed: Math.max(0, own('hrsp_5xx') - base.failed) };
}

function numberIn(row: Row | undefined, column: string): number {
  return Number(row?.[column] ?? 0) || 0;
}

function plus(one: Counted | undefined, other: Counted): Counted {
  return { requests: (one?.requests ?? 0) + other.requests, failed: (one?.failed ?? 0) + other.failed };
}
