/** A whole platform for a test: an engine of its own, the server as a process, a socle, and images made on the spot. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient, type DeploymentView, readManifest } from '@beluga/contract';
import { assembleNodeBase } from '@beluga/oci/base';
import { buildApplication } from '@beluga/oci/build';
import { pushImage } from '@beluga/oci/push';
import { Registry } from '@beluga/oci/registry';
import { type ClaimedPorts, claimPorts } from '../src/drivers/engine/docker/rig/ports.ts';
import { openRealEngine, type RealEngine } from '../src/drivers/engine/docker/rig/real-engine.ts';

const program = join(import.meta.dirname, '..', 'src', 'main.ts');
const startMs = 30_000;
const endMs = 60_000;

export class Platform {
  readonly home: string;
  readonly real: RealEngine;
  readonly host: string;
  readonly #ports: ClaimedPorts;
  #server: ChildProcess | null = null;
  #token = '';
  #socle = '';

  readonly #more: NodeJS.ProcessEnv;

  private constructor(home: string, real: RealEngine, ports: ClaimedPorts, more: NodeJS.ProcessEnv) {
    this.#more = more;
    this.home = home;
    this.real = real;
    this.host = `127.0.0.1:${ports.last}`;
    this.#ports = ports;
  }

  /** With settings of its own it gets no socle, as another registry may be among them, unless they go with the text of a platform.yaml. */
  static async open(more: NodeJS.ProcessEnv = {}, file: string | null = null, kind: RealEngine['kind'] = 'docker'): Promise<Platform> {
    const real = await openRealEngine(kind);
    const home = await mkdtemp(join(tmpdir(), 'bs-'));
    await chmod(home, 0o755);
    if (file !== null) await writeFile(join(home, 'platform.yaml'), file);
    const platform = new Platform(home, real, await claimPorts(24), more);
    try {
      await platform.start();
      if (file !== null || Object.keys(more).length === 0) await platform.#makeSocle();
      return platform;
    } catch (error) {
      await platform.close();
      throw error;
    }
  }

  /** Starts the server and waits until it answers. */
  async start(): Promise<void> {
    this.#server = this.#run([]);
    const client = createClient({ url: `http://${this.host}`, timeoutMs: 2_000 });
    for (const since = performance.now(); ; await sleep(50)) {
      if (
        await client.health().then(
          () => true,
          () => false,
        )
      )
        break;
      if (performance.now() - since > startMs || (this.#server.exitCode ?? null) !== null)
        throw new Error(`the server did not start: ${await this.log()}`);
    }
    this.#token = (await readFile(join(this.home, 'token'), 'utf8')).trim();
  }

  /** kill -9 of the server; resolves when it is gone. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    const stopping = this.#run(['stop']);
    await new Promise((resolve) => stopping.once('exit', resolve));
    await this.#ports.release();
    await this.real.close();
    await rm(this.home, { recursive: true, force: true });
  }

  client(): Client {
    return createClient({ url: `http://${this.host}`, token: this.#token });
  }

  /** Builds and registers a component: its files, its beluga.yaml. */
  async release(version: string, manifest: string, files: Readonly<Record<string, string>>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'beluga-component-'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const read = readManifest(manifest, 'beluga.yaml');
    const built = await buildApplication({
      ...{ folder, socle: this.#socle, registry: this.host, repository: `test/${read.metadata.name}` },
      registryOptions: this.registryOptions(),
      cache: join(this.home, 'cache'),
    });
    await rm(folder, { recursive: true });
    const layers = built.layers.map(({ digest, sizeBytes, storey }) => ({ digest, sizeBytes, storey }));
    await this.client().registerRelease({ manifest: read, version, image: built.image, layers, commit: null });
  }

  /** Waits until a deployment has ended, over restarts of the server. */
  async ended(id: string): Promise<DeploymentView> {
    for (const since = performance.now(); ; await sleep(50)) {
      const deployment = await this.client()
        .showDeployment({ id })
        .catch(() => null);
      if (deployment !== null && deployment.state !== 'waiting' && deployment.state !== 'running') return deployment;
      if (performance.now() - since > endMs)
        throw new Error(`deployment ${id} did not end: ${JSON.stringify(deployment?.steps)} ${await this.log()}`);
    }
  }

  async deploy(component: string, version: string, environment: string): Promise<DeploymentView> {
    const { id } = await this.client().requestDeployment({ component, version, environment });
    return this.ended(id);
  }

  async log(): Promise<string> {
    return (await readFile(join(this.home, 'server.log'), 'utf8')).split('\n').slice(-15).join('\n');
  }

  async #makeSocle(): Promise<void> {
    const base = await assembleNodeBase(process.execPath, { cache: join(this.home, 'cache') });
    const registry = new Registry(this.host, this.registryOptions());
    const { image, layers: pushed } = await pushImage(base, registry, 'vendor/node');
    registry.close();
    this.#socle = image;
    const layers = pushed.map(({ digest, sizeBytes, storey }) => ({ digest, sizeBytes, storey }));
    await this.client().recordSocle({ name: 'node-26', image, vendor: image, layers, runtime: { node: '26' } });
  }

  /** How a client of the registry logs in. */
  registryOptions() {
    return { credentials: { kind: 'password' as const, username: 'beluga', password: this.#token } };
  }

  #run(words: readonly string[]): ChildProcess {
    const log = openSync(join(this.home, 'server.log'), 'a');
    const env = {
      ...process.env,
      ...{ BELUGA_HOME: this.home, BELUGA_LISTEN: this.host, BELUGA_APPLICATION_PORTS: `${this.#ports.first}-${this.#ports.last - 1}` },
      ...{ BELUGA_ENGINE_SOCKET: this.real.socket, BELUGA_PLATFORM: 'bs', DATABASE_URL: '' },
      ...this.#more,
    };
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', log, log], env });
    closeSync(log);
    return child;
  }
}
