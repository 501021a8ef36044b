import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { findCredentials, readCredentials } from './credentials.ts';
import { temporaryFolder } from './registry-for-tests.ts';

const auth = (text: string) => Buffer.from(text).toString('base64');
const lea = { kind: 'password', username: 'lea', password: 'se:cret' };

test('the login of a registry is found where Docker, Podman and the jobs of GitLab keep it, the nearest first', async (t) => {
  const { folder, env } = await home(t, { auths: { 'registry.example:5000': { auth: auth('lea:se:cret') } } });
  assert.deepEqual(await findCredentials('registry.example:5000', env), lea);
  assert.equal(await findCredentials('other.example', env), undefined);
  await mkdir(`${folder}/containers`);
  await writeFile(`${folder}/containers/auth.json`, JSON.stringify({ auths: { 'podman.example': { auth: auth('lea:se:cret') } } }));
  assert.deepEqual(await findCredentials('podman.example', { ...env, XDG_RUNTIME_DIR: folder }), lea);
  const job = JSON.stringify({ auths: { 'registry.example:5000': { auth: auth('job:token') } } });
  assert.deepEqual(await findCredentials('registry.example:5000', { ...env, DOCKER_AUTH_CONFIG: job }), {
    ...{ kind: 'password', username: 'job', password: 'token' },
  });
});

test('Docker Hub is known by the address that `docker login` writes; an identity token is told from a password', async (t) => {
  const { env } = await home(t, {
    auths: {
      'https://index.docker.io/v1/': { auth: auth('lea:se:cret') },
      'azure.example': { auth: auth('x:'), identitytoken: 'refresh' },
    },
  });
  assert.deepEqual(await findCredentials('docker.io', env), lea);
  assert.deepEqual(await findCredentials('azure.example', env), { kind: 'identity', token: 'refresh' });
});

test('a helper of a registry is asked before the store for all, and knows nothing where it has nothing', async (t) => {
  const { env, helper } = await home(t, { credHelpers: { 'one.example': 'own' }, credsStore: 'all' });
  await helper('own', 'read asked; echo "{\\"Username\\":\\"lea\\",\\"Secret\\":\\"own for $asked\\"}"');
  await helper(
    'all',
    'read asked; [ "$asked" = two.example ] || { echo "credentials not found in native keychain"; exit 1; }; echo \'{"Username":"<token>","Secret":"id"}\'',
  );
  assert.deepEqual(await findCredentials('one.example', env), { kind: 'password', username: 'lea', password: 'own for one.example' });
  assert.deepEqual(await findCredentials('two.example', env), { kind: 'identity', token: 'id' });
  assert.equal(await findCredentials('three.example', env), undefined);
});

test('a helper that is not there, fails or answers nonsense is named', async (t) => {
  const { env, helper } = await home(t, {
    credHelpers: { 'a.example': 'absent', 'b.example': 'failing', 'c.example': 'silly', 'd.example': '../evil' },
  });
  await helper('failing', 'echo "the keychain is locked"; exit 1');
  await helper('silly', 'echo hello');
  const refused = (registry: string, message: RegExp) =>
    assert.rejects(findCredentials(registry, env), { code: 'credential-helper-failed', message });
  await refused('a.example', /docker-credential-absent gave nothing for a\.example: .*ENOENT/);
  await refused('b.example', /the keychain is locked/);
  await refused('c.example', /it did not answer in JSON/);
  await refused('d.example', /its name is not a name of a program/);
});

test('one file holds user:password, or a config.json; what cannot be read is said with its name', async (t) => {
  const folder = await temporaryFolder(t);
  const file = `${folder}/credentials`;
  await writeFile(file, 'lea:se:cret\n');
  assert.deepEqual(await readCredentials(file, 'any.example'), lea);
  await writeFile(file, JSON.stringify({ auths: { 'one.example': { auth: auth('lea:se:cret') } } }));
  assert.deepEqual(await readCredentials(file, 'one.example'), lea);
  assert.equal(await readCredentials(file, 'two.example'), undefined);
  await writeFile(file, '{ not json');
  await assert.rejects(readCredentials(file, 'one.example'), { code: 'credentials-unreadable', message: /it is no JSON/ });
  await assert.rejects(readCredentials(`${folder}/absent`, 'one.example'), { code: 'credentials-unreadable' });
});

/** A home with a Docker configuration, and a PATH on which helpers are put. */
async function home(t: TestContext, config: object) {
  const folder = await temporaryFolder(t);
  await writeFile(`${folder}/config.json`, JSON.stringify(config));
  const env = { HOME: folder, DOCKER_CONFIG: folder, PATH: `${folder}:${process.env['PATH']}` };
  const helper = async (name: string, script: string): Promise<void> => {
    await writeFile(`${folder}/docker-credential-${name}`, `#!/bin/sh\n${script}\n`);
    await chmod(`${folder}/docker-credential-${name}`, 0o755);
  };
  return { folder, env, helper };
}
