/**
 * The server: settings, drivers, then the web and the workers. The only file that knows everything.
 *
 *   node main.ts        serves until SIGTERM; what runs, the router and the database go on without it
 *   node main.ts stop   stops what this platform runs on this machine: instances, router, embedded database; data are kept
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlatformError, platformOf, readPlatform } from '@beluga/contract/platform';
import pino from 'pino';
import type { Context } from './actions/context.ts';
import { keepLog } from './actions/keep-log.ts';
import { createApi } from './api/api.ts';
import { stamp } from './domain/stamp.ts';
import { openConsole } from './drivers/console/built/built-console.ts';
import { createDockerEngine } from './drivers/engine/docker/docker-engine.ts';
import type { RegistryAccess } from './drivers/engine/engine.ts';
import { openEmbeddedLogs } from './drivers/logs/embedded/embedded-logs.ts';
import type { Logs } from './drivers/logs/logs.ts';
import { openLocalSecrets } from './drivers/secret/local/local-secrets.ts';
import { openFileSigner } from './drivers/signer/file/file-signer.ts';
import type { Signer } from './drivers/signer/signer.ts';
import { createVaultSigner } from './drivers/signer/vault/vault-signer.ts';
import { createProber } from './drivers/telemetry/prober/prober.ts';
import { BelugaError } from './errors.ts';
import { outletsOf } from './outlets.ts';
import { startLoop } from './reconcile/loop.ts';
import { openAddresses } from './reconcile/open-address.ts';
import { openRegistry } from './registries.ts';
import { readSettings, type Settings } from './settings.ts';
import { type Database, openDatabase } from './store/database.ts';
import { migrate } from './store/migrate.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from './store/postgres/embedded.ts';
import { boundLog } from './store/postgres/log-file.ts';
import { createStore } from './store/store.ts';

const version = '0.1.0';

const consoleFolder = join(import.meta.dirname, '..', '..', 'web', 'dist');
const settings = orExit(() => readSettings(process.env));
const log = pino({ level: settings.logLevel });
const { platform, platformFile } = await readPlatformFile(settings.platformFile).catch(exitWith);
const environments = platform.environments.map(({ name }) => name);
/** Time, chance and the server's own log. */
const surroundings: Pick<Context, 'now' | 'pause' | 'newId' | 'newSecret' | 'hash' | 'log'> = {
  now: () => Temporal.Now.instant(),
  pause: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
  newId,
  newSecret,
  hash: sha256Of,
  log: {
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  },
};

try {
  await (process.argv[2] === 'stop' ? stopEverything() : serve());
} catch (error) {
  exitWith(error);
}

async function serve(): Promise<void> {
  await mkdir(settings.home, { recursive: true });
  const { database, release } = await openStore();
  const store = createStore(database.kysely, database.listen);
  const token = await readOrMakeToken(settings.home);
  await store.tokens.add(token, 'owner', stamp(Temporal.Now.instant()));
  const opened = await openRegistry(settings, {
    version,
    token,
    tokens: store.tokens,
    warn: (fields, message) => log.warn(fields, message),
  });
  const { registry, beside } = opened;
  const engine = openEngine(opened.access);
  const logs = openLogs();
  const context: Context = {
    outlets: outletsOf(platform, process.env, () => Temporal.Now.instant()),
    ...{ store, engine, logs, registry, environments, platform, platformFile, version },
    signer: await openSigner(),
    secrets: await openLocalSecrets(join(settings.home, 'secret-prints.key')),
    telemetry: createProber(),
    ...surroundings,
  };
  const api = await createApi(context, {
    tokens: store.tokens.owner,
    version,
    beside: [beside],
    otherwise: await openConsole(consoleFolder),
  });
  await api.listen({ host: settings.listen.host, port: settings.listen.port }).catch(refusePort);
  await announce();
  await openEngineUp(context);
  keepLogsSmall();
  const loop = startLoop(context, `${process.pid}-${randomBytes(4).toString('hex')}`);
  log.info({ url: `http://${settings.address}` }, 'Beluga serves');
  await terminated();
  log.info({}, 'Beluga ends; what runs goes on');
  await Promise.race([Promise.all([loop.stop(), api.close()]), sleep(5_000)]);
  opened.close();
  await logs.close();
  await database.close();
  await release();
  await rm(join(settings.home, 'server.json'), { force: true });
  process.exit(0);
}

/** What is appended to for as long as this server and the router live. */
function keepLogsSmall(): void {
  const logs = [join(settings.home, 'server.log'), join(settings.home, 'router', 'haproxy.log')];
  const bound = () =>
    logs.forEach((path) => void boundLog(path).catch((error: unknown) => log.warn({ path, error: String(error) }, 'a log grows')));
  setInterval(bound, 600_000).unref();
}

