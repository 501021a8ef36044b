/**
 * The embedded PostgreSQL: the real server, in a session of its own, so that a Beluga that is killed leaves it alive and the next one
 * adopts it. While a Beluga runs it watches the main process and starts it again when it was killed.
 */
import { createHash } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { BelugaError } from '../../errors.ts';
import { type StoreLog, silentLog } from '../store-log.ts';
import { type Places, prepareCluster, role } from './cluster.ts';
import { boundLog } from './log-file.ts';
import { type Owner, openFolder, ownerOfDatabase, refusalOf } from './owner.ts';
import {
  type Attempt,
  answersBefore,
  forgetStalePid,
  isPostmaster,
  livingPostmaster,
  type ServerSettings,
  startPostmaster,
  stopPostmaster,
} from './postmaster.ts';
import { forgetOtherPrograms, installProgram, type Program } from './program.ts';

export type EmbeddedPostgres = {
  /** For `openDatabase`, and for any other client of the same user. */
  readonly url: string;
  /** The main process now; another one after it was killed. */
  readonly pid: number;
  /** Watches no more; the database lives on. */
  release(): Promise<void>;
  /** Shuts the database down: for `beluga down` only. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** `<state folder>/postgres`: holds program, data, run and log. */
  readonly folder: string;
  readonly log?: StoreLog;
  /** Another PostgreSQL than the packaged one. */
  readonly program?: Program;
  /** Over the defaults, in PostgreSQL's own words. */
  readonly settings?: ServerSettings;
};

type Server = { readonly places: Places; readonly owner: Owner; readonly options: EmbeddedOptions; readonly log: StoreLog };

const patienceMs = 30_000;
const watchEveryMs = 250;
const retryEveryMs = 2_000;

/**
 * Adopts the database that lives on this folder, or starts one, and watches it. Several Belugas may do so on one folder.
 * Throws `database-folder`, `database-version`, `database-start-failed`, `database-program-missing`, `disk-full`.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const server = await open(options);
  let pid = await adoptOrStart(server);
  await createDatabase(server);
  const watch = watchOver(server, pid, (next) => {
    pid = next;
  });
  return {
    url: urlOf(server.places),
    get pid() {
      return pid;
    },
    release: () => watch.end(),
    stop: async () => {
      await watch.end();
      await stopLiving(server);
    },
  };
}

/** Shuts down what lives on this folder, whoever started it. True when something lived. */
export async function stopEmbeddedPostgres(options: EmbeddedOptions): Promise<boolean> {
  const owner = await ownerOfDatabase(options.folder);
  const folder = await realpath(options.folder).catch(() => null);
  if (folder === null) return false;
  return stopLiving({ places: placesOf(folder, owner), owner, options, log: options.log ?? silentLog });
}

async function open(options: EmbeddedOptions): Promise<Server> {
  const owner = await ownerOfDatabase(options.folder);
  const log = options.log ?? silentLog;
  await mkdir(options.folder, { recursive: true, mode: 0o711 }).catch((error: unknown) => Promise.reject(refusalOf(error, options.folder)));
  const folder = await realpath(options.folder);
  await openFolder(folder, owner);
  const places = placesOf(folder, owner);
  if (!places.run.startsWith(folder))
    log.info({ folder: places.run }, 'The path of the state folder is too long for a socket: it is kept elsewhere.');
  return { places, owner, options, log };
}

/** A socket's path holds at most 107 bytes (unix(7)); a longer one moves to a short folder named after the long one. */
function placesOf(folder: string, owner: Owner): Places {
  const near = join(folder, 'run');
  const far = `/tmp/beluga-${owner.uid}-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  return {
    folder,
    data: join(folder, 'data'),
    run: Buffer.byteLength(join(near, '.s.PGSQL.5432')) <= 107 ? near : far,
    log: join(folder, 'log', 'postgres.log'),
    rules: { access: join(folder, 'pg_hba.conf'), names: join(folder, 'pg_ident.conf') },
  };
}

async function adoptOrStart(server: Server, signal?: AbortSignal): Promise<number> {
  const { places, owner, log } = server;
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const living = await livingPostmaster(places.data, owner);
    if (living !== null && (await answersBefore(async () => !(await isPostmaster(living, places.data, owner)), places))) {
      log.info({ pid: living }, 'The database was running and is adopted.');
      return living;
    }
    if (living === null) await forgetStalePid(places, owner);
    const attempt = await startOnce(server);
    if (attempt.kind === 'answers') return attempt.pid;
    if (signal?.aborted || performance.now() > deadline)
      throw new BelugaError('database-start-failed', { problem: attempt.problem, log: places.log });
    await sleep(200);
  }
}

async function startOnce({ places, owner, options, log }: Server): Promise<Attempt> {
  const programs = join(places.folder, 'program');
  if (options.program === undefined) await openFolder(programs, owner);
  const program = options.program ?? (await installProgram(programs));
  await prepareCluster(program, owner, places);
  const attempt = await startPostmaster(program, owner, places, options.settings ?? {}).catch((error: unknown) => {
    throw refusalOf(error, places.folder);
  });
  if (attempt.kind === 'answers') log.info({ pid: attempt.pid }, 'The database is started.');
  if (attempt.kind === 'answers' && options.program === undefined) await forgetOtherPrograms(programs, program);
  return attempt;
}

async function createDatabase({ places }: Server): Promise<void> {
  const client = new pg.Client({ host: places.run, user: role, database: 'postgres' });
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_database where datname = $1', [role]);
    if (rowCount === 0) await client.query(`create database ${role}`);
  } catch (error) {
    if (!isCreatedByAnother(error)) throw error;
  } finally {
    await client.end();
  }
}

function isCreatedByAnother(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === '42P04' || code === '23505';
}

function urlOf({ run }: Places): string {
  return `postgresql://${role}@localhost:5432/${role}?host=${encodeURIComponent(run)}`;
}

async function stopLiving({ places, owner }: Server): Promise<boolean> {
  const pid = await livingPostmaster(places.data, owner);
  if (pid !== null) await stopPostmaster(pid, places.data, owner);
  if (!places.run.startsWith(places.folder)) await rm(places.run, { recursive: true, force: true });
  return pid !== null;
}

/** Looks four times a second whether the main process lives, starts it again when not, and keeps its log short. */
function watchOver(server: Server, first: number, moved: (pid: number) => void): { end(): Promise<void> } {
  const { places, owner, log } = server;
  const ending = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { ref: false, signal: ending.signal }).catch(() => undefined);
  let pid = first;
  const look = async (): Promise<void> => {
    if (await isPostmaster(pid, places.data, owner)) return boundLog(places.log);
    log.warn({ pid }, 'The database ended: it is started again.');
    pid = await adoptOrStart(server, ending.signal);
    moved(pid);
  };
  const watching = (async () => {
    while (!ending.signal.aborted) {
      const good = await look().then(
        () => true,
        (error: unknown) => log.error({ error: String(error) }, 'The database could not be started again; another try follows.'),
      );
      await pause(good === true ? watchEveryMs : retryEveryMs);
    }
  })();
  return {
    end: async () => {
      ending.abort();
      await watching;
    },
  };
}
