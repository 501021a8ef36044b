/** The main process of the embedded PostgreSQL: found by what it wrote, started in a session of its own, stopped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { BelugaError } from '../../errors.ts';
import { isRunning, type Places, role } from './cluster.ts';
import { readTail } from './log-file.ts';
import type { Owner } from './owner.ts';
import type { Program } from './program.ts';

/** How a start that did not succeed ended: `again` when waiting helps. */
export type Attempt = { readonly kind: 'answers'; readonly pid: number } | { readonly kind: 'again'; readonly problem: string };

/** Settings of the server, in PostgreSQL's own words and units. */
export type ServerSettings = Readonly<Record<string, string>>;

/** Few connections and little memory: one machine, one platform. Every commit reaches the disk before it is acknowledged. */
const defaults: ServerSettings = {
  listen_addresses: '',
  max_connections: '60',
  shared_buffers: '64MB',
  fsync: 'on',
  synchronous_commit: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  huge_pages: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'error',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  idle_in_transaction_session_timeout: '5min',
};

/** The living main process on this data folder, by `postmaster.pid`; null when none runs, also when its number went to another program. */
export async function livingPostmaster(data: string, owner: Owner): Promise<number | null> {
  const written = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(written, 10);
  return Number.isSafeInteger(pid) && pid > 1 && (await isPostmaster(pid, data, owner)) ? pid : null;
}

/**
 * Removes a `postmaster.pid` whose number was given to another program since (after a restart of the machine, say): PostgreSQL itself would
 * take that program for a main process. Throws `database-start-failed` when one that cannot be seen from here does answer.
 */
export async function forgetStalePid(places: Places, owner: Owner): Promise<void> {
  const answer = await ask(places);
  const written = Number.parseInt(await readFile(join(places.data, 'postmaster.pid'), 'utf8').catch(() => ''), 10);
  if (await isPostmaster(written, places.data, owner)) return;
  if (answer.kind === 'yes') {
    throw new BelugaError('database-start-failed', {
      problem: `one that is not on this machine answers on ${places.run}`,
      log: places.log,
    });
  }
  if (written > 1 && isRunning(written)) await rm(join(places.data, 'postmaster.pid'), { force: true });
}

/** Whether this process is a PostgreSQL of the owner on this data folder. A zombie is not. */
export async function isPostmaster(pid: number, data: string, owner: Owner): Promise<boolean> {
  try {
    const [command, { uid }] = await Promise.all([readFile(`/proc/${pid}/cmdline`, 'utf8'), stat(`/proc/${pid}`)]);
    return uid === owner.uid && command.split('\0').includes(data);
  } catch {
    return false;
  }
}

/** Starts a main process that outlives this one, and waits until it answers. */
export async function startPostmaster(program: Program, owner: Owner, places: Places, settings: ServerSettings): Promise<Attempt> {
  const log = await open(places.log, 'a', 0o600);
  const from = (await log.stat()).size;
  try {
    const child = spawn(join(program.bin, 'postgres'), ['-D', places.data, ...options(places, settings)], {
      cwd: '/',
      env: { ...program.env, TZ: 'UTC' },
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...(owner.lent ? { uid: owner.uid, gid: owner.gid } : {}),
    });
    child.unref();
    await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))]);
    const ended = () => child.exitCode !== null || child.signalCode !== null;
    const answering = await answersBefore(ended, places);
    // Of two that start at once, the one that answers may be the other.
    const living = answering ? await livingPostmaster(places.data, owner) : null;
    return living === null ? outcomeOf(await readTail(places.log, from), places) : { kind: 'answers', pid: living };
  } finally {
    await log.close();
  }
}

/**
 * Waits until a living main process answers; false when it ends first. Recovery after a crash takes its time, two minutes at most.
 * Throws `database-start-failed` when it lets nobody in.
 */
export async function answersBefore(ended: () => boolean | Promise<boolean>, places: Places): Promise<boolean> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const answer = await ask(places);
    if (answer.kind === 'yes') return true;
    if (await ended()) return false;
    const given = answer.kind === 'refused' || performance.now() > deadline;
    if (given) throw new BelugaError('database-start-failed', { problem: answer.problem, log: places.log });
    await sleep(25);
  }
}

/** Fast shutdown: running transactions are rolled back, everything is written. After 30 s the hard way; what was committed stays. */
export async function stopPostmaster(pid: number, data: string, owner: Owner): Promise<void> {
  for (const { signal, tries } of [
    { signal: 'SIGINT', tries: 1200 },
    { signal: 'SIGQUIT', tries: 400 },
    { signal: 'SIGKILL', tries: 400 },
  ] as const) {
    if (!(await isPostmaster(pid, data, owner))) return;
    process.kill(pid, signal);
    for (let tried = 0; tried < tries && (await isPostmaster(pid, data, owner)); tried += 1) await sleep(25);
  }
}

type Answer = { readonly kind: 'yes' } | { readonly kind: 'not-yet' | 'refused'; readonly problem: string };

async function ask({ run }: Places): Promise<Answer> {
  const client = new pg.Client({ host: run, user: role, database: 'postgres', connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return { kind: 'yes' };
  } catch (error) {
    return answerIn(error as Error & { code?: string });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Full of connections (53300) is an answer; not letting Beluga in (class 28) will not pass; anything else may. */
function answerIn({ code = '', message }: Error & { code?: string }): Answer {
  if (code === '53300') return { kind: 'yes' };
  return { kind: code.startsWith('28') ? 'refused' : 'not-yet', problem: message };
}

function options({ run, rules }: Places, settings: ServerSettings): readonly string[] {
  const all = { ...defaults, unix_socket_directories: run, hba_file: rules.access, ident_file: rules.names, ...settings };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** After a killed main process its children need a moment to notice; of two starts at once one finds the lock of the other. */
const worthAnotherTry =
  /pre-existing shared memory block|lock file .* already exists|is already in use|could not lock|Is another postmaster/i;

function outcomeOf(said: string, places: Places): Attempt {
  if (/no space left on device|disk quota exceeded/i.test(said)) throw new BelugaError('disk-full', { folder: places.folder });
  const problem = /(?:FATAL|PANIC): +(.*)/.exec(said)?.[1] ?? said.trim().split('\n').at(-1) ?? '';
  if (worthAnotherTry.test(said)) return { kind: 'again', problem };
  throw new BelugaError('database-start-failed', { problem: problem === '' ? 'it ended without a word' : problem, log: places.log });
}
