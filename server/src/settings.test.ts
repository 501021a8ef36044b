import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BelugaError } from './errors.ts';
import { readSettings } from './settings.ts';

const root = { root: true, homeFolder: '/root' };
const alice = { root: false, homeFolder: '/home/alice' };

test('without a variable the platform is embedded, on loopback, under the state folder of the user', () => {
  assert.deepEqual(readSettings({}, root), {
    home: '/var/lib/beluga',
    platformFile: { path: '/var/lib/beluga/platform.yaml', named: false },
    listen: { host: '127.0.0.1', port: 4600 },
    address: '127.0.0.1:4600',
    applicationPorts: { first: 21000, last: 21127 },
    databaseUrl: null,
    engineSocket: '/var/run/docker.sock',
    registry: null,
    platform: 'beluga',
    signingKey: { kind: 'file', path: '/var/lib/beluga/signing.key', named: false },
    logLevel: 'info',
    logsBytes: 2 ** 31,
  });
  assert.equal(readSettings({}, alice).home, '/home/alice/.local/state/beluga');
});

test('every variable is read, and an empty one counts as absent', () => {
  const settings = readSettings(
    {
      BELUGA_HOME: '/srv/beluga/',
      BELUGA_PLATFORM_FILE: '/etc/beluga/platform.yaml',
      BELUGA_LISTEN: '[::1]:8443',
      BELUGA_ADDRESS: 'beluga.example:443',
      BELUGA_APPLICATION_PORTS: '9000-9000',
      DATABASE_URL: 'postgresql://beluga:pass@db.example:5432/beluga?sslmode=require',
      BELUGA_ENGINE_SOCKET: 'unix:///run/podman/podman.sock',
      BELUGA_PLATFORM: 'team-a',
      BELUGA_REGISTRY: 'https://quay.example/insurance/beluga/',
      BELUGA_REGISTRY_CREDENTIALS: '/run/secrets/registry',
      BELUGA_SIGNING_KEY: 'vault+https://vault:8200/transit/beluga',
      BELUGA_SIGNING_TOKEN_FILE: '/run/vault/token',
      BELUGA_LOG_LEVEL: '',
      BELUGA_LOGS_SIZE: '',
    },
    alice,
  );
  assert.deepEqual(settings, {
    home: '/srv/beluga',
    platformFile: { path: '/etc/beluga/platform.yaml', named: true },
    listen: { host: '::1', port: 8443 },
    address: 'beluga.example:443',
    applicationPorts: { first: 9000, last: 9000 },
    databaseUrl: 'postgresql://beluga:pass@db.example:5432/beluga?sslmode=require',
    engineSocket: '/run/podman/podman.sock',
    registry: { host: 'quay.example', namespace: 'insurance/beluga', plainHttp: false, credentialsFile: '/run/secrets/registry' },
    platform: 'team-a',
    signingKey: { kind: 'vault', address: 'https://vault:8200', mount: 'transit', key: 'beluga', tokenFile: '/run/vault/token' },
    logLevel: 'info',
    logsBytes: 2 ** 31,
  });
});

test('the socket of the engine is taken from DOCKER_HOST when nothing else names it', () => {
  assert.equal(readSettings({ DOCKER_HOST: 'unix:///tmp/d.sock' }, root).engineSocket, '/tmp/d.sock');
});

test('the address of a database may be a socket folder', () => {
  const url = 'postgresql://beluga@/beluga?host=/run/postgresql';
  assert.equal(readSettings({ DATABASE_URL: url }, root).databaseUrl, url);
});

const wrongOnes: readonly [string, string, string][] = [
  ['BELUGA_HOME', 'state', 'BELUGA_HOME is state: it is not an absolute path.'],
  ['BELUGA_LISTEN', '4600', 'BELUGA_LISTEN is 4600: it is not host:port.'],
  ['BELUGA_LISTEN', '127.0.0.1:70000', 'BELUGA_LISTEN is 127.0.0.1:70000: it is not host:port.'],
  ['BELUGA_LISTEN', 'http://localhost:4600', 'BELUGA_LISTEN is http://localhost:4600: it is not host:port.'],
  ['BELUGA_ADDRESS', 'https://beluga.example', 'BELUGA_ADDRESS is https://beluga.example: it is not host:port.'],
  ['BELUGA_APPLICATION_PORTS', '21127-21000', 'BELUGA_APPLICATION_PORTS is 21127-21000: it is not a range of ports.'],
  ['BELUGA_APPLICATION_PORTS', '4000-5000', 'BELUGA_APPLICATION_PORTS is 4000-5000: it holds 4600, where BELUGA_LISTEN listens.'],
  ['DATABASE_URL', 'mysql://root:secret@db/beluga', 'DATABASE_URL is set: it is not the address of a PostgreSQL.'],
  ['BELUGA_ENGINE_SOCKET', 'tcp://10.0.0.1:2375', 'BELUGA_ENGINE_SOCKET is tcp://10.0.0.1:2375: it is not the path of a Unix socket.'],
  ['BELUGA_REGISTRY', 'quay.example/beluga', 'BELUGA_REGISTRY is quay.example/beluga: it is not the address of a registry.'],
  [
    'BELUGA_REGISTRY',
    'https://quay.example/Beluga',
    'BELUGA_REGISTRY is https://quay.example/Beluga: "Beluga" cannot begin the name of an image.',
  ],
  ['BELUGA_REGISTRY', 'https://robot:secret@quay.example/beluga', 'BELUGA_REGISTRY is set: it holds credentials.'],
  ['BELUGA_PLATFORM', 'Team_A', 'BELUGA_PLATFORM is Team_A: it is not a short name.'],
  ['BELUGA_SIGNING_KEY', 'https://vault:8200', 'BELUGA_SIGNING_KEY is https://vault:8200: it is neither a file nor a key of Vault.'],
  ['BELUGA_LOGS_SIZE', '2GB', 'BELUGA_LOGS_SIZE is 2GB: it is not a size.'],
  ['BELUGA_LOG_LEVEL', 'verbose', 'BELUGA_LOG_LEVEL is verbose: it is not a level.'],
];

for (const [name, value, sentence] of wrongOnes) {
  test(`${name}=${value.replace(/:\w+@/, ':…@')} is refused in one sentence with a remedy`, () => {
    assert.throws(
      () => readSettings({ [name]: value }, root),
      (error) =>
        error instanceof BelugaError && error.code === 'invalid-setting' && error.message === sentence && error.remedy.endsWith('.'),
    );
  });
}

test('a password in an address is never repeated', () => {
  for (const variables of [{ DATABASE_URL: 'mysql://root:secret@db/beluga' }, { BELUGA_REGISTRY: 'https://root:secret@quay.example' }]) {
    assert.throws(
      () => readSettings(variables, root),
      (error) => !`${String(error)}${(error as BelugaError).remedy}`.includes('secret'),
    );
  }
});
