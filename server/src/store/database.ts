/** The connection to PostgreSQL: a pool behind Kysely, and one connection that listens. */
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import { BelugaError } from '../errors.ts';
import { refusalOfDatabase } from './database-refusal.ts';
import { type Listen, Listener } from './listener.ts';
import { type StoreLog, silentLog } from './store-log.ts';
import type { Tables } from './tables.ts';

export type Database = {
  /** Its errors are `database-unreachable` and `disk-full` where that is the cause; others keep PostgreSQL's own `code`. */
  readonly kysely: Kysely<Tables>;
  /** The same connections without that, for what Kysely cannot say. */
  readonly pool: pg.Pool;
  readonly listen: Listen;
  /** Ends every connection once the running queries are answered. */
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** `postgresql://…`, or the url that `startEmbeddedPostgres` gives. */
  readonly url: string;
  /** Connections at most, the one that listens not counted; 10. */
  readonly connections?: number;
  readonly log?: StoreLog;
};

/** Opens nothing yet: the first query connects. A database that goes away fails the queries that run, never the process. */
export function openDatabase({ url, connections = 10, log = silentLog }: DatabaseOptions): Database {
  const connection = { ...connectionTo(url), connectionTimeoutMillis: 10_000 };
  const pool = new pg.Pool({ ...connection, max: connections, idleTimeoutMillis: 60_000 });
  pool.on('error', (error) => log.warn({ error: error.message }, 'A connection to the database was lost.'));
  pool.on('connect', (client) => client.on('error', () => undefined));
  const listener = new Listener(connection, log);
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: refusing(pool) }) });
  return {
    kysely,
    pool,
    listen: (channel, handler) => listener.listen(channel, handler),
    close: async () => {
      await listener.close();
      await pool.end();
    },
  };
}

/** How to connect: UTC, and values as the domain has them. */
export function connectionTo(url: string): pg.ClientConfig {
  return { connectionString: url, application_name: 'beluga', options: '-c TimeZone=UTC', keepAlive: true, types: { getTypeParser } };
}

type Parser = (text: string) => unknown;

/** Times are RFC 3339 strings in UTC, whole numbers are numbers, JSON is a value; the rest is as pg does it (`numeric` stays text). */
const parsers: Readonly<Record<number, Parser>> = {
  [pg.types.builtins.TIMESTAMPTZ]: timeOf,
  [pg.types.builtins.INT8]: wholeNumberOf,
};

function getTypeParser(oid: number, format?: 'text' | 'binary'): Parser {
  const own = format === 'binary' ? undefined : parsers[oid];
  return own ?? (pg.types.getTypeParser(oid, format as 'text') as Parser);
}

/** With milliseconds at least, so that times of one precision can be compared as texts. */
function timeOf(text: string): string {
  const [, day, time, fraction = ''] = /^(\S{10}) (\S{8})(?:\.(\d+))?\+00$/.exec(text) ?? [];
  if (day !== undefined) return `${day}T${time}.${fraction.padEnd(3, '0')}Z`;
  return /^-?infinity$/.test(text) ? text : Temporal.Instant.from(text.replace(' ', 'T')).toString();
}

function wholeNumberOf(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is too large for a number`);
  return number;
}

/**
 * The pool as Kysely sees it: failures of the connection come as refusals of the catalogue, and a connection that had one is never lent
 * again (the server says that it ends a connection some time before the socket closes).
 */
function refusing(pool: pg.Pool): PostgresPool {
  const connect = async () => {
    const client = await pool.connect().catch((error: unknown) => Promise.reject(refusalOfDatabase(error)));
    let broken = false;
    const query = async (sql: string, parameters: unknown[]) => {
      try {
        return await client.query(sql, parameters);
      } catch (error) {
        const refusal = refusalOfDatabase(error);
        broken ||= refusal instanceof BelugaError && refusal.code === 'database-unreachable';
        throw refusal;
      }
    };
    return { query, release: (destroy?: boolean) => client.release(destroy === true || broken) };
  };
  return { connect, end: () => pool.end(), options: pool.options } as unknown as PostgresPool;
}
