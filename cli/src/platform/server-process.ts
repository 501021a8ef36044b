/** The server as a process of its own: started, waited for, stopped. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@beluga/contract/client';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import { fullPath } from '../setup/child.ts';
import { homeOf, readServerFile, runs, type ServerFile } from './home.ts';
import { quickFetch } from './http.ts';

const program = join(import.meta.dirname, '..', '..', '..', 'server', 'src', 'main.ts');
const startMs = 90_000;
const stopMs = 30_000;
const mostLogBytes = 32 * 1024 * 1024;

/** The server of this state folder when it answers; null otherwise. */
export async function runningServer(env: NodeJS.ProcessEnv): Promise<ServerFile | null> {
  const server = await readServerFile(homeOf(env));
  if (server === null || !runs(server)) return null;
  const healthy = await createClient({ url: server.url, timeoutMs: 5_000, fetch: quickFetch })
    .health()
    .then(
      () => true,
      () => false,
    );
  return healthy ? server : null;
}

/** Starts the server, detached, and waits until it answers. What still runs, it adopts. Throws `server-stopped` and `server-slow`. */
export async function startServer(io: Io, engineSocket: string): Promise<ServerFile> {
  const home = homeOf(io.env);
  const log = join(home, 'server.log');
  await boundLog(log);
  return io.progress.during('Starting the server', async () => {
    await rm(join(home, 'server.json'), { force: true });
    const before = (await stat(log).catch(() => null))?.size ?? 0;
    const file = openSync(log, 'a', 0o600);
    const env = serverEnv(io, engineSocket);
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
      detached: true,
      stdio: ['ignore', file, file],
      env,
      cwd: '/',
    });
    closeSync(file);
    let ended = false;
    child.on('exit', () => (ended = true));
    child.unref();
    for (const startedMs = performance.now(); performance.now() - startedMs < startMs; await wait(100)) {
      const server = await runningServer(io.env);
      if (server !== null) return server;
      if (ended) throw await whyItEnded(log, before);
    }
    throw new CliError('server-slow', { seconds: startMs / 1000, log });
  });
}

/** The router is a program of administrators, which the PATH of a user may not show. */
function serverEnv({ env }: Io, engineSocket: string): NodeJS.ProcessEnv {
  return { ...env, PATH: fullPath(env), BELUGA_HOME: homeOf(env), BELUGA_ENGINE_SOCKET: engineSocket };
}

async function boundLog(log: string): Promise<void> {
  if (((await stat(log).catch(() => null))?.size ?? 0) > mostLogBytes) await truncate(log);
}

/** The server's last line says in a sentence why it could not start. */
async function whyItEnded(log: string, from: number): Promise<CliError> {
  const text = (await readFile(log).catch(() => Buffer.alloc(0))).subarray(from).toString();
  const lines = text.trim().split('\n');
  try {
    const { detail, remedy } = JSON.parse(lines.at(-1) ?? '') as { detail?: string; remedy?: string };
    if (detail !== undefined)
      return new CliError('server-stopped', { problem: detail.replace(/\.$/, ''), remedy: remedy ?? `Read ${log}.` });
  } catch {
    // Not a sentence of the server: its last lines are shown instead.
  }
  return new CliError('server-stopped', { problem: 'it gave no reason', remedy: `Read ${log}.` }, { log: lines.slice(-10) });
}

/** Stops the server alone; what runs goes on. False when none ran. */
export async function stopServer(io: Io): Promise<boolean> {
  const home = homeOf(io.env);
  const server = await readServerFile(home);
  if (server === null || !runs(server)) return false;
  await io.progress.during('Stopping the server', async () => {
    process.kill(server.pid, 'SIGTERM');
    for (const startedMs = performance.now(); runs(server); await wait(100)) {
      if (performance.now() - startedMs > stopMs) process.kill(server.pid, 'SIGKILL');
    }
  });
  await rm(join(home, 'server.json'), { force: true });
  return true;
}

/** Stops instances, router and embedded database, whoever started them. Throws `stop-failed`. */
export async function stopEverything(io: Io, engineSocket: string): Promise<void> {
  const home = homeOf(io.env);
  const log = join(home, 'server.log');
  await io.progress.during('Stopping instances, router and database', async () => {
    const file = openSync(log, 'a', 0o600);
    const env = serverEnv(io, engineSocket);
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, 'stop'], {
      stdio: ['ignore', file, file],
      env,
      cwd: '/',
    });
    const code = await new Promise<number>((resolve) => {
      child.on('error', () => resolve(127));
      child.on('close', (status) => resolve(status ?? 1));
    });
    closeSync(file);
    if (code !== 0) throw new CliError('stop-failed', { problem: `it ended with code ${code}`, log });
  });
}
