/** What HAProxy says of the servers of a place, and what it is told of them. Pure. */
import type { Row } from './socket.ts';
import type { Canary, Pool, Slot } from './state.ts';

export type ServerState = {
  readonly traffic: 'drain' | 'canary' | 'serving';
  /** Whether the last health check passed. */
  readonly up: boolean;
  /** Requests in flight. */
  readonly current: number;
};

/** By address (`ip:port`), from the rows of the pool and of its canary; an instance may stand in both. */
export function serverStates(rows: readonly Row[], canary: Canary | undefined, trial: readonly Row[]): ReadonlyMap<string, ServerState> {
  const found = new Map(rows.map((row) => [row['addr'] ?? '', serverState(row)]));
  for (const row of trial) {
    const address = row['addr'] ?? '';
    const known = found.get(address);
    const there = serverState(row);
    const onTrial =
      known?.traffic !== 'serving' && canary?.slots.some((slot) => slot.address === address && slot.state === 'trial') === true;
    found.set(address, {
      traffic: onTrial ? 'canary' : (known?.traffic ?? 'drain'),
      up: onTrial ? there.up : (known?.up ?? there.up),
      current: there.current + (known?.current ?? 0),
    });
  }
  return found;
}

function serverState(row: Row): ServerState {
  const status = row['status'] ?? '';
  const up = row['check_status'] === 'L4OK' || (status.startsWith('UP') && row['check_status'] === '');
  return {
    traffic: status.startsWith('DRAIN') ? 'drain' : 'serving',
    up: up && !status.startsWith('DOWN'),
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
