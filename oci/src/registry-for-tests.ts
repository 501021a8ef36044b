/** What the tests of images stand on: temporary folders, and real registries on ephemeral ports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startRegistry } from '../../server/src/drivers/registry/embedded/registry-for-tests.ts';
import type { Credentials } from './credentials.ts';

export interface TestRegistry {
  readonly host: string;
  readonly credentials?: Credentials;
}

/** Every registry that the library is held to. */
export const registries: readonly { readonly name: string; readonly start: (t: TestContext) => Promise<TestRegistry> }[] = [
  { name: "Debian's docker-registry", start: (t) => startDockerRegistry(t) },
  {
    name: 'the embedded registry',
    start: async (t) => ({
      host: (await startRegistry(t)).host,
      credentials: { kind: 'password', username: 'beluga', password: 'secret' },
    }),
  },
];

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'beluga-oci-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts Debian's docker-registry; it is stopped after the test. Fails with the reason when it is not installed. */
export async function startDockerRegistry(
  t: TestContext,
  options: DockerRegistryOptions = {},
): Promise<TestRegistry & { kill(): Promise<void> }> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'beluga-oci-')));
  const configuration = {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: `${folder}/content` }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${options.port ?? 0}` },
    ...options.configuration,
  };
  await writeFile(`${folder}/config.yml`, JSON.stringify(configuration));
  const child = spawn('docker-registry', ['serve', `${folder}/config.yml`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  const kill = () => killed(child);
  // In one hook: the folder can only go when nobody writes to it any more.
  t.after(async () => {
    await kill();
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  });
  return { host: await listening(child), kill };
}

export interface DockerRegistryOptions {
  readonly folder?: string;
  readonly port?: number;
  readonly configuration?: object;
}

/** A proxy before a registry that a test can make fail: `cut` says, of the bytes sent so far on one connection, when to break it. */
export async function startFailingProxy(t: TestContext, to: string, cut: (sentBytes: number) => boolean): Promise<string> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const { hostname, port } = new URL(`http://${to}`);
    const upstream = connect(Number(port), hostname);
    let sentBytes = 0;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => [client, upstream].map((one) => one.destroy()));
    }
    client.on('data', (part) => {
      sentBytes += part.length;
      if (cut(sentBytes)) client.destroy();
      else upstream.write(part);
    });
    upstream.pipe(client);
  });
  t.after(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return `127.0.0.1:${await portOf(server)}`;
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function listening(child: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    let log = '';
    const read = (part: Buffer) => {
      log += part.toString('utf8');
      const found = /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', (error) =>
      reject(new Error('docker-registry cannot be started; install it: apt-get install docker-registry', { cause: error })),
    );
    child.on('exit', (code) => reject(new Error(`docker-registry ended with ${code}: ${log.slice(-500)}`)));
  });
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
