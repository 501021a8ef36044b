/** LISTEN on one connection of its own, which comes back by itself. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { StoreLog } from './store-log.ts';

/**
 * Called with the payload of every notification, and with null each time listening begins, also again after the connection was lost: look
 * then at what may have happened meanwhile.
 */
export type Handler = (payload: string | null) => void;

/** Listens on a channel for good; gives what ends it. */
export type Listen = (channel: string, handler: Handler) => () => void;

const firstDelayMs = 50;
const lastDelayMs = 2_000;
const heartbeatMs = 15_000;

export class Listener {
  readonly #connection: pg.ClientConfig;
  readonly #log: StoreLog;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #closing = new AbortController();
  #client: pg.Client | null = null;
  #living: Promise<void> | null = null;

  /** Connects with the first `listen`. */
  constructor(connection: pg.ClientConfig, log: StoreLog) {
    this.#connection = connection;
    this.#log = log;
  }

  listen(channel: string, handler: Handler): () => void {
    const handlers = this.#handlers.get(channel) ?? new Set();
    this.#handlers.set(channel, handlers.add(handler));
    this.#living ??= this.#live();
    if (this.#client !== null) this.#begin(this.#client, channel).catch(() => undefined);
    return () => void handlers.delete(handler);
  }

  /** Calls no handler afterwards. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#living;
  }

  async #live(): Promise<void> {
    const { signal } = this.#closing;
    let delayMs = firstDelayMs;
    while (!signal.aborted) {
      const since = performance.now();
      const problem = await this.#serve().catch((error: unknown) => String(error));
      if (signal.aborted) return;
      this.#log.warn({ problem }, 'The connection that listens to the database was lost; it comes back by itself.');
      delayMs = performance.now() - since > lastDelayMs ? firstDelayMs : Math.min(delayMs * 2, lastDelayMs);
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One connection, from its begin to its end; says how it ended. */
  async #serve(): Promise<string> {
    const client = new pg.Client(this.#connection);
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    client.on('error', () => undefined);
    client.on('notification', ({ channel, payload }) => this.#call(channel, payload ?? ''));
    try {
      await client.connect();
      this.#client = client;
      for (const channel of this.#handlers.keys()) await this.#begin(client, channel);
      await this.#stayAwake(client, ended);
      return 'it was closed';
    } finally {
      this.#client = null;
      await client.end().catch(() => undefined);
    }
  }

  async #begin(client: pg.Client, channel: string): Promise<void> {
    await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    this.#call(channel, null);
  }

  /** Asks now and then whether the other side is there, until the connection or this listener ends. Throws when nothing answers. */
  async #stayAwake(client: pg.Client, ended: Promise<void>): Promise<void> {
    const { signal } = this.#closing;
    const over = Promise.race([ended, signal.aborted ? undefined : once(signal, 'abort')]).then(() => 'over' as const);
    while ((await Promise.race([over, pause()])) !== 'over') {
      const answer = await Promise.race([over, pause(), client.query('select 1')]);
      if (answer === 'silence') throw new Error('it did not answer');
    }
  }

  #call(channel: string, payload: string | null): void {
    for (const handler of this.#handlers.get(channel) ?? []) {
      if (this.#closing.signal.aborted) return;
      try {
        handler(payload);
      } catch (error) {
        this.#log.error({ error: String(error) }, 'What listens to the database failed.');
      }
    }
  }
}

function pause(): Promise<'silence'> {
  return sleep(heartbeatMs, 'silence' as const, { ref: false });
}
