/**
 * The settings: environment variables read once, at start, each wrong one refused in one sentence.
 *
 * A table: a setting is a row with its variable, its default and its reader. What people decide together stands in `platform.yaml`.
 */
import { homedir } from 'node:os';
import { BelugaError } from './errors.ts';

export type LogLevel = (typeof logLevels)[number];

export type Settings = {
  /** State folder, absolute. */
  readonly home: string;
  /** Where `platform.yaml` is; only one that was named must be there. */
  readonly platformFile: { readonly path: string; readonly named: boolean };
  /** Of the API and the registry. */
  readonly listen: { readonly host: string; readonly port: number };
  /** `host:port` under which other machines reach both: images are named by it. */
  readonly address: string;
  /** The addresses of components on this machine, both included. */
  readonly applicationPorts: { readonly first: number; readonly last: number };
  /** Null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Unix socket of Docker or Podman. */
  readonly engineSocket: string;
  /** Null: the embedded registry. */
  readonly registry: RegistrySetting | null;
  /** Prefix and label of everything on the engine, so that several platforms share a machine. */
  readonly platform: string;
  /** The key with which the platform signs: in a file, made there when it was not named, or kept by Vault. */
  readonly signingKey: SigningKey;
  readonly logLevel: LogLevel;
  /** How much of the components' logs is kept in all, compressed. */
  readonly logsBytes: number;
};

/** A registry that serves instead of the embedded one. */
export type RegistrySetting = {
  /** `host` or `host:port`, as image references begin. */
  readonly host: string;
  /** What stands before every repository of the platform, `a/b`; may be empty. */
  readonly namespace: string;
  readonly plainHttp: boolean;
  /** Null: what Docker or Podman of this user keep. */
  readonly credentialsFile: string | null;
};

export type SigningKey =
  | { readonly kind: 'file'; readonly path: string; readonly named: boolean }
  | { readonly kind: 'vault'; readonly address: string; readonly mount: string; readonly key: string; readonly tokenFile: string };

/** What the settings depend on besides the variables. */
export type Machine = { readonly root: boolean; readonly homeFolder: string };

type Variables = Readonly<Record<string, string | undefined>>;

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Reads them all; an empty variable counts as absent. Throws `invalid-setting` on the first wrong one. */
export function readSettings(variables: Variables, machine: Machine = thisMachine()): Settings {
  const read = <T>(name: string, fallback: string, reader: (value: string, name: string) => T): T =>
    reader(variables[name] || fallback, name);
  const home = read('BELUGA_HOME', machine.root ? '/var/lib/beluga' : `${machine.homeFolder}/.local/state/beluga`, folderOf);
  const settings = {
    home,
    platformFile: { path: read('BELUGA_PLATFORM_FILE', `${home}/platform.yaml`, folderOf), named: Boolean(variables.BELUGA_PLATFORM_FILE) },
    listen: read('BELUGA_LISTEN', '127.0.0.1:4600', listenOf),
    address: read('BELUGA_ADDRESS', variables['BELUGA_LISTEN'] || '127.0.0.1:4600', addressOf),
    applicationPorts: read('BELUGA_APPLICATION_PORTS', '21000-21127', portsOf),
    databaseUrl: read('DATABASE_URL', '', databaseUrlOf),
    engineSocket: read('BELUGA_ENGINE_SOCKET', variables.DOCKER_HOST || '/var/run/docker.sock', socketOf),
    registry: registryOf(read),
    platform: read('BELUGA_PLATFORM', 'beluga', platformOf),
    signingKey: signingKeyOf(read, home, variables),
    logLevel: read('BELUGA_LOG_LEVEL', 'info', logLevelOf),
    logsBytes: read('BELUGA_LOGS_SIZE', '2GiB', sizeOf),
  };
  refuseOverlap(settings);
  return settings;
}

type Read = <T>(name: string, fallback: string, reader: (value: string, name: string) => T) => T;

function signingKeyOf(read: Read, home: string, variables: Variables): SigningKey {
  return read('BELUGA_SIGNING_KEY', `${home}/signing.key`, (value, setting) => {
    const [, address, mount, key] = /^vault\+(https?:\/\/[^/\s]+)\/([\w/-]+)\/([\w.-]+)$/.exec(value) ?? [];
    if (address !== undefined && mount !== undefined && key !== undefined)
      return { kind: 'vault', address, mount, key, tokenFile: read('BELUGA_SIGNING_TOKEN_FILE', `${home}/vault-token`, folderOf) };
    if (value.startsWith('/')) return { kind: 'file', path: folderOf(value, setting), named: Boolean(variables['BELUGA_SIGNING_KEY']) };
    const remedy = 'Write it as /etc/beluga/signing.key, or vault+https://vault:8200/transit/beluga.';
    throw wrong(setting, value, 'it is neither a file nor a key of Vault', remedy);
  });
}

