/** Starts Docker or Podman: by systemd where it runs, else as a process of its own that outlives this command. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CliError } from '../errors.ts';
import { livesAs } from '../platform/process.ts';
import { type Daemon, runProgram, startDaemon } from './child.ts';
import { findEngine } from './engine-socket.ts';
import type { Machine } from './machine.ts';
import { type EngineStart, nameOf } from './plan.ts';

const startMs = 60_000;
/** How long another one, that the package started, may still take when ours gave way to it. */
const otherMs = 3_000;

/** Returns when it answers; throws `engine-start-failed`, and leaves nothing running then. */
export async function startEngine(start: EngineStart, machine: Machine, env: NodeJS.ProcessEnv): Promise<void> {
  const engine = nameOf(start.engine);
  if ((await findEngine({ BELUGA_ENGINE_SOCKET: start.socket })).kind === 'answers') return;
  if (start.by === 'systemd') return startUnit(start, engine);
  const log = join(machine.home, `${start.engine}.log`);
  await mkdir(dirname(start.socket), { recursive: true });
  const daemon = start.engine === 'docker' ? await startDocker(start, log, env) : await startPodman(start, machine, log, env);
  const problem = await untilAnswers(start.socket, daemon);
  if (problem === null) return;
  daemon.stop();
  throw new CliError('engine-start-failed', { engine, problem: await causeIn(log, problem), log });
}

async function startUnit(start: EngineStart, engine: string): Promise<void> {
  const unit = start.engine === 'docker' ? 'docker.service' : 'podman.socket';
  const { code, text } = await runProgram('systemctl', ['start', unit]);
  const problem = code === 0 ? await untilAnswers(start.socket, null) : lastLine(text);
  if (problem !== null) throw new CliError('engine-start-failed', { engine, problem, log: `journalctl -u ${unit}` });
}

/** Docker refuses to start while the process whose number it once wrote down is there, also when that is another program by now. */
async function startDocker({ socket }: EngineStart, log: string, env: NodeJS.ProcessEnv): Promise<Daemon> {
  const file = '/var/run/docker.pid';
  const pid = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (!livesAs(pid, 'dockerd')) await rm(file, { force: true });
  return startDaemon('dockerd', ['-H', `unix://${socket}`], log, env);
}

async function startPodman({ socket }: EngineStart, machine: Machine, log: string, env: NodeJS.ProcessEnv): Promise<Daemon> {
  const settings = join(machine.home, 'containers.conf');
  await writeFile(settings, podmanSettings(machine));
  return startDaemon('podman', ['system', 'service', '--time=0', `unix://${socket}`], log, { ...env, CONTAINERS_CONF: settings });
}

/** Without systemd there is neither its journal nor its control groups; crun refuses control groups of both versions. */
export function podmanSettings({ hybridCgroups, programs }: Pick<Machine, 'hybridCgroups' | 'programs'>): string {
  const runtime = hybridCgroups && programs.runc ? ['runtime = "runc"'] : [];
  const engine = ['[engine]', 'cgroup_manager = "cgroupfs"', 'events_logger = "file"', ...runtime];
  const containers = ['[containers]', 'log_driver = "k8s-file"', 'default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]'];
  return `${[...containers, '', ...engine].join('\n')}\n`;
}

async function untilAnswers(socket: string, daemon: Daemon | null): Promise<string | null> {
  let endedAt = Infinity;
  for (const startedAt = performance.now(); performance.now() - startedAt < startMs; await wait(200)) {
    if ((await findEngine({ BELUGA_ENGINE_SOCKET: socket })).kind === 'answers') return null;
    const ended = daemon?.ended() ?? null;
    if (ended !== null) endedAt = Math.min(endedAt, performance.now());
    if (ended !== null && performance.now() - endedAt > otherMs) return ended;
  }
  return `it does not answer within ${startMs / 1000} s`;
}

async function causeIn(log: string, problem: string): Promise<string> {
  const line = lastLine(await readFile(log, 'utf8').catch(() => ''));
  return line === '' ? problem : `${problem}: ${line}`;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.replace(/\.$/, '').slice(0, 300) ?? '';
}
