/** A platform with a socle whose address is the proxy that counts, so that everybody's requests go through it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@beluga/contract';
import { assembleNodeBase } from '@beluga/oci/base';
import { pushImage } from '@beluga/oci/push';
import { Registry } from '@beluga/oci/registry';
import { type CountingProxy, openCountingProxy } from './counting-proxy.ts';

export type BenchPlatform = {
  readonly proxy: CountingProxy;
  readonly token: string;
  /** The socle's image, by digest. */
  readonly socle: string;
  readonly registry: Registry;
  /** Of the server. */
  readonly pid: number;
  close(): Promise<void>;
};

const program = join(import.meta.dirname, '..', '..', 'server', 'src', 'main.ts');
const startMs = 120_000;

export async function openPlatform(folder: string): Promise<BenchPlatform> {
  const home = join(folder, 'platform');
  mkdirSync(home, { mode: 0o755 });
  const listen = `127.0.0.1:${await freePort()}`;
  const proxy = await openCountingProxy(listen);
  const env = { BELUGA_HOME: home, BELUGA_LISTEN: listen, BELUGA_ADDRESS: proxy.host, BELUGA_PLATFORM: 'bench', DATABASE_URL: '' };
  const server = start(home, { ...process.env, ...env, BELUGA_ENGINE_SOCKET: join(home, 'no-engine.sock') });
  try {
    await answering(listen, home);
  } catch (error) {
    await ended(server);
    await ended(start(home, { ...process.env, ...env }, 'stop'), null);
    throw error;
  }
  const token = readFileSync(join(home, 'token'), 'utf8').trim();
  const registry = new Registry(proxy.host, { credentials: { kind: 'password', username: 'beluga', password: token } });
  const base = await assembleNodeBase(process.execPath, { cache: join(home, 'cache') });
  const { image, layers } = await pushImage(base, registry, 'vendor/node');
  const recorded = layers.map(({ digest, sizeBytes, storey }) => ({ digest, sizeBytes, storey }));
  await createClient({ url: `http://${proxy.host}`, token }).recordSocle({
    name: 'node-26',
    image,
    vendor: image,
    layers: recorded,
    runtime: { node: '26' },
  });
  return {
    ...{ proxy, token, registry, socle: image, pid: server.pid ?? 0 },
    async close() {
      registry.close();
      await proxy.close();
      await ended(server);
      await ended(start(home, { ...process.env, ...env, BELUGA_ENGINE_SOCKET: join(home, 'no-engine.sock') }, 'stop'), null);
    },
  };
}

function start(home: string, env: NodeJS.ProcessEnv, ...words: readonly string[]): ChildProcess {
  const log = openSync(join(home, 'server.log'), 'a');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...words], { stdio: ['ignore', log, log], env });
  closeSync(log);
  return child;
}

async function answering(host: string, home: string): Promise<void> {
  const client = createClient({ url: `http://${host}`, timeoutMs: 2_000 });
  for (const since = performance.now(); performance.now() - since < startMs; await sleep(50)) {
    const answers = await client.health().then(
      () => true,
      () => false,
    );
    if (answers) return;
  }
  throw new Error(`the server did not start: ${readFileSync(join(home, 'server.log'), 'utf8').slice(-2_000)}`);
}

async function ended(child: ChildProcess, signal: NodeJS.Signals | null = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (signal !== null) child.kill(signal);
  await gone;
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
