/** Where the platform of this machine keeps its state, and how the command reaches it. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@beluga/contract/client';
import { CliError } from '../errors.ts';
import { quickFetch } from './http.ts';
import { livesAs } from './process.ts';

export type ServerFile = {
  readonly pid: number;
  readonly url: string;
  readonly version: string;
  /** RFC 3339. */
  readonly startedAt: string;
};

export type Platform = {
  readonly client: Client;
  readonly url: string;
  readonly token: string;
};

/** The state folder: BELUGA_HOME, else the usual one of this user. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  return env['BELUGA_HOME'] ?? (process.getuid?.() === 0 ? '/var/lib/beluga' : join(homedir(), '.local/state/beluga'));
}

/** What the server wrote about itself when it started; null when none did. */
export async function readServerFile(home: string): Promise<ServerFile | null> {
  try {
    return JSON.parse(await readFile(join(home, 'server.json'), 'utf8')) as ServerFile;
  } catch {
    return null;
  }
}

/** The platform that BELUGA_URL and BELUGA_TOKEN name, else the one of this machine. Sends nothing. Throws `not-up` and `no-token`. */
export async function connect(env: NodeJS.ProcessEnv): Promise<Platform> {
  const home = homeOf(env);
  const url = env['BELUGA_URL'] ?? (await readServerFile(home))?.url;
  if (url === undefined) throw new CliError('not-up', { problem: `there is no ${join(home, 'server.json')}` });
  const file = join(home, 'token');
  const token = env['BELUGA_TOKEN'] ?? (await readFile(file, 'utf8').catch(() => '')).trim();
  if (token === '') throw new CliError('no-token', { url, file });
  return { client: createClient({ url, token, fetch: quickFetch }), url, token };
}

/** Whether the process that wrote the file still runs, and is the server. */
export function runs({ pid }: ServerFile): boolean {
  return livesAs(pid, join('server', 'src', 'main.ts'));
}
