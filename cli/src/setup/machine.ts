/** What this machine has and lacks, looked at without changing anything. */
import { access, constants, readdir, readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { homeOf, readServerFile, runs } from '../platform/home.ts';
import { fullPath } from './child.ts';
import { type Answer, candidates, findEngine } from './engine-socket.ts';
import { holderOf, isFree } from './port.ts';

const dyingMs = 2_000;

export type Machine = {
  readonly root: boolean;
  /** As its makers call it: `Debian GNU/Linux 12 (bookworm)`. */
  readonly system: string;
  readonly home: string;
  readonly systemd: boolean;
  readonly programs: Readonly<Record<Program, boolean>>;
  /** Whether apt knows any package yet. */
  readonly packageLists: boolean;
  readonly certificates: boolean;
  /** The kernel enforces AppArmor profiles, so an engine must be able to load its own. */
  readonly appArmor: boolean;
  /** Control groups of both versions are mounted side by side. */
  readonly hybridCgroups: boolean;
  readonly engine: Answer;
  /** The setting that named the engine's socket. */
  readonly engineSetting: string | null;
  readonly homeProblem: string | null;
  /** Where the state is kept. */
  readonly freeMb: number;
  /** Where packages and images are kept. */
  readonly systemFreeMb: number;
  readonly listen: Listen;
};
export type Listen = {
  readonly host: string;
  readonly port: number;
  readonly state: 'free' | 'ours' | 'taken';
  /** The program that took it, where it can be told. */
  readonly holder: string | null;
};
const programs = ['apt-get', 'haproxy', 'dockerd', 'podman', 'runc', 'git', 'apparmor_parser'] as const;
export type Program = (typeof programs)[number];

export async function inspectMachine(env: NodeJS.ProcessEnv): Promise<Machine> {
  const home = homeOf(env);
  const found = await Promise.all(programs.map(async (name) => [name, await isInstalled(name, env)] as const));
  return {
    root: process.getuid?.() === 0,
    system: await systemName(),
    home,
    systemd: await exists('/run/systemd/system'),
    programs: Object.fromEntries(found) as Machine['programs'],
    packageLists: (await readdir('/var/lib/apt/lists').catch(() => [])).some((name) => /_(?:Packages|InRelease)/.test(name)),
    certificates: await exists('/etc/ssl/certs/ca-certificates.crt'),
    appArmor: (await textOf('/sys/module/apparmor/parameters/enabled')).startsWith('Y'),
    hybridCgroups: (await exists('/sys/fs/cgroup/unified')) && !(await exists('/sys/fs/cgroup/cgroup.controllers')),
    engine: await findEngine(env),
    engineSetting: candidates(env).setting,
    homeProblem: await problemOfHome(home),
    freeMb: await freeMbOf(home),
    systemFreeMb: await freeMbOf('/var/lib'),
    listen: await listenOf(env, home),
  };
}

async function isInstalled(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  for (const folder of fullPath(env).split(':')) if (folder !== '' && (await exists(join(folder, name), constants.X_OK))) return true;
  return false;
}

function exists(path: string, mode = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

async function systemName(): Promise<string> {
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(await textOf('/etc/os-release'))?.[1] ?? `${process.platform} ${process.arch}`;
}

async function freeMbOf(folder: string): Promise<number> {
  for (let path = folder; ; path = dirname(path)) {
    const found = await statfs(path).catch(() => null);
    if (found !== null) return Math.floor((found.bavail * found.bsize) / 1_000_000);
    if (path === dirname(path)) return 0;
  }
}

/** Why the state folder cannot be used; null when it can, or can be made. */
async function problemOfHome(home: string): Promise<string | null> {
  if (!home.startsWith('/')) return 'it is not an absolute path';
  for (let path = home; ; path = dirname(path)) {
    if (await exists(path)) return problemOfFolder(path);
    if (path === dirname(path)) return 'it cannot be made';
  }
}

async function problemOfFolder(path: string): Promise<string | null> {
  if (!(await exists(`${path}/.`))) return `${path} is not a folder`;
  return (await exists(path, constants.W_OK | constants.X_OK)) ? null : `${path} is not writable`;
}

/**
 * A wrong BELUGA_LISTEN is refused by the server, which says why. A server that was just killed holds its port for some moments more,
 * while the kernel has forgotten its name already: that is waited out.
 */
async function listenOf(env: NodeJS.ProcessEnv, home: string): Promise<Listen> {
  const [, host = '127.0.0.1', port = '4600'] = /^\[?([^\]]+)\]?:([0-9]+)$/.exec(env['BELUGA_LISTEN'] ?? '') ?? [];
  const address = { host, port: Number(port) };
  for (const startedMs = performance.now(); ; await wait(50)) {
    if (address.port > 65_535 || (await isFree(host, address.port))) return { ...address, state: 'free', holder: null };
    const server = await readServerFile(home);
    const holder = await holderOf(address.port);
    if (server !== null && runs(server) && new URL(server.url).port === port) return { ...address, state: 'ours', holder };
    const dying = holder === null || (server !== null && holder.endsWith(` process ${server.pid}`));
    if (!dying || performance.now() - startedMs > dyingMs) return { ...address, state: 'taken', holder };
  }
}
