/** What people write by hand: HAProxy before containers, switched through its runtime socket or by a reload. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../server/src/drivers/engine/docker/client.ts';
import { type Contender, environmentOf, readyPath, replicas } from './contender.ts';

type Server = { readonly slot: number; readonly container: ReturnType<Client['docker']['getContainer']>; readonly ip: string };
export type Ground = { readonly docker: Client['docker']; readonly image: string; readonly port: number };

const network = 'bench-peers';

/** The strongest hand-written script: starts side by side, asks each 25 ms, switches in one command, waits until nothing is in flight. */
export async function runtimeScript(ground: Ground): Promise<Contender> {
  return await byHand('haproxy script', ground, ['-db'], async (router, fresh, former) => {
    const ready = fresh.map(({ slot, ip }) => `set server app/s${slot} addr ${ip} port 8080;set server app/s${slot} state ready`);
    const drain = former.map(({ slot }) => `set server app/s${slot} state drain`);
    await router.ask([...ready, ...drain].join(';'));
    while (await router.busy(former)) await sleep(25);
    await router.ask(former.map(({ slot }) => `set server app/s${slot} state maint`).join(';'));
  });
}

/** The recipe of most tutorials: write the file anew and reload. */
export async function reloadRecipe(ground: Ground): Promise<Contender> {
  return await byHand('haproxy reload', ground, ['-W', '-db'], async (router, fresh) => {
    await router.reload(fresh);
    await sleep(500);
  });
}

/** Nothing else: the least that brings requests to some instances. */
export async function haproxyAlone(port: number, ips: readonly string[]) {
  const router = await startHaproxy(
    port,
    ['-db'],
    ips.map((ip, index) => ({ slot: index + 1, ip })),
  );
  return { address: `http://127.0.0.1:${port}`, pid: router.pid, close: router.stop };
}

type Switch = (router: HandRouter, fresh: readonly Server[], former: readonly Server[]) => Promise<void>;

async function byHand(name: string, ground: Ground, words: readonly string[], turn: Switch): Promise<Contender> {
  const { docker, image } = ground;
  await docker.createNetwork({ Name: network, Driver: 'bridge', CheckDuplicate: true }).catch(() => {});
  let generation = 0;
  const start = async (version: string): Promise<readonly Server[]> => {
    const first = ((generation += 1) % 2) * replicas + 1;
    return await Promise.all(
      Array.from({ length: replicas }, async (_, index): Promise<Server> => {
        const Env = Object.entries(environmentOf(version)).map(([key, value]) => `${key}=${value}`);
        const HostConfig = { NetworkMode: network, RestartPolicy: { Name: 'always' } };
        const container = await docker.createContainer({ Image: image, Env, HostConfig });
        await container.start();
        const ip = (await container.inspect()).NetworkSettings.Networks[network]?.IPAddress ?? '';
        while (!(await answers(ip))) await sleep(25);
        return { slot: first + index, container, ip };
      }),
    );
  };
  const end = async (some: readonly Server[]) => {
    await Promise.all(
      some.map(async ({ container }) => {
        await container.stop({ t: 10 }).catch(() => {});
        await container.remove({ force: true });
      }),
    );
  };
  let current = await start('1');
  const router = await startHaproxy(ground.port, words, current);
  return {
    name,
    reachable: true,
    address: `http://127.0.0.1:${ground.port}`,
    async replace(version) {
      const fresh = await start(version);
      await turn(router, fresh, current);
      await end(current);
      current = fresh;
    },
    async kill(what) {
      const found = await Promise.all(current.slice(0, what === 'one' ? 1 : replicas).map(({ container }) => container.inspect()));
      for (const { State } of found) if (State.Pid > 0) process.kill(State.Pid, 'SIGKILL');
    },
    killRouter: async () => await router.kill(),
    whole: async () => await router.serves(current),
    async close() {
      await router.stop();
      await end(current);
    },
  };
}

