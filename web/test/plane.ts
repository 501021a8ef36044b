/**
 * A platform for the console's tests: the real interface, loop and database, the built console, and the simulated engine, whose steps can
 * be made slow enough to be watched.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformOf } from '@beluga/contract/platform';
import type { PlatformFile } from '@beluga/contract/platform-schema';
import type { Context } from '../../server/src/actions/context.ts';
import { makeSignInLink } from '../../server/src/actions/open-session.ts';
import { registerRelease } from '../../server/src/actions/register-release.ts';
import { requestDeployment } from '../../server/src/actions/request-deployment.ts';
import { createApi } from '../../server/src/api/api.ts';
import { namePurl } from '../../server/src/domain/purl.ts';
import { openConsole } from '../../server/src/drivers/console/built/built-console.ts';
import { createSimulatedEngine, type SimulatedEngine } from '../../server/src/drivers/engine/simulated/simulated.ts';
import { createSimulatedRegistry } from '../../server/src/drivers/registry/simulated/simulated-registry.ts';
import { BelugaError } from '../../server/src/errors.ts';
import { outletsOf } from '../../server/src/outlets.ts';
import { createPlane, quickPace, specOf } from '../../server/src/reconcile/for-tests.ts';
import { type Loop, startLoop } from '../../server/src/reconcile/loop.ts';
import { type TestDatabase, withDatabase } from '../../server/src/store/postgres/for-tests.ts';

const built = join(import.meta.dirname, '..', 'dist');

export class Plane {
  readonly context: Context;
  readonly engine: SimulatedEngine;
  readonly database: TestDatabase;
  readonly #registry = createSimulatedRegistry();
  /** How long each step takes, in milliseconds. */
  stepMs = 0;
  /** How far its clock is ahead of the machine's. */
  aheadHours = 0;
  #app: Awaited<ReturnType<typeof createApi>> | null = null;
  #loop: Loop | null = null;
  #port = 0;
  readonly #moves: boolean;
  /** Of the person that the links sign in. */
  readonly token = 'the-token-of-lea';

  private constructor(database: TestDatabase, moves: boolean, { platform = null, variables = {} }: Opening) {
    this.database = database;
    this.#moves = moves;
    this.engine = createSimulatedEngine({
      now: () => new Date().toISOString(),
      behaves: (workload) => (workload.version === '9.9.9' ? refusal(workload.component) : null),
    });
    const perform = this.engine.perform.bind(this.engine);
    this.engine.perform = async (...given) => {
      if (this.stepMs > 0) await sleep(this.stepMs, undefined, { signal: given[2] });
      return perform(...given);
    };
    const now = (): Temporal.Instant => Temporal.Now.instant().add({ hours: this.aheadHours });
    const known = platformOf(platform);
    const outlets = outletsOf(known, variables, now);
    const drivers = { telemetry: { measure }, registry: this.#registry, outlets };
    this.context = createPlane(database, this.engine, { ...drivers, pause, now, platform: known }).context;
  }

  /** Without its loop nothing moves and nothing is looked at: for an estate that was only written. */
  static async open(opening: Opening = {}): Promise<Plane> {
    const plane = new Plane(await withDatabase(), opening.loop ?? true, opening);
    await plane.start();
    return plane;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const { tokens } = this.context.store;
    await tokens.add(this.token, 'lea', '2026-01-01T00:00:00Z');
    this.#app = await createApi(this.context, { tokens: tokens.owner, version: '1.2.3', otherwise: await openConsole(built) });
    await this.#app.listen({ host: '127.0.0.1', port: this.#port });
    this.#port = Number(new URL(this.#app.listeningOrigin).port);
    if (!this.#moves) return;
    this.#loop = startLoop(this.context, `console-test-${Date.now()}`, { ...quickPace, leaseMs: 2_000, driftMs: 1_000 });
  }

  /** What a server does that ends: streams are cut, what moves is left to the next one. */
  async stop(): Promise<void> {
    await Promise.all([this.#loop?.stop(), this.#app?.close()]);
    this.#app = null;
    this.#loop = null;
  }

  async deploy(component: string, version: string, environment: string): Promise<string> {
    return (await requestDeployment(this.context, 'lea', { component, version, environment })).id;
  }

  /** A link that signs a browser in. */
  async link(path = '/', who = 'lea'): Promise<string> {
    const { code } = await makeSignInLink(this.context, who);
    return `${this.url}${path}#sign-in=${code}`;
  }

  async release(name: string, version: string, changes: ReleaseChanges = {}): Promise<void> {
    const { system = 'contrats', env = {}, subject = `feat: ${version}`, socle = 'socle', packages = [], ...shape } = changes;
    const spec = {
      ...specOf(name, shape),
      system,
      team: 'Équipe Horizon',
      config: { env: { LOG_LEVEL: 'info', ...env }, files: [], secrets: [{ name: 'database', ref: 'vault:contrats/database' }] },
    };
    const hash = this.context.hash;
    const at = new Date().toISOString();
    this.#registry.hold({ packages: packages.map(packageOf) });
    await registerRelease(this.context, 'lea', {
      ...{ spec, version, image: `127.0.0.1:4600/${system}/${name}@${hash(name + version)}` },
      layers: [
        { storey: 'vendor', sizeBytes: 42_300_000, digest: hash('vendor') },
        { storey: 'socle', sizeBytes: 1_800_000, digest: hash(socle) },
        { storey: 'dependencies', sizeBytes: 9_400_000, digest: hash(`packages ${name}`) },
        { storey: 'application', sizeBytes: 68_000, digest: hash(`application ${name} ${version}`) },
      ],
      commit: { id: hash(name + version).slice(7, 47), branch: 'main', subject, author: 'Léa', at },
    });
  }
}

type Opening = {
  readonly loop?: boolean;
  readonly platform?: PlatformFile | null;
  /** What the environment of the server holds for its channels. */
  readonly variables?: Readonly<Record<string, string>>;
};
type ReleaseChanges = NonNullable<Parameters<typeof specOf>[1]> & {
  readonly system?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly subject?: string;
  /** Of its image, as package URLs. */
  readonly packages?: readonly string[];
  /** What its socle is made of. */
  readonly socle?: string;
};

function packageOf(purl: string) {
  const { base, version } = namePurl(purl);
  return { purl, name: base.split('/').at(-1) ?? '', version, storey: 'dependencies' as const, layer: '' };
}

function refusal(component: string) {
  return new BelugaError(
    'never-ready',
    { instance: `${component}-1`, seconds: 30, problem: 'connection refused', port: 8080 },
    { log: ['Error: listen EACCES', '    at Server.listen (node:net:2101)'] },
  );
}

/** Time passes quicker: half a second of measuring is a tenth here. */
const pause: Context['pause'] = (ms, signal) => sleep(ms > 500 ? ms : Math.min(ms, 100), undefined, signal === undefined ? {} : { signal });

/** A ledger that grows with time, as a real one does. */
function measure() {
  const startedAt = Date.now();
  const reading = () => ({
    sent: 20 + Math.floor((Date.now() - startedAt) / 10),
    failed: 0,
    failures: {},
    longestGapMs: 24,
    p50Ms: 1.3,
    p99Ms: 5.1,
  });
  return { reading, enter: () => undefined, stop: async () => reading() };
}
