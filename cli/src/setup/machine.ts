/** What this machine has and lacks, looked at without changing anything. */
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { homeOf, lives, readServerFile } from '../platform/home.ts';
import { type Answer, candidates, findEngine } from './engine-socket.ts';

export type Machine = {
  readonly root: boolean;
  readonly system: string;
  readonly home: string;
  readonly apt: boolean;
  readonly systemd: boolean;
  readonly programs: Readonly<Record<Program, boolean>>;
  readonly engine: Answer;
  /** The setting that named the engine's socket. */
  readonly engineSetting: string | null;
  readonly homeProblem: string | null;
  readonly freeMb: number;
  readonly listen: { readonly host: string; readonly port: number; readonly state: 'free' | 'ours' | 'taken' };
};
export type Program = 'haproxy' | 'dockerd' | 'podman' | 'git' | 'iptables';

/** What an installation takes at most: engine, router, database and the images of the demo. */
export const neededMb = 2_500;

export async function inspectMachine(env: NodeJS.ProcessEnv): Promise<Machine> {
  const home = homeOf(env);
  const installed = (name: string): Promise<boolean> => isInstalled(name, env);
  const [haproxy, dockerd, podman, git, iptables, apt] = await Promise.all(
    ['haproxy', 'dockerd', 'podman', 'git', 'iptables', 'apt-get'].map(installed),
  );
  return {
    root: process.getuid?.() === 0,
    system: `${process.platform} ${process.arch}`,
    home,
    apt: apt === true,
    systemd: await exists('/run/systemd/system'),
    programs: {
      haproxy: haproxy === true,
      dockerd: dockerd === true,
      podman: podman === true,
      git: git === true,
      iptables: iptables === true,
    },
    engine: await findEngine(env),
    engineSetting: candidates(env).setting,
    homeProblem: await problemOfHome(home),
    freeMb: await freeMbOf(home),
    listen: await listenOf(env, home),
  };
}

async function isInstalled(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const folders = [...(env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/bin'];
  for (const folder of folders) if (folder !== '' && (await exists(join(folder, name), constants.X_OK))) return true;
  return false;
}

function exists(path: string, mode = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
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
  for (let path = home; ; path = dirname(path)) {
    if (await exists(path)) return (await exists(path, constants.W_OK | constants.X_OK)) ? null : `${path} is not writable`;
    if (path === dirname(path)) return 'it cannot be made';
  }
}

async function listenOf(env: NodeJS.ProcessEnv, home: string): Promise<Machine['listen']> {
  const [, host = '127.0.0.1', port = '4600'] = /^(.+):([0-9]+)$/.exec(env['BELUGA_LISTEN'] ?? '') ?? [];
  const address = { host, port: Number(port) };
  if (await isFree(host, address.port)) return { ...address, state: 'free' };
  const server = await readServerFile(home);
  const ours = server !== null && lives(server.pid) && new URL(server.url).port === port;
  return { ...address, state: ours ? 'ours' : 'taken' };
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Makes the state folder, readable by the account the database runs as. */
export async function makeHome(home: string): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o755 });
}
