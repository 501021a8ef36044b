/** The command as a person or a pipeline calls it: what it printed and how it ended. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export type Said = { readonly exitCode: number | null; readonly out: string; readonly err: string };

const program = join(import.meta.dirname, '..', '..', 'beluga');

/** Runs `beluga` with these words on the platform of a state folder. */
export function beluga(home: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Said> {
  const { promise, resolve } = Promise.withResolvers<Said>();
  const own = { ...process.env, BELUGA_HOME: home, BELUGA_URL: undefined, BELUGA_TOKEN: undefined, NO_COLOR: '1', ...env };
  const child = spawn(program, [...words], { env: own, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (text) => (said.out += String(text)));
  child.stderr.on('data', (text) => (said.err += String(text)));
  child.once('close', (exitCode) => resolve({ exitCode, ...said }));
  return promise;
}
