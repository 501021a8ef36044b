/** What HAProxy says of the servers of a place, and what it is told of them. Pure. */
import { saidNotReady } from './health.ts';
import type { Row } from './socket.ts';
import type { Canary, Pool, Slot } from './state.ts';

export type ServerState = {
  readonly traffic: 'drain' | 'canary' | 'serving';
  /** Whether it was checked at all since HAProxy started; until then it gets requests, and nothing is known of it. */
  readonly checked: boolean;
  /** Whether the last health check passed, so that it gets requests. */
  readonly up: boolean;
  /** Whether it answers its health path too; one that does not is up where nobody of its place is ready. */
  readonly ready: boolean;
  /** It said itself that it is not ready, which one whose port does not open cannot. */
  readonly unready: boolean;
  /** Requests in flight. */
  readonly current: number;
};

type Said = {
  readonly pool: Pool;
  /** Of the pool, and of its canary; an instance may stand in both. */
  readonly rows: readonly Row[];
  readonly trial: readonly Row[];
  readonly canary: Canary | undefined;
  /** Whether the instance at an address answers what it is asked. */
  readonly ready: (address: string) => boolean;
};

/** By address (`ip:port`). */
export function serverStates({ pool, rows, trial, canary, ready }: Said): ReadonlyMap<string, ServerState> {
  const drained = new Set(pool.slots.filter(({ traffic }) => traffic === 'drain').map(({ address }) => address));
  const stateOf = (row: Row) => serverState(row, drained, ready);
  const found = new Map(rows.map((row) => [row['addr'] ?? '', stateOf(row)]));
  for (const row of trial) {
    const address = row['addr'] ?? '';
    const known = found.get(address);
    const there = stateOf(row);
    const onTrial =
      known?.traffic !== 'serving' && canary?.slots.some((slot) => slot.address === address && slot.state === 'trial') === true;
    const { checked, up, ready: isReady, unready } = onTrial ? there : (known ?? there);
    found.set(address, {
      traffic: onTrial ? 'canary' : (known?.traffic ?? 'drain'),
      checked,
      up,
      ready: isReady,
      unready,
      current: there.current + (known?.current ?? 0),
    });
  }
  return found;
}

/**
 * An asterisk stands before the last result while the next check is on its way. HAProxy says DOWN of one that drains and is down: that it drains
 * is known from what it was told.
 */
function serverState(row: Row, drained: ReadonlySet<string>, ready: (address: string) => boolean): ServerState {
  const [status = '', checked] = [row['status'], row['check_status']?.replace(/^\* /, '')];
  const passed = checked === 'L4OK' || (status.startsWith('UP') && checked === '');
  const up = passed && !status.startsWith('DOWN');
  return {
    traffic: status.startsWith('DRAIN') || drained.has(row['addr'] ?? '') ? 'drain' : 'serving',
    checked: checked !== 'INI',
    up,
    ready: up && ready(row['addr'] ?? ''),
    unready: up ? !ready(row['addr'] ?? '') : row['check_code'] === saidNotReady,
    current: Number(row['scur'] ?? 0),
  };
}

/** The address is told again with each state: a HAProxy that started anew may have forgotten it. */
export function placing(pool: Pool, { address, index }: Slot, state: 'ready' | 'drain'): readonly string[] {
  const [ip, port] = address.split(':');
  const server = `${pool.name}/s${index}`;
  return [`set server ${server} addr ${ip} port ${port}`, `set server ${server} state ${state}`];
}

export function trafficAfter(slot: Slot, add: readonly string[], remove: readonly string[]): Slot['traffic'] {
  if (add.includes(slot.address)) return 'serving';
  return remove.includes(slot.address) ? 'drain' : slot.traffic;
}