/** The engine may be away at start: the loop waits for it, the API says so. */
async function openEngineUp(context: Context): Promise<void> {
  try {
    await context.engine.prepare(environments);
    await openAddresses(context);
  } catch (error) {
    context.log.error({ error: String(error) }, 'the engine is not ready; its addresses open when it is');
  }
}

function openEngine(registryAccess: RegistryAccess): Context['engine'] {
  const { engineSocket: socket, platform: name, home, applicationPorts: ports } = settings;
  return createDockerEngine({ socket, platform: name, home, ports, registryAccess, environments, log });
}

function openLogs(): Logs {
  const warn = (fields: object, message: string) => log.warn(fields, message);
  return openEmbeddedLogs({ folder: join(settings.home, 'logs'), limitBytes: settings.logsBytes, warn });
}

async function openSigner(): Promise<Signer> {
  const { signingKey: key } = settings;
  if (key.kind === 'file') return openFileSigner(key.path, { make: !key.named });
  return createVaultSigner({ ...key, token: async () => (await readFile(key.tokenFile, 'utf8')).trim() });
}

async function openStore(): Promise<{ database: Database; release: () => Promise<void> }> {
  const embedded = settings.databaseUrl === null ? await startEmbeddedPostgres({ folder: join(settings.home, 'postgres'), log }) : null;
  const database = openDatabase({ url: embedded?.url ?? settings.databaseUrl ?? '', log });
  const applied = await migrate(database.pool);
  if (applied.length > 0) log.info({ applied }, 'The database was migrated.');
  return { database, release: async () => embedded?.release() };
}

async function stopEverything(): Promise<void> {
  const engine = openEngine({ host: '', login: async () => null });
  const logs = openLogs();
  engine.beforeRemoval((place, instance) => keepLog({ engine, logs }, place, instance));
  await engine.shutDown().catch((error: unknown) => log.warn({ error: String(error) }, 'the engine could not be asked to stop what runs'));
  await logs.close();
  if (settings.databaseUrl === null) await stopEmbeddedPostgres({ folder: join(settings.home, 'postgres') });
}

/** The platform as code; without a file the embedded default. */
async function readPlatformFile({ path, named }: Settings['platformFile']): Promise<Pick<Context, 'platform' | 'platformFile'>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && !named) return null;
    throw new BelugaError('platform-file-unreadable', { file: path, problem: error.message }, { cause: error });
  });
  try {
    const file = text === null ? null : { path, digest: sha256Of(text) };
    return { platform: platformOf(text === null ? null : readPlatform(text, path)), platformFile: file };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    throw new BelugaError('platform-file-wrong', { problem: error.message.replace(/\.$/, '') }, { cause: error });
  }
}

async function readOrMakeToken(home: string): Promise<string> {
  const path = join(home, 'token');
  const known = await readFile(path, 'utf8').catch(() => '');
  if (known.trim() !== '') return known.trim();
  const token = newSecret();
  await writeFile(path, `${token}\n`, { mode: 0o600 });
  await chmod(path, 0o600);
  return token;
}

/** Tells where this server is, for the command on the same machine. */
async function announce(): Promise<void> {
  const path = join(settings.home, 'server.json');
  const url = `http://${settings.listen.host}:${settings.listen.port}`;
  const startedAt = new Date(performance.timeOrigin).toISOString();
  await writeFile(`${path}.new`, `${JSON.stringify({ pid: process.pid, url, version, startedAt })}\n`);
  await rename(`${path}.new`, path);
}

function sha256Of(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function newSecret(): string {
  return `beluga_${randomBytes(32).toString('base64url')}`;
}

/** Sortable by time: 48 bits of milliseconds, then 50 random bits, in base 32. */
function newId(prefix: string): string {
  const time = Date.now().toString(32).padStart(10, '0');
  return `${prefix}-${time}${BigInt(`0x${randomBytes(8).toString('hex')}`)
    .toString(32)
    .padStart(13, '0')
    .slice(-10)}`;
}

function refusePort(error: unknown): never {
  if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
  const { host, port } = settings.listen;
  throw new BelugaError('port-taken', { host, port, setting: 'BELUGA_LISTEN' }, { cause: error });
}

function terminated(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

function orExit(read: () => Settings): Settings {
  try {
    return read();
  } catch (error) {
    return exitWith(error);
  }
}

function exitWith(error: unknown): never {
  const known = error instanceof BelugaError;
  const detail = known
    ? { code: error.code, detail: error.message, remedy: error.remedy }
    : { code: 'internal', detail: String((error as Error).stack ?? error) };
  process.stderr.write(`${JSON.stringify({ level: 60, ...detail })}\n`);
  process.exit(1);
}
