/** One command at a time starts or stops a platform; the others wait. */
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import { homeOf, lives } from './home.ts';

const patienceMs = 300_000;
const tryMs = 200;

/** Does the work while no other command does such work here; the file of one that was killed counts for nothing. Throws `already-starting`. */
export async function alone<Result>(io: Io, work: () => Promise<Result>): Promise<Result> {
  const file = join(homeOf(io.env), 'command.lock');
  if (!(await take(file))) await io.progress.during('Waiting for another beluga here', (note) => untilTaken(file, note));
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function untilTaken(file: string, note: (words: string) => void): Promise<void> {
  for (const startedAt = performance.now(); performance.now() - startedAt < patienceMs; await wait(tryMs)) {
    if (await take(file)) return;
    note(`process ${(await holder(file)) ?? ''}`);
  }
  throw new CliError('already-starting', { pid: (await holder(file)) ?? 'unknown' });
}

async function take(file: string): Promise<boolean> {
  const pid = await holder(file);
  if (pid !== null && !lives(pid)) await rm(file, { force: true });
  try {
    const handle = await open(file, 'wx', 0o644);
    await handle.writeFile(`${process.pid}\n`);
    await handle.close();
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new CliError('state-folder', { folder: file, problem: code ?? message }, { cause: error });
  }
}

/** A file that is being written names nobody yet: whoever wrote it lives. */
async function holder(file: string): Promise<number | null> {
  const text = (await readFile(file, 'utf8').catch(() => '')).trim();
  return text === '' ? null : Number(text);
}