function registryOf(read: Read): RegistrySetting | null {
  const credentialsFile = read('BELUGA_REGISTRY_CREDENTIALS', '', (value, setting) => (value === '' ? null : folderOf(value, setting)));
  return read('BELUGA_REGISTRY', '', (value, setting) => {
    if (value === '') return null;
    const remedy = 'Write it as https://registry.example.com/beluga; a path, where the registry wants one, stands before every image.';
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url === null || !/^https?:$/.test(url.protocol)) throw wrong(setting, value, 'it is not the address of a registry', remedy);
    // It may hold a password: it is not repeated.
    if (url.username !== '' || url.password !== '')
      throw wrong(setting, 'set', 'it holds credentials', 'Put user:password into a file, and name that in BELUGA_REGISTRY_CREDENTIALS.');
    const namespace = url.pathname.replaceAll(/^\/+|\/+$/g, '');
    if (namespace !== '' && !/^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(namespace))
      throw wrong(setting, value, `"${namespace}" cannot begin the name of an image`, remedy);
    if (url.search !== '' || url.hash !== '') throw wrong(setting, value, 'it goes on after the path', remedy);
    return { host: url.host, namespace, plainHttp: url.protocol === 'http:', credentialsFile };
  });
}

function thisMachine(): Machine {
  return { root: process.getuid?.() === 0, homeFolder: homedir() };
}

function folderOf(value: string, setting: string): string {
  if (value.startsWith('/') && !value.includes('\0')) return value.length > 1 ? value.replace(/\/+$/, '') : value;
  throw wrong(setting, value, 'it is not an absolute path', 'Write it as /var/lib/beluga.');
}

function listenOf(value: string, setting: string): Settings['listen'] {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/]+)):([0-9]{1,5})$/.exec(value) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && isPort(Number(port))) return { host, port: Number(port) };
  throw wrong(setting, value, 'it is not host:port', 'Write it as 127.0.0.1:4600, or [::1]:4600.');
}

function addressOf(value: string, setting: string): string {
  listenOf(value, setting);
  return value;
}

function portsOf(value: string, setting: string): Settings['applicationPorts'] {
  const [, first = 0, last = 0] = (/^([0-9]{1,5})-([0-9]{1,5})$/.exec(value) ?? []).map(Number);
  if (isPort(first) && isPort(last) && first <= last) return { first, last };
  throw wrong(setting, value, 'it is not a range of ports', 'Write it as 21000-21127, the lower one first.');
}

function databaseUrlOf(value: string, setting: string): string | null {
  if (value === '') return null;
  if (/^postgres(ql)?:\/\//.test(value) && (URL.canParse(value) || URL.canParse(value.replace('@/', '@localhost/')))) return value;
  // It may hold a password: it is not repeated.
  throw wrong(setting, 'set', 'it is not the address of a PostgreSQL', 'Write it as postgresql://user:password@host:5432/beluga.');
}

function socketOf(value: string, setting: string): string {
  const path = value.replace(/^unix:\/\//, '');
  if (path.startsWith('/')) return path;
  throw wrong(setting, value, 'it is not the path of a Unix socket', 'Write it as /var/run/docker.sock.');
}

function platformOf(value: string, setting: string): string {
  if (/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/.test(value)) return value;
  throw wrong(setting, value, 'it is not a short name', 'Use at most 20 lower-case letters, digits and hyphens, a letter first.');
}

function logLevelOf(value: string, setting: string): LogLevel {
  const level = logLevels.find((known) => known === value);
  if (level !== undefined) return level;
  throw wrong(setting, value, 'it is not a level', `Choose one of: ${logLevels.join(', ')}.`);
}

function sizeOf(value: string, setting: string): number {
  const [, number, unit] = /^([0-9]{1,6})(MiB|GiB)$/.exec(value) ?? [];
  if (number !== undefined) return Number(number) * (unit === 'GiB' ? 2 ** 30 : 2 ** 20);
  throw wrong(setting, value, 'it is not a size', 'Write it as 500MiB or 2GiB.');
}

function refuseOverlap({ listen: { port }, applicationPorts: { first, last } }: Settings): void {
  if (port < first || port > last) return;
  const problem = `it holds ${port}, where BELUGA_LISTEN listens`;
  throw wrong('BELUGA_APPLICATION_PORTS', `${first}-${last}`, problem, 'Move one of the two.');
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function wrong(setting: string, value: string, problem: string, remedy: string): BelugaError {
  return new BelugaError('invalid-setting', { setting, value, problem, remedy });
}
