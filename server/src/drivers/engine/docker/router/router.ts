/**
 * The router of one machine: which instance gets the requests of which place.
 *
 * Each change goes to HAProxy through its admin socket first and is written to disk next, so that a HAProxy that starts again
 * comes back with the present truth. Changes are made one after the other.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { canonical } from '../../../../domain/workload.ts';
import { BelugaError } from '../../../../errors.ts';
import type { RouterCounters } from '../../engine.ts';
import { present, type Turn, weigh } from './canary.ts';
import { layout, type Paths, paths, type Shape } from './configuration.ts';
import { countersOf, leaveTrial, withBase } from './counted.ts';
import { askedAnew, askedFor, askReady, heeded, parseReady } from './health.ts';
import {
  awaitRouter,
  connectionsAllowed,
  formerRouterLives,
  livingRouter,
  openListeners,
  reloadRouter,
  startRouter,
  stopRouter,
  supervisorOf,
} from './process.ts';
import { readState } from './reading.ts';
import { readRecord, recordStamp, writeRecord } from './record.ts';
import { placing, type ServerState, serverStates } from './server-state.ts';
import { moved } from './shift.ts';
import { ask, chunks, parseStat, type Row, tell } from './socket.ts';
import { canaryOf, freeSlots, freshPool, type Pool, poolOf, type Range, type RouterState, type Slot, withPool } from './state.ts';

export type RouterOptions = { readonly folder: string; readonly range: Range; readonly gateways: readonly string[] };
const [settleMs, reviveMs] = [3_000, 3_000];

export class Router {
  readonly #files: Paths;
  readonly #range: Range;
  #gateways: readonly string[];
  #state: RouterState = { pools: [], allowed: {} };
  #shape: Shape | null = null;
  #pid: number | null = null;
  /** Of the record as this router wrote or read it last: another server may write it too. */
  #stamp = '';
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: RouterOptions) {
    this.#files = paths(options.folder);
    this.#range = options.range;
    this.#gateways = options.gateways;
  }

  /** Adopts the HAProxy that answers, or starts one from what is recorded. */
  ensure(gateways: readonly string[] = this.#gateways): Promise<void> {
    return this.#alone(async () => {
      this.#gateways = gateways;
      const pid = (await livingRouter(this.#files)) ?? (await this.#revived());
      if (pid === null) return await this.#start();
      const changed = pid !== this.#pid || (await recordStamp(this.#files)) !== this.#stamp;
      if (changed) await this.#adopt(pid);
      if (this.#shape === null || !sameRange(this.#shape.range, this.#range)) return await this.#restart();
      const whole = this.#shape.layout === layout && gateways.every((gateway) => this.#shape?.gateways.includes(gateway));
      if (!whole) await this.#reload(this.#shape, pid);
    });
  }

  /** Reads again what HAProxy holds: somebody else may have changed it. */
  reread(): Promise<void> {
    return this.#alone(() => this.#synchronise(this.#state));
  }

  /** Ends HAProxy; its next start begins from what is recorded. */
  stop(): Promise<void> {
    return this.#alone(async () => {
      await stopRouter(this.#files);
      this.#pid = null;
    });
  }

  /** Gives a place its port and a pool. Throws `port-taken` when another program has the port. */
  assign(place: string, port: number): Promise<void> {
    return this.#alone(async () => {
      const pool = poolOf(this.#state, place);
      if (pool?.port === port) return;
      if (this.#shape?.open.includes(port) === false) throw taken(port);
      const next: Pool = { ...(pool ?? freshPool(this.#state, this.#range, place)), port };
      const release = pool === undefined || pool.port === null ? [] : [`del map ${this.#files.ports} ${pool.port}`];
      await tell(this.#files.socket, [
        ...release,
        ...this.#named(next, pool === undefined),
        `add map ${this.#files.ports} ${port} ${next.name}`,
      ]);
      await this.#save(withPool(this.#state, next));
    });
  }

  /** The port of a place, or null when it has none. */
  port(place: string): number | null {
    return poolOf(this.#state, place)?.port ?? null;
  }

  /** What the router does with each address (`ip:port`) of a place. */
  async servers(place: string): Promise<ReadonlyMap<string, ServerState>> {
    const pool = poolOf(this.#state, place);
    if (pool === undefined) return new Map();
    const canary = canaryOf(this.#state, place);
    const trial = canary === undefined ? [] : await this.#rows(canary.name);
    const rows = await this.#rows(pool.name);
    const ready = parseReady(await ask(this.#files.socket, askReady), this.#state);
    return serverStates({ pool, rows, trial, canary, ready });
  }

  /** Keeps new requests from those whose command said that they are not ready, as long as the rules of `health.ts` allow. */
  async heed(place: string, ready: readonly string[], unready: readonly string[]): Promise<void> {
    const pool = poolOf(this.#state, place);
    if (pool !== undefined) await tell(this.#files.socket, heeded(pool.name, ready, unready));
  }

  /** The share of the requests that the canary of a place gets, in percent. */
  share(place: string): number {
    return canaryOf(this.#state, place)?.percent ?? 0;
  }

  /** HAProxy's name of the pool of a place, as its lines about trials tell it. */
  poolName(place: string): string | null {
    return poolOf(this.#state, place)?.name ?? null;
  }

  get socket(): string {
    return this.#files.socket;
  }

  /** Gives these a share of the requests, as soon as the router's own check of each passes; `path` is what it asks. */
  async weigh(place: string, addresses: readonly string[], percent: number, path: string | null): Promise<void> {
    const begun = await this.#alone(async () => {
      await this.#reap();
      await this.#take(askedAnew(this.#files, this.#state, place, addresses, path));
      const before = this.#state;
      await this.#take(present(before, place, addresses));
      if (canaryOf(before, place) === undefined) await this.#save(await withBase(this.#files.socket, this.#state, place));
      return before;
    });
    await this.#whenUp(place, addresses);
    await this.#alone(() => this.#take(weigh(this.#files, this.#state, place, percent, begun)));
  }

  /** Free are the canaries that are over and have nothing in flight. */
  async #reap(): Promise<void> {
    for (const canary of this.#state.canaries ?? []) {
      const rows = canary.percent > 0 ? [] : await this.#rows(canary.name);
      const idle = rows.filter((row) => row['scur'] === '0').map((row) => row['addr'] ?? '');
      if (idle.length > 0) await this.#take(await leaveTrial(this.#files.socket, this.#state, canary.place, idle));
    }
  }

  async #take({ commands, state }: Turn): Promise<void> {
    if (commands.length === 0 && state === this.#state) return;
    for (const some of chunks(commands)) await tell(this.#files.socket, some);
    await this.#save(state);
  }

  async #rows(backend: string): Promise<readonly Row[]> {
    const rows = parseStat(await ask(this.#files.socket, [`show stat ${backend} 4 -1`]));
    return rows.filter((row) => row['svname'] !== 'former' && !row['status']?.startsWith('MAINT'));
  }

  /** Requests in flight to these addresses; `unknown` while a HAProxy that was replaced still finishes what it has. */
  async inFlight(place: string, addresses: readonly string[]): Promise<number | 'unknown'> {
    if (await formerRouterLives(this.#files)) return 'unknown';
    const known = await this.servers(place);
    return addresses.reduce((sum, address) => sum + (known.get(address)?.current ?? 0), 0);
  }

  /** Makes addresses known without traffic and waits until the router's own check of each passes; `path` is what it asks. */
  async introduce(place: string, addresses: readonly string[], path: string | null): Promise<void> {
    await this.#alone(async () => {
      await this.#take(askedAnew(this.#files, this.#state, place, addresses, path));
      await this.#introduce(place, addresses);
    });
    await this.#whenUp(place, addresses);
  }

  async #whenUp(place: string, addresses: readonly string[]): Promise<void> {
    for (let waited = 0; waited < settleMs; waited += 25) {
      const known = await this.servers(place);
      if (addresses.every((address) => known.get(address)?.up === true)) return;
      await sleep(25);
    }
    throw new BelugaError('router-unreachable', { problem: `its own check of ${addresses.join(', ')} does not pass` });
  }

  /**
   * In one move: `add` get new requests, `remove` get no more. It is written first: a HAProxy that dies in between comes back as it is meant to be,
   * and never with those only that the next step takes away.
   */
  shift(place: string, add: readonly string[], remove: readonly string[]): Promise<void> {
    return this.#alone(async () => {
      const { turns, state } = moved(this.#files, this.#state, this.#pool(place), add, remove);
      await this.#save(state);
      try {
        for (const commands of turns) await tell(this.#files.socket, commands);
      } catch (error) {
        // What it did not take is read from it when it answers again.
        this.#pid = null;
        throw error;
      }
    });
  }

  /** Cuts what these addresses still have in flight. */
  async cut(place: string, addresses: readonly string[]): Promise<void> {
    const pool = this.#pool(place);
    const holders = [pool, canaryOf(this.#state, place)].filter((holder) => holder !== undefined);
    const servers = holders.flatMap(({ name, slots }) =>
      slots.flatMap(({ address, index }) => (addresses.includes(address) ? [`${name}/s${index}`] : [])),
    );
    await ask(
      this.#files.socket,
      servers.map((server) => `shutdown sessions server ${server}`),
    );
  }

  /** Forgets addresses and closes the idle connections to them. */
  forget(place: string, addresses: readonly string[]): Promise<void> {
    return this.#alone(async () => {
      await this.#take(await leaveTrial(this.#files.socket, this.#state, place, addresses));
      await this.#take(askedFor(this.#files, this.#state, addresses, null));
      const pool = poolOf(this.#state, place);
      const gone = pool?.slots.filter((slot) => addresses.includes(slot.address)) ?? [];
      if (pool === undefined || gone.length === 0) return;
      const commands = gone.flatMap((slot) => {
        const server = `${pool.name}/s${slot.index}`;
        return [`set server ${server} state maint`, `set server ${server} addr 127.0.0.1 port 1`];
      });
      await tell(this.#files.socket, commands);
      await this.#save(withPool(this.#state, { ...pool, slots: pool.slots.filter((slot) => !gone.includes(slot)) }));
    });
  }

  /** Lets the caller at this IP reach components by name; replaces what it could reach before. */
  allow(ip: string, dependencies: Readonly<Record<string, string>>): Promise<void> {
    return this.#alone(async () => {
      const wanted = Object.entries(dependencies).map(([host, place]) => [`${ip}/${host}`, place] as const);
      const mine = Object.keys(this.#state.allowed).filter((key) => key.startsWith(`${ip}/`));
      if (mine.length === 0 && wanted.length === 0) return;
      const clear = mine.map((key) => `del map ${this.#files.allowed} ${key}`);
      const set = wanted.map(([key, place]) => `add map ${this.#files.allowed} ${key} ${place}`);
      await tell(this.#files.socket, [...clear, ...set]);
      const others = Object.entries(this.#state.allowed).filter(([key]) => !mine.includes(key));
      await this.#save({ ...this.#state, allowed: Object.fromEntries([...others, ...wanted]) });
    });
  }

  async counters(place: string): Promise<RouterCounters> {
    return await countersOf(this.#files.socket, this.#state, place);
  }

  /** The supervisor starts HAProxy again by itself. */
  async #revived(): Promise<number | null> {
    return (await supervisorOf(this.#files)) === null ? null : await awaitRouter(this.#files, null, reviveMs);
  }

  async #restart(): Promise<void> {
    await stopRouter(this.#files);
    await this.#start();
  }

  async #start(): Promise<void> {
    const { state } = await readRecord(this.#files);
    await stopRouter(this.#files);
    const listeners = await openListeners(this.#range);
    const shape = {
      layout,
      range: this.#range,
      open: listeners.ports,
      gateways: this.#gateways,
      maxConnections: await connectionsAllowed(),
    };
    this.#shape = shape;
    await this.#save(state);
    this.#pid = await startRouter(this.#files, listeners);
    await this.#synchronise(state);
  }

  async #adopt(pid: number): Promise<void> {
    this.#stamp = await recordStamp(this.#files);
    const { state, shape } = await readRecord(this.#files);
    this.#shape = shape;
    this.#pid = pid;
    await this.#synchronise(state);
  }

  /** For what no admin command can add: the network of a new environment, what a newer version of this program writes. */
  async #reload(shape: Shape, pid: number): Promise<void> {
    this.#shape = { ...shape, layout, gateways: this.#gateways };
    await this.#save(this.#state);
    this.#pid = await reloadRouter(this.#files, pid);
  }

  /** Writes only what is other than recorded. */
  async #synchronise(recorded: RouterState): Promise<void> {
    const state = await readState(this.#files, recorded);
    if (canonical(state) !== canonical(recorded)) return await this.#save(state);
    this.#state = state;
  }

  async #introduce(place: string, addresses: readonly string[]): Promise<void> {
    const known = poolOf(this.#state, place);
    const pool = known ?? freshPool(this.#state, this.#range, place);
    const unknown = addresses.filter((address) => !pool.slots.some((slot) => slot.address === address));
    if (unknown.length === 0 && known !== undefined) return;
    const free = freeSlots(pool, unknown.length);
    if (free.length < unknown.length) throw new BelugaError('router-unreachable', { problem: `no free server is left for ${place}` });
    const slots = unknown.map((address, index): Slot => ({ address, index: free[index] ?? 0, traffic: 'drain' }));
    const commands = slots.flatMap((slot) => placing(pool, slot, 'drain'));
    await tell(this.#files.socket, [...this.#named(pool, known === undefined), ...commands]);
    await this.#save(withPool(this.#state, { ...pool, slots: [...pool.slots, ...slots].sort((a, b) => a.index - b.index) }));
  }

  #named(pool: Pool, isNew: boolean): readonly string[] {
    return isNew ? [`add map ${this.#files.places} ${pool.place} ${pool.name}`] : [];
  }

  #pool(place: string): Pool {
    return poolOf(this.#state, place) ?? { name: 'nobody', place, port: null, slots: [] };
  }

  async #save(state: RouterState): Promise<void> {
    this.#state = state;
    if (this.#shape === null) return;
    this.#stamp = '';
    await writeRecord(this.#files, this.#shape, state);
    this.#stamp = await recordStamp(this.#files);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work, work);
    this.#queue = result.catch(() => {});
    return result;
  }
}

function sameRange(a: Range, b: Range): boolean {
  return a.first === b.first && a.last === b.last;
}

function taken(port: number): BelugaError {
  return new BelugaError('port-taken', { port, host: '127.0.0.1', setting: 'BELUGA_APPLICATION_PORTS' });
}
