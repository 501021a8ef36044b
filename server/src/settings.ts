/** The settings: environment variables read once, at start, each wrong one refused in one sentence. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { BelugaError } from './errors.ts';

export type Settings = {
  /** State folder. */
  readonly home: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** The addresses of components on this machine. */
  readonly applicationPorts: { readonly first: number; readonly last: number };
  /** Null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Unix socket of Docker or Podman. */
  readonly engineSocket: string;
  /** Prefix and label of everything on the engine, so that several platforms share a machine. */
  readonly platform: string;
  readonly logLevel: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

export function readSettings(environment: Environment, root = process.getuid?.() === 0): Settings {
  return {
    home: environment.BELUGA_HOME ?? (root ? '/var/lib/beluga' : join(homedir(), '.local/state/beluga')),
    listen: readListen(environment.BELUGA_LISTEN ?? '127.0.0.1:4600'),
    applicationPorts: readPorts(environment.BELUGA_APPLICATION_PORTS ?? '21000-21127'),
    databaseUrl: readDatabaseUrl(environment.DATABASE_URL),
    engineSocket: readSocket(environment.BELUGA_ENGINE_SOCKET ?? environment.DOCKER_HOST ?? '/var/run/docker.sock'),
    platform: readPlatform(environment.BELUGA_PLATFORM ?? 'beluga'),
    logLevel: readLogLevel(environment.BELUGA_LOG_LEVEL ?? 'info'),
  };
}

function readListen(value: string): Settings['listen'] {
  const [, host, port] = /^(.+):([0-9]{1,5})$/.exec(value) ?? [];
  if (host === undefined || !isPort(Number(port))) throw wrong('BELUGA_LISTEN', value, 'it is not host:port', 'Write it as 127.0.0.1:4600.');
  return { host, port: Number(port) };
}

function readPorts(value: string): Settings['applicationPorts'] {
  const [, first, last] = /^([0-9]+)-([0-9]+)$/.exec(value)?.map(Number) ?? [];
  if (first === undefined || last === undefined || !isPort(first) || !isPort(last) || last < first) {
    throw wrong('BELUGA_APPLICATION_PORTS', value, 'it is not a range of ports', 'Write it as 21000-21127.');
  }
  return { first, last };
}

function readDatabaseUrl(value: string | undefined): string | null {
  if (value === undefined || value === '') return null;
  if (/^postgres(ql)?:\/\//.test(value) && URL.canParse(value)) return value;
  throw wrong('DATABASE_URL', 'set', 'it is not a PostgreSQL address', 'Write it as postgresql://user:password@host:5432/beluga.');
}

function readSocket(value: string): string {
  const path = value.replace(/^unix:\/\//, '');
  if (path.startsWith('/')) return path;
  throw wrong('BELUGA_ENGINE_SOCKET', value, 'it is not the path of a Unix socket', 'Write it as /var/run/docker.sock.');
}

function readPlatform(value: string): string {
  if (/^[a-z][a-z0-9-]{0,19}$/.test(value)) return value;
  throw wrong('BELUGA_PLATFORM', value, 'it is not a short name', 'Use at most 20 lower-case letters, digits and hyphens.');
}

function readLogLevel(value: string): string {
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
  if (levels.includes(value)) return value;
  throw wrong('BELUGA_LOG_LEVEL', value, 'it is not a level', `Choose one of: ${levels.join(', ')}.`);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function wrong(setting: string, value: string, problem: string, remedy: string): BelugaError {
  return new BelugaError('invalid-setting', { setting, value, problem, remedy });
}
