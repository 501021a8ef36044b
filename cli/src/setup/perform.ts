/** Does what the set-up planned: packages from the distribution, the engine started; each step safe to repeat. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import { findEngine } from './engine-socket.ts';
import { inspectMachine, type Machine, makeHome } from './machine.ts';
import { planSetup, refuseImpossible, type SetupStep, wordsOf } from './plan.ts';

const engineStartMs = 60_000;
const aptLockSeconds = 300;

/** Makes this machine ready, says first what it will do, and gives the engine's socket. Nothing to do is the usual case. */
export async function setUpMachine(io: Io): Promise<string> {
  const machine = await inspectMachine(io.env);
  const steps = planSetup(machine);
  refuseImpossible(machine, steps);
  await makeHome(machine.home);
  if (steps.length > 0) io.progress.say(`This machine needs:\n${steps.map((step) => `  - ${wordsOf(step)}`).join('\n')}`);
  for (const step of steps) {
    await (step.kind === 'packages' ? installPackages(io, machine, step.names) : startEngine(io, machine, step));
  }
  const engine = await findEngine(io.env);
  if (engine.kind === 'answers') return engine.socket;
  throw new CliError('engine-silent', { socket: engine.socket, problem: engine.problem, setting: 'BELUGA_ENGINE_SOCKET' });
}

async function installPackages(io: Io, { home }: Machine, names: readonly string[]): Promise<void> {
  const log = join(home, 'set-up.log');
  const wait = ['-o', `DPkg::Lock::Timeout=${aptLockSeconds}`];
  await io.progress.during(`Reading the lists of packages`, () => apt(log, names, [...wait, 'update']));
  const install = [...wait, 'install', '--yes', '--no-install-recommends', ...names];
  await io.progress.during(`Installing ${names.join(', ')}`, () => apt(log, names, install));
}

async function apt(log: string, names: readonly string[], words: readonly string[]): Promise<void> {
  const { code, text } = await run('apt-get', words, { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' });
  await appendFile(log, `$ apt-get ${words.join(' ')}\n${text}\n`).catch(() => undefined);
  const failure = aptFailure(code, text);
  if (failure === null) return;
  const missing = names.join(', ');
  if (failure.code === 'mirror-unreachable') throw new CliError('mirror-unreachable', { problem: failure.problem });
  if (failure.code === 'apt-busy') throw new CliError('apt-busy', { seconds: aptLockSeconds, holder: failure.problem });
  throw new CliError('apt-failed', { missing, problem: failure.problem, log });
}

type AptFailure = { readonly code: 'mirror-unreachable' | 'apt-busy' | 'apt-failed'; readonly problem: string };

/** What apt's words mean; null when it did its work. `apt-get update` ends with 0 although no mirror answered. */
export function aptFailure(code: number, text: string): AptFailure | null {
  const line = (pattern: RegExp): string =>
    text
      .split('\n')
      .find((one) => pattern.test(one))
      ?.replace(/^[EW]: /, '')
      .trim() ?? '';
  const unreachable = /Could not resolve|Could not connect|Failed to fetch|Unable to connect|Temporary failure resolving/;
  if (code === 0 && !/Some index files failed to download/.test(text)) return null;
  if (/Could not get lock/.test(text)) return { code: 'apt-busy', problem: line(/Could not get lock/) };
  if (unreachable.test(text)) return { code: 'mirror-unreachable', problem: line(unreachable) };
  return { code: 'apt-failed', problem: line(/^E: /) || `it ended with code ${code}` };
}

async function startEngine(io: Io, { home }: Machine, step: SetupStep & { kind: 'start-engine' }): Promise<void> {
  const engine = step.engine === 'docker' ? 'Docker' : 'Podman';
  const log = join(home, `${step.engine}.log`);
  await io.progress.during(`Starting ${engine}`, async () => {
    const end: { problem: string | null } = { problem: null };
    if (step.by === 'systemd') {
      const unit = step.engine === 'docker' ? 'docker' : 'podman.socket';
      const { code, text } = await run('systemctl', ['start', unit], {});
      if (code !== 0) throw new CliError('engine-start-failed', { engine, problem: lastLine(text), log: 'journalctl -u docker' });
    } else {
      await mkdir(dirname(step.socket), { recursive: true });
      const [program, ...words] = engineCommand(step);
      detach(program, words, log, (problem) => {
        end.problem = problem;
      });
    }
    for (const startedMs = performance.now(); performance.now() - startedMs < engineStartMs; await wait(200)) {
      if ((await findEngine({ BELUGA_ENGINE_SOCKET: step.socket })).kind === 'answers') return;
      if (end.problem !== null) break;
    }
    const said = lastLine(await readFile(log, 'utf8').catch(() => ''));
    throw new CliError('engine-start-failed', { engine, problem: end.problem === null ? 'it does not answer' : `${end.problem}; ${said}`, log });
  });
}

function engineCommand({ engine, socket }: SetupStep & { kind: 'start-engine' }): readonly [string, ...string[]] {
  if (engine === 'docker') return ['dockerd', '-H', `unix://${socket}`];
  return ['podman', 'system', 'service', '--time=0', `unix://${socket}`];
}

/** Starts a program that outlives this command, its words in a log. */
function detach(program: string, words: readonly string[], log: string, onEnd: (problem: string) => void): void {
  const file = openSync(log, 'a');
  const child = spawn(program, words, { detached: true, stdio: ['ignore', file, file], cwd: '/' });
  closeSync(file);
  child.on('error', (error) => onEnd(error.message));
  child.on('exit', (code) => onEnd(`it ended with code ${code}`));
  child.unref();
}

function run(program: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    let text = '';
    const add = (chunk: Buffer): void => {
      text = `${text}${chunk.toString()}`.slice(-200_000);
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.on('error', (error) => resolve({ code: 127, text: `E: ${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, text }));
  });
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? '';
}
