/** Makes this machine ready: looks, plans, shows, performs. Safe to repeat; nothing to do is the usual case. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import { homeOf } from '../platform/home.ts';
import { installPackages, updateLists } from './apt.ts';
import { findEngine } from './engine-socket.ts';
import { inspectMachine, type Machine } from './machine.ts';
import { nameOf, planSetup, refuseImpossible, type SetupStep } from './plan.ts';
import { startEngine } from './start-engine.ts';

const aptPatienceMs = 300_000;

/** Gives the engine's socket. Says first what it will do; throws in one sentence what cannot be done, before anything was changed. */
export async function setUpMachine(io: Io): Promise<string> {
  const machine = await inspectMachine(io.env);
  const steps = planSetup(machine);
  refuseImpossible(machine, steps);
  if (steps.length > 0) io.progress.say(wordsOfPlan(steps));
  for (const step of steps) await perform(io, machine, step);
  const engine = await findEngine(io.env);
  if (engine.kind === 'answers') return engine.socket;
  throw new CliError('engine-silent', { socket: engine.socket, problem: engine.problem, setting: 'BELUGA_ENGINE_SOCKET' });
}

/** The plan, as it is shown before anything is done. */
export function wordsOfPlan(steps: readonly SetupStep[]): string {
  return ['This machine needs:', ...steps.map(({ what, why, how }) => `  - ${what} (${why})\n      ${how}`)].join('\n');
}

async function perform(io: Io, machine: Machine, step: SetupStep): Promise<void> {
  const apt = (note: (words: string) => void) => ({ env: io.env, log: join(machine.home, 'set-up.log'), note, patienceMs: aptPatienceMs });
  switch (step.kind) {
    case 'package-lists':
      return io.progress.during('Reading the lists of packages', (note) => updateLists(apt(note)));
    case 'packages':
      return io.progress.during(`Installing ${step.names.join(', ')}`, (note) => installPackages(apt(note), step.names));
    case 'start-engine':
      return io.progress.during(`Starting ${nameOf(step.engine)}`, () => startEngine(step, machine, io.env));
  }
}

/** Makes the state folder; the account that the database runs as must be able to pass through it. Throws `state-folder`. */
export async function makeHome(env: NodeJS.ProcessEnv): Promise<void> {
  const folder = homeOf(env);
  try {
    if (!folder.startsWith('/')) throw new Error('it is not an absolute path');
    await mkdir(folder, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new CliError('state-folder', { folder, problem: (error as Error).message }, { cause: error });
  }
}
