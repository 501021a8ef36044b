/** Beluga itself: the cold command, and the watch that goes on. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Contender, program } from './contender.ts';

const command = join(import.meta.dirname, '..', '..', 'beluga');

/** `./beluga build`, a process for each build. */
export function coldCommand(folder: string, env: NodeJS.ProcessEnv): Contender {
  const cache = join(folder, 'cache');
  return {
    name: 'beluga',
    async build({ folder: tree, cold }) {
      const own = { ...env, BELUGA_CACHE: cold ? mkdtempSync(`${cache}-`) : cache };
      const said = await program(command, ['build', tree, '--output', 'json'], own);
      return (JSON.parse(said) as { readonly digest: string }).digest;
    },
  };
}

export type Watch = {
  /** The next image that it says it has pushed. */
  next(): Promise<string>;
  close(): Promise<void>;
};

/** `./beluga build --watch`, ready after its first build. */
export async function openWatch(tree: string, folder: string, env: NodeJS.ProcessEnv): Promise<Watch> {
  const own = { ...process.env, ...env, BELUGA_CACHE: join(folder, 'cache') };
  const child = spawn(command, ['build', tree, '--watch', '--output', 'ndjson'], { env: own, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const line = await lines.next();
    if (line.done === true) throw new Error('beluga build --watch ended');
    return (JSON.parse(line.value) as { readonly digest: string }).digest;
  };
  await next();
  return { next, close: () => ended(child) };
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}
