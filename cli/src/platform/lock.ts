/** One command at a time starts or stops a platform; the others wait. */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import { homeOf } from './home.ts';

const patienceMs = 300_000;
const tryMs = 200;

/** Does the work while no other command does such work here. The state folder must be there. Throws `already-starting`. */
export async function alone<Result>(io: Io, work: () => Promise<Result>): Promise<Result> {
  const name = nameOf(homeOf(io.env));
  const lock = (await take(name)) ?? (await io.progress.during('Waiting for another beluga here', (note) => untilTaken(name, note)));
  try {
    return await work();
  } finally {
    lock.close();
  }
}

/** An abstract socket (unix(7)): it lies in no folder, and the kernel takes it back from a process that was killed. */
function nameOf(home: string): string {
  return `\0beluga-${createHash('sha256').update(realpathSync(home)).digest('hex').slice(0, 24)}`;
}

async function untilTaken(name: string, note: (words: string) => void): Promise<Server> {
  for (const startedAt = performance.now(); performance.now() - startedAt < patienceMs; await wait(tryMs)) {
    const lock = await take(name);
    if (lock !== null) return lock;
    note(`process ${await holderOf(name)}`);
  }
  throw new CliError('already-starting', { pid: await holderOf(name) });
}

/** Whoever asks is told which process holds it. */
function take(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on('error', () => socket.destroy()).end(String(process.pid)));
    server.unref();
    server.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(name, () => resolve(server));
  });
}

function holderOf(name: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(name);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on('error', () => resolve('unknown'));
    socket.on('close', () => resolve(text === '' ? 'unknown' : text));
  });
}
