/** Runs the commands of Beluga from the demo, each in a process of its own, exactly as a person types them. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Problem } from '@beluga/contract/api-schema';
import type { Io } from '../output/io.ts';

export type Words = readonly string[];
export type Said<Result> = {
  readonly exitCode: number;
  /** The JSON document on standard output; null when there was none. */
  readonly result: Result | null;
  /** What was said for people; the sentence of the problem where the command gave one. */
  readonly words: string;
  readonly remedy: string | null;
};

const program = fileURLToPath(new URL('../main.ts', import.meta.url));
const mostWords = 20_000;

/** Shows the command line, runs it with `--output json`, and gives what it said; never throws for its exit code. */
export async function runBeluga<Result>(io: Io, words: Words): Promise<Said<Result>> {
  io.progress.say(`  $ beluga ${words.map(quoted).join(' ')}`);
  io.event({ type: 'demo.command', command: ['beluga', ...words] });
  const { exitCode, out, err } = await finished(words);
  const problem = exitCode === 0 ? null : parsed<Partial<Problem>>(err.trim().split('\n').at(-1) ?? '');
  return { exitCode, result: parsed<Result>(out), words: problem?.detail ?? err.trim(), remedy: problem?.remedy ?? null };
}

function finished(words: Words): Promise<{ exitCode: number; out: string; err: string }> {
  const shown = words[0] === 'up';
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words, '--output', 'json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err = `${err}${chunk.toString()}`.slice(-mostWords);
      if (shown && !chunk.toString().startsWith('{')) process.stderr.write(chunk);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, out, err }));
  });
}

function parsed<Result>(text: string): Result | null {
  try {
    return JSON.parse(text) as Result;
  } catch {
    return null;
  }
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`;
}
