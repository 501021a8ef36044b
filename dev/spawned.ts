/** Runs a program and keeps what it printed; the development scripts need nothing more. */
import { spawn } from 'node:child_process';

export type Ended = { readonly exitCode: number; readonly output: string; readonly seconds: number };

/** Runs `program` in the checkout with its standard and error output merged; never throws, a program that cannot start ends with code 127. */
export function ended(program: string, words: readonly string[], cwd: string): Promise<Ended> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    const end = (exitCode: number): void => resolve({ exitCode, output, seconds: (performance.now() - startedAt) / 1000 });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      output += error.message;
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/** Runs `program` with this terminal and gives its exit code; `timeoutMs` ends it with code 124. */
export function shown(program: string, words: readonly string[], cwd: string, timeoutMs: number): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      resolve(124);
    }, timeoutMs);
    child.on('error', () => resolve(127));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}
