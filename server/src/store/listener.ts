/** LISTEN on one connection of its own, which comes back by itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { StoreLog } from './database.ts';

/**
 * Called with the payload of every notification, and with null each time listening begins, also again after the connection was lost: look
 * then at what may have happened meanwhile.
 */
export type Handler = (payload: string | null) => void;

/** Listens on a channel at once and for good; gives what ends it. */
export type Listen = (channel: string, handler: Handler) => () => void;

export type Listener = { readonly listen: Listen; close(): Promise<void> };

const firstDelayMs = 50;
const lastDelayMs = 2_000;
const heartbeatMs = 15_000;

/** Connects with the first `listen`. */
export function startListener(connection: pg.ClientConfig, log: StoreLog): Listener {
  const handlers = new Map<string, Set<Handler>>();
  const closing = new AbortController();
  let client: pg.Client | null = null;
  let living: Promise<void> | null = null;

  const call = (channel: string, payload: string | null) => {
    for (const handler of handlers.get(channel) ?? []) attempt(() => handler(payload), log);
  };
  const begin = async (on: pg.Client, channel: string) => {
    await on.query(`listen ${pg.escapeIdentifier(channel)}`);
    call(channel, null);
  };
  const serve = async (): Promise<void> => {
    const fresh = new pg.Client(connection);
    const ended = new Promise<void>((resolve) => fresh.once('end', resolve));
    fresh.on('error', () => undefined);
    fresh.on('notification', ({ channel, payload }) => call(channel, payload ?? ''));
    try {
      await fresh.connect();
      client = fresh;
      for (const channel of handlers.keys()) await begin(fresh, channel);
      await heartbeat(fresh, ended, closing.signal);
    } finally {
      client = null;
      await fresh.end().catch(() => undefined);
    }
  };
  const live = async (): Promise<void> => {
    let delayMs = firstDelayMs;
    while (!closing.signal.aborted) {
      const since = performance.now();
      const problem = await serve().then(
        () => 'it was closed',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (closing.signal.aborted) return;
      log.warn({ problem }, 'The connection that listens to the database was lost; it comes back by itself.');
      delayMs = performance.now() - since > lastDelayMs ? firstDelayMs : Math.min(delayMs * 2, lastDelayMs);
      await sleep(delayMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };

  return {
    listen(channel, handler) {
      const known = handlers.get(channel);
      handlers.set(channel, (known ?? new Set()).add(handler));
      living ??= live();
      if (client !== null) begin(client, channel).catch(() => undefined);
      return () => void handlers.get(channel)?.delete(handler);
    },
    async close() {
      closing.abort();
      await living;
    },
  };
}

/** Asks now and then whether the other side is there; returns when the connection ended or `signal` aborts, throws when nothing answers. */
async function heartbeat(client: pg.Client, ended: Promise<void>, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const over = Promise.race([ended, new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))]).then(() => stop.abort());
  if (signal.aborted) return;
  while (!stop.signal.aborted) {
    await sleep(heartbeatMs, undefined, { signal: stop.signal }).catch(() => undefined);
    if (stop.signal.aborted) break;
    await Promise.race([client.query('select 1'), over, silence()]);
  }
}

async function silence(): Promise<never> {
  await sleep(heartbeatMs, undefined, { ref: false });
  throw new Error('it did not answer');
}

function attempt(work: () => void, log: StoreLog): void {
  try {
    work();
  } catch (error) {
    log.error({ error }, 'What listens to the database failed.');
  }
}
