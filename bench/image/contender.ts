/** Who builds: Beluga and what a user would pick instead, each with a way to build and push one folder. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export type Target = {
  /** What is to be built. */
  readonly folder: string;
  /** `host:port/name:tag`, not there yet. */
  readonly image: string;
  /** As if nothing of it had ever been built on this machine. */
  readonly cold: boolean;
};

export type Contender = {
  readonly name: string;
  /** At most so many rounds: it takes long. */
  readonly mostRounds?: number;
  /** Builds and pushes; gives the digest when it says it. */
  build(target: Target): Promise<string | undefined>;
};

const run = promisify(execFile);

/** Runs a program to its end and gives what it printed; fails with what it said. */
export async function program(name: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  try {
    const { stdout } = await run(name, [...words], { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 });
    return stdout.trim();
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Error(`${name} ${words.join(' ')} failed: ${stderr.trim().split('\n').slice(-5).join('\n') || message}`, { cause: error });
  }
}
