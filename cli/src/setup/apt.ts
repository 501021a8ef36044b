/** Packages of the distribution, through apt-get: waits for its lock, mends what was broken off, and says in one sentence what failed. */
import { appendFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { CliError } from '../errors.ts';
import { type Ended, runProgram } from './child.ts';

export type Apt = {
  readonly env: NodeJS.ProcessEnv;
  /** Everything apt says is kept here. */
  readonly log: string;
  readonly note: (words: string) => void;
  /** How long another program may hold the lock. */
  readonly patienceMs: number;
};
export type AptFailure = {
  readonly code: 'mirror-unreachable' | 'apt-busy' | 'apt-broken-off' | 'apt-outdated' | 'disk-full' | 'apt-failed';
  readonly problem: string;
};

const retryMs = 1_000;
const quick = ['-o', 'Acquire::Retries=2', '-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::https::Timeout=20'];

export async function updateLists(apt: Apt): Promise<void> {
  await untilDone(apt, ['update'], 'the lists of packages');
}

/** Installs what is named and what that depends on, nothing recommended. Lists that are too old are read again. */
export async function installPackages(apt: Apt, names: readonly string[]): Promise<void> {
  const words = ['install', '--yes', '--no-install-recommends', ...names];
  await untilDone(apt, words, names.join(', '), async () => updateLists(apt));
}

async function untilDone(apt: Apt, words: readonly string[], missing: string, refresh?: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  const tried = new Set<string>();
  for (;;) {
    const ended = await aptGet(apt, words);
    const failure = aptFailure(ended);
    if (failure === null) return;
    if (failure.code === 'apt-busy' && performance.now() - startedAt < apt.patienceMs) {
      apt.note(`waiting, ${failure.problem}`);
      await wait(retryMs);
    } else if (tried.has(failure.code) || !(await mended(apt, failure, refresh))) throw refusal(apt, failure, missing);
    else tried.add(failure.code);
  }
}

/** Whether the cause could be taken away, so that another try makes sense. */
async function mended(apt: Apt, { code }: AptFailure, refresh: (() => Promise<void>) | undefined): Promise<boolean> {
  if (code === 'apt-broken-off') {
    await keep(apt, 'dpkg --configure -a', await runProgram('dpkg', ['--configure', '-a'], { env: quietly(apt.env) }));
    return true;
  }
  if (refresh === undefined || (code !== 'apt-outdated' && code !== 'mirror-unreachable')) return false;
  await refresh();
  return true;
}

async function aptGet(apt: Apt, words: readonly string[]): Promise<Ended> {
  const all = [...quick, ...words];
  const ended = await runProgram('apt-get', all, { env: quietly(apt.env), onLine: (line) => apt.note(line.slice(0, 120)) });
  await keep(apt, `apt-get ${all.join(' ')}`, ended);
  return ended;
}

function quietly(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l', APT_LISTCHANGES_FRONTEND: 'none' };
}

async function keep({ log }: Apt, command: string, { code, text }: Ended): Promise<void> {
  await appendFile(log, `$ ${command}\n${text.trimEnd()}\n= ${code}\n`).catch(() => undefined);
}

const kinds: readonly (readonly [AptFailure['code'], RegExp])[] = [
  ['apt-busy', /Could not get lock|Unable to acquire the dpkg frontend lock|Unable to lock directory/],
  ['apt-broken-off', /dpkg was interrupted|dpkg --configure -a/],
  ['disk-full', /No space left on device|don't have enough free space/],
  ['apt-outdated', /Unable to locate package|has no installation candidate|404 +Not Found/],
  [
    'mirror-unreachable',
    /Could not resolve|Could not connect|Unable to connect|Temporary failure resolving|Connection (?:failed|timed out)|Failed to fetch/,
  ],
];

/** What apt's words mean; null when it did its work. `apt-get update` ends with 0 although no mirror answered. */
export function aptFailure({ code, text }: Ended): AptFailure | null {
  if (code === 0 && !/Some index files failed to download/.test(text)) return null;
  for (const [kind, pattern] of kinds) {
    if (pattern.test(text)) return { code: kind, problem: lineWith(text, pattern) };
  }
  return { code: 'apt-failed', problem: lineWith(text, /^E: /) || `it ended with code ${code}` };
}

function lineWith(text: string, pattern: RegExp): string {
  const line = text.split('\n').find((one) => pattern.test(one)) ?? '';
  return line
    .replace(/^[EW]: /, '')
    .replace(/[.\s]+$/, '')
    .slice(0, 300);
}

function refusal({ patienceMs, log }: Apt, { code, problem }: AptFailure, missing: string): CliError {
  if (code === 'mirror-unreachable') return new CliError('mirror-unreachable', { problem });
  if (code === 'apt-busy') return new CliError('apt-busy', { seconds: Math.round(patienceMs / 1000), holder: problem });
  return new CliError('apt-failed', { missing, problem, log });
}
