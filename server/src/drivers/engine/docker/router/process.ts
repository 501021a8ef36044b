/**
 * The router's process: HAProxy in a session of its own, which goes on when the server stops.
 *
 * It is recognised by its admin socket alone: whoever answers there is adopted, otherwise one is started from what is recorded.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { BelugaError } from '../../../../errors.ts';
import type { Paths } from './configuration.ts';
import { ask } from './socket.ts';
import type { Range } from './state.ts';

const startMs = 10_000;

/** The process id of the router that answers, or null. */
export async function livingRouter(files: Paths): Promise<number | null> {
  try {
    const answer = await ask(files.socket, ['show info']);
    return Number(/^Pid: (\d+)$/m.exec(answer)?.[1] ?? Number.NaN) || null;
  } catch {
    return null;
  }
}

/** Starts HAProxy from the configuration file and waits until it answers. Throws `router-unreachable` with what it said. */
export async function startRouter(files: Paths): Promise<number> {
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await rm(files.log, { force: true });
  const log = openSync(files.log, 'a');
  const child = spawn('haproxy', ['-db', '-f', files.configuration], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let failure: string | null = null;
  child.on('error', (cause) => (failure = cause.message));
  child.on('exit', (code) => (failure ??= `it ended with code ${code}`));
  child.unref();
  for (let waited = 0; waited < startMs && failure === null; waited += 20) {
    const pid = await livingRouter(files);
    if (pid !== null) return pid;
    await sleep(20);
  }
  const said = await readFile(files.log, 'utf8').catch(() => '');
  throw new BelugaError('router-unreachable', { problem: `HAProxy did not start: ${failure ?? 'no answer'} ${lastAlert(said)}`.trim() });
}

function lastAlert(said: string): string {
  return said
    .split('\n')
    .filter((line) => line.includes('[ALERT]'))
    .slice(0, 3)
    .join(' ');
}

/** The ports of a range on which this machine lets us listen now. */
export async function openPorts(range: Range): Promise<readonly number[]> {
  const all = Array.from({ length: range.last - range.first + 1 }, (_, index) => range.first + index);
  const free = await Promise.all(all.map(canListen));
  return all.filter((_, index) => free[index]);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** How many connections HAProxy may hold with the files this process may open (each costs two), at most 8,000. */
export async function connectionsAllowed(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const hard = Number(/Max open files\s+\S+\s+(\d+)/.exec(limits)?.[1] ?? 4096);
  return Math.max(100, Math.min(8_000, Math.floor((hard - 6_000) / 2.2)));
}
