/**
 * A Docker or Podman of a test's own: its data, its sockets, its networks in a temporary folder, ended and removed with the test.
 *
 * Where one cannot start, the test fails with what the program said.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createClient } from '../client.ts';
import { endProcessesOf } from './processes.ts';

export type RealEngine = {
  readonly kind: 'docker' | 'podman';
  readonly socket: string;
  readonly folder: string;
  /** Ends the engine's program as a crash would; containers may go on. */
  crash(): Promise<void>;
  /** Starts it again on the same data. */
  start(): Promise<void>;
  /** Gives a running container another limit of memory, as somebody would by hand: `docker update`, `podman update`. */
  limit(container: string, bytes: number): Promise<void>;
  /** Ends it, with all that it runs, and removes its data. */
  close(): Promise<void>;
};

const run = promisify(execFile);
const startMs = 30_000;
const prefix = 'bg-';

/** Paths of Unix sockets have at most 107 characters: the folder is short. */
export async function openRealEngine(kind: RealEngine['kind']): Promise<RealEngine> {
  await sweep();
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const socket = join(folder, 'e.sock');
  const command = kind === 'docker' ? dockerCommand(folder, socket) : await podmanCommand(folder, socket);
  let child: ChildProcess | null = null;
  const start = async () => {
    child = await launch(command, socket, folder);
  };
  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    child = null;
    if (ending !== null) await ended(ending, signal);
  };
  try {
    await start();
  } catch (cause) {
    await cleanUp(folder);
    throw cause;
  }
  const close = async () => {
    await empty(socket);
    await end('SIGTERM');
    await cleanUp(folder);
  };
  const crash = async () => {
    await end('SIGKILL');
    await forgetDead(join(folder, 'run', 'containerd', 'containerd.pid'));
  };
  const limit = async (container: string, bytes: number) => {
    const words = ['update', '--memory', `${bytes}`, '--memory-swap', `${bytes}`, container];
    if (kind === 'podman') await run('podman', [...command.own, ...words], { env: command.env });
    else await createClient(socket).docker.getContainer(container).update({ Memory: bytes, MemorySwap: bytes });
  };
  return { kind, socket, folder, crash, start, limit, close };
}

/**
 * Removes the file that names a process which ended. Where the first process of a machine is slow to bury the dead, Docker takes its dead
 * containerd for a living one by this file, and waits for it in vain.
 */
async function forgetDead(file: string): Promise<void> {
  const pid = await readFile(file, 'utf8').catch(() => null);
  if (pid === null) return;
  for (let waited = 0; waited < startMs && (await lives(pid)); waited += 20) await sleep(20);
  await rm(file, { force: true });
}

/** proc(5): the state stands right after the name, which is in brackets; Z is dead and not yet buried. */
async function lives(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && stat[stat.lastIndexOf(')') + 2] !== 'Z';
}

type Command = {
  readonly program: string;
  /** What tells the same program whose data it is about. */
  readonly own: readonly string[];
  readonly words: readonly string[];
  readonly env: NodeJS.ProcessEnv;
};

function dockerCommand(folder: string, socket: string): Command {
  const own = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'run'), '--pidfile', join(folder, 'pid')];
  const words = ['-H', `unix://${socket}`, ...own, '--bridge', 'none', '--iptables=false', '--ip6tables=false', '--live-restore'];
  return { program: 'dockerd', own: [], words, env: process.env };
}

async function podmanCommand(folder: string, socket: string): Promise<Command> {
  const settings = join(folder, 'containers.conf');
  await mkdir(join(folder, 'net'));
  await writeFile(settings, await podmanSettings(folder));
  const own = ['--root', join(folder, 'data'), '--runroot', join(folder, 'run'), '--tmpdir', join(folder, 'tmp')];
  return {
    program: 'podman',
    own,
    words: [...own, 'system', 'service', '--time=0', `unix://${socket}`],
    env: { ...process.env, CONTAINERS_CONF: settings },
  };
}

/** Limits at most those of this process, which Podman itself lowers to the number of process ids: where they may not be raised, the defaults fail. */
async function podmanSettings(folder: string): Promise<string> {
  const limits = await readFile('/proc/self/limits', 'utf8');
  const hard = (name: string) => Number(/\s(\d+)\s+\S*\s*$/.exec(new RegExp(`^${name}.*$`, 'm').exec(limits)?.[0] ?? '')?.[1] ?? 1024);
  const identifiers = Number(await readFile('/proc/sys/kernel/pid_max', 'utf8'));
  const [files, processes] = [hard('Max open files'), Math.min(hard('Max processes'), identifiers)];
  return `[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[containers]
default_ulimits = ["nofile=${files}:${files}", "nproc=${processes}:${processes}"]
[network]
network_config_dir = "${folder}/net"
`;
}

async function launch(command: Command, socket: string, folder: string): Promise<ChildProcess> {
  const log = join(folder, 'log');
  const output = openSync(log, 'a');
  const child = spawn(command.program, command.words, { env: command.env, stdio: ['ignore', output, output] });
  closeSync(output);
  let failure: string | null = null;
  child.on('error', (cause) => (failure = cause.message));
  child.on('exit', (code) => (failure ??= `it ended with code ${code}`));
  for (let waited = 0; waited < startMs && failure === null; waited += 50) {
    if (await answers(socket)) return child;
    await sleep(50);
  }
  child.kill('SIGKILL');
  const said = (await readFile(log, 'utf8').catch(() => '')).split('\n').slice(-15).join('\n');
  throw new Error(
    `${command.program} did not start (${failure ?? 'no answer'}); it needs root, and the package installed. It said:\n${said}`,
  );
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: socket, path: '/_ping', agent: false, timeout: 1_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await Promise.race([exit, sleep(20_000, undefined, { ref: false })]);
  child.kill('SIGKILL');
}

async function empty(socket: string): Promise<void> {
  const { docker } = createClient(socket);
  const containers = await docker.listContainers({ all: true }).catch(() => []);
  await Promise.all(
    containers.map(({ Id }) =>
      docker
        .getContainer(Id)
        .remove({ force: true })
        .catch(() => {}),
    ),
  );
  const networks = await docker.listNetworks().catch(() => []);
  await Promise.all(
    networks.map(({ Id }) =>
      docker
        .getNetwork(Id)
        .remove()
        .catch(() => {}),
    ),
  );
}

async function cleanUp(folder: string): Promise<void> {
  await endProcessesOf(folder);
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  const ours = mounts.split('\n').flatMap((line) => (line.split(' ')[1]?.startsWith(folder) ? [line.split(' ')[1] ?? ''] : []));
  for (const mount of ours.reverse()) await run('umount', ['-l', mount]).catch(() => {});
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** What a test left that was itself killed: its process id is in the folder's name. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await cleanUp(join(tmpdir(), name));
  }
}