type Behind = Pick<Server, 'slot' | 'ip'>;
type HandRouter = {
  pid(): Promise<number>;
  ask(commands: string): Promise<string>;
  busy(servers: readonly Server[]): Promise<boolean>;
  serves(servers: readonly Server[]): Promise<boolean>;
  reload(servers: readonly Server[]): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
};

async function startHaproxy(port: number, words: readonly string[], servers: readonly Behind[]): Promise<HandRouter> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-haproxy-'));
  const [socket, file] = [join(folder, 'admin.sock'), join(folder, 'haproxy.cfg')];
  await writeFile(file, configuration(socket, port, servers));
  const child = spawn('sh', ['-c', keeper, 'bench-haproxy', ...words, '-f', file], { stdio: 'ignore', detached: true });
  const ask = async (commands: string) => await exchange(socket, commands);
  const pid = async () => Number(/^Pid: (\d+)/m.exec(await ask('show info'))?.[1]);
  const rows = async () => (await ask('show stat app 4 -1')).split('\n').map((line) => line.split(','));
  while (!(await ask('show info').catch(() => ''))) await sleep(20);
  return {
    ask,
    pid,
    async busy(some) {
      return (await rows()).some((cells) => some.some(({ slot }) => cells[1] === `s${slot}`) && Number(cells[4]) > 0);
    },
    async serves(some) {
      const up = (await rows().catch(() => [])).filter((cells) => cells[17] === 'UP').map((cells) => cells[1]);
      return some.every(({ slot }) => up.includes(`s${slot}`));
    },
    async kill() {
      process.kill(await pid(), 'SIGKILL');
    },
    async reload(some) {
      const before = /^Pid: (\d+)/m.exec(await ask('show info'))?.[1];
      await writeFile(file, configuration(socket, port, some));
      process.kill(
        Number((await readFile(join('/proc', String(child.pid), 'task', String(child.pid), 'children'), 'utf8')).trim()),
        'SIGUSR2',
      );
      while (/^Pid: (\d+)/m.exec(await ask('show info').catch(() => `Pid: ${before}`))?.[1] === before) await sleep(20);
    },
    stop: async () => await ended(child, folder),
  };
}

/** Starts it again at once when it died, as a service manager without a pause would. */
const keeper = 'while :; do haproxy "$@"; done';

/** With health checks and retries, as careful people set it up. */
function configuration(socket: string, port: number, servers: readonly Behind[]): string {
  const used = servers.map(({ slot, ip }) => `  server s${slot} ${ip}:8080`);
  const free = Array.from({ length: replicas * 2 }, (_, index) => index + 1)
    .filter((slot) => !servers.some((server) => server.slot === slot))
    .map((slot) => `  server s${slot} 127.0.0.1:1 disabled`);
  return `global
  stats socket ${socket} mode 600 level admin expose-fd listeners
  maxconn 4000
  hard-stop-after 10s
defaults
  mode http
  balance roundrobin
  option redispatch 1
  retries 3
  retry-on conn-failure empty-response
  timeout connect 1s
  timeout client 1m
  timeout server 1m
  default-server check inter 250ms fastinter 50ms downinter 50ms fall 1 rise 1 observe layer4 error-limit 1 on-error mark-down
frontend f
  bind 127.0.0.1:${port}
  default_backend app
backend app
${[...used, ...free].join('\n')}
`;
}

function exchange(socket: string, commands: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const connection = connect(socket);
    connection.on('connect', () => connection.write(`${commands}\n`));
    connection.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    connection.on('end', () => resolve(answer));
    connection.on('error', reject);
  });
}

export function answers(ip: string, port = 8080): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: ip, port, path: readyPath, agent: false, timeout: 1_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
    asked.on('timeout', () => asked.destroy());
    asked.end();
  });
}

async function ended(child: ChildProcess, folder: string): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await exit;
  await rm(folder, { recursive: true, force: true });
}
