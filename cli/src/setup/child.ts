/** Programs of the machine that the set-up runs, and those that it leaves running. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export type Ended = { readonly code: number; readonly text: string };
export type RunOptions = { readonly env?: NodeJS.ProcessEnv; readonly onLine?: (line: string) => void };

const mostText = 200_000;

/** Where programs of administrators lie, although the PATH of a user may not say so. */
export function fullPath(env: NodeJS.ProcessEnv): string {
  return [...(env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin'].join(':');
}

/** Runs a program to its end with its words merged; a program that cannot start ends with code 127. Never throws. */
export function runProgram(program: string, words: readonly string[], { env = process.env, onLine }: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...env, PATH: fullPath(env), LC_ALL: 'C' } });
    let text = '';
    const hear = (chunk: Buffer): void => {
      text = `${text}${chunk.toString()}`.slice(-mostText);
      const line = text.trimEnd().split('\n').at(-1);
      if (line !== undefined) onLine?.(line);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', (error) => resolve({ code: 127, text: `E: ${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, text }));
  });
}

/** A program that outlives this command. */
export type Daemon = { readonly pid: number | undefined; ended(): string | null; stop(): void };

/** Starts a program in a session of its own, its words in a log. */
export function startDaemon(program: string, words: readonly string[], log: string, env: NodeJS.ProcessEnv): Daemon {
  const file = openSync(log, 'a', 0o600);
  const child = spawn(program, words, { detached: true, stdio: ['ignore', file, file], cwd: '/', env: { ...env, PATH: fullPath(env) } });
  closeSync(file);
  let problem: string | null = null;
  child.on('error', (error) => {
    problem = error.message;
  });
  child.on('exit', (code, signal) => {
    problem = `it ended with ${signal ?? `code ${code}`}`;
  });
  child.unref();
  return { pid: child.pid, ended: () => problem, stop: () => void child.kill('SIGTERM') };
}
