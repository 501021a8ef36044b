/** Registries that serve instead of the embedded one: Debian's docker-registry, and any that has the referrers API. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LayerCache } from '@beluga/oci/cache';
import { root, textEntry } from '@beluga/oci/entry';
import { assemble } from '@beluga/oci/image';
import { pushImage } from '@beluga/oci/push';
import { Registry as Client } from '@beluga/oci/registry';
import { startDockerRegistry, temporaryFolder } from '@beluga/oci/registry-for-tests';
import { BelugaError } from '../../../errors.ts';
import { startRegistry } from '../embedded/registry-for-tests.ts';
import { registryContract, type Subject } from '../registry.contract.ts';
import { createSimulatedRegistry } from '../simulated/simulated-registry.ts';
import { type ExternalRegistry, openExternalRegistry } from './external-registry.ts';
import { openImageAccess } from './image-access.ts';

/** bcrypt of `secret`, as htpasswd writes it. */
const htpasswd = 'beluga:$2b$04$WLdih5YkSEx28hBFIRFreuMCHaI/Q48usbbRe3p6XcLhxq8xBpLN.\n';
const nobody = `sha256:${'0'.repeat(64)}`;

registryContract("Debian's docker-registry, instead of the embedded one,", async (t) => {
  const { host, kill } = await guardedDockerRegistry(t);
  const { registry, image } = await filled(t, host, 'beluga:secret\n');
  return { registry, image, absent: image.replace(/sha256:.*/, nobody), cut: kill };
});

registryContract('a registry with referrers, instead of the embedded one,', async (t) => {
  const { host, stop } = await startRegistry(t);
  const auth = Buffer.from('beluga:secret').toString('base64');
  const { registry, image } = await filled(t, host, JSON.stringify({ auths: { [host]: { auth } } }));
  return { registry, image, absent: image.replace(/sha256:.*/, nobody), cut: stop };
});

registryContract('the embedded registry', async (t) => {
  const { host, images, registry: own } = await startRegistry(t);
  const { image } = await filled(t, host, 'beluga:secret');
  const registry = { ...openImageAccess({ host, own: images, version: '0.1.0' }), ...own };
  return { registry, image, absent: image.replace(/sha256:.*/, nobody), cut: null };
});

registryContract('the simulated registry', async (): Promise<Subject> => {
  const registry = createSimulatedRegistry();
  const image = `${registry.host}/test/web@${nobody}`;
  return { registry, image, absent: image.replace('/web@', '/missing@'), cut: async () => registry.cut(true) };
});

test('an image outside the namespace of the platform is not held, whoever could read it', async (t) => {
  const { host } = await guardedDockerRegistry(t);
  const { registry, image, client } = await filled(t, host, 'beluga:secret');
  const elsewhere = await push(t, client, 'other/web');
  assert.deepEqual([await registry.holds(image), await registry.holds(elsewhere)], [true, false]);
  assert.equal(await registry.holds(image.replace(host, 'registry.example')), false);
});

test('an image is kept under a tag of its own, which no clean-up takes for garbage', async (t) => {
  const { host } = await guardedDockerRegistry(t);
  const { registry, image, client } = await filled(t, host, 'beluga:secret');
  const digest = image.slice(image.indexOf('@') + 1);
  await registry.keep(image);
  assert.deepEqual(await client.tags('prod/beluga/web'), [`beluga-${digest.slice(7)}`]);
});

test('credentials that open nothing, or a file that is not there, are told in one sentence; mended, they are read again', async (t) => {
  const { host } = await guardedDockerRegistry(t);
  const { registry, image, file } = await filled(t, host, 'beluga:wrong');
  await refused(registry.check(), /does not accept the credentials/);
  await refused(registry.keep(image), /does not accept the credentials/);
  await writeFile(file, 'beluga:secret');
  await registry.check();
  await registry.keep(image);
  assert.deepEqual(await registry.login(), { username: 'beluga', password: 'secret' });
  const lost = openExternalRegistry({ ...settings(host, join(file, 'nowhere')), attempts: 1 });
  t.after(() => lost.close());
  await refused(lost.check(), /The credentials for \S+ in \S+ cannot be read/);
});

test('what is no registry is told apart from one that is away', async (t) => {
  const { host } = await startDockerRegistry(t, { configuration: { http: { addr: '127.0.0.1:0', prefix: '/elsewhere/' } } });
  const registry = openExternalRegistry({ ...settings(host, null), attempts: 1 });
  const away = openExternalRegistry({ ...settings('127.0.0.1:1', null), attempts: 1 });
  t.after(() => [registry, away].forEach((one) => one.close()));
  await refused(registry.check(), /refused \/v2\/ with 404/);
  await refused(away.check(), /does not answer/);
});

async function refused(asked: Promise<unknown>, sentence: RegExp): Promise<void> {
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof BelugaError && error.code === 'registry-failed', String(error));
    assert.match(error.message, sentence);
    return true;
  });
}

async function guardedDockerRegistry(t: TestContext) {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'htpasswd'), htpasswd);
  return startDockerRegistry(t, { configuration: { auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } } } });
}

const settings = (host: string, credentialsFile: string | null) => {
  return { host, namespace: 'prod/beluga', plainHttp: true, credentialsFile, version: '0.1.0' };
};

/** A registry with one image, and the driver with credentials in a file. */
async function filled(
  t: TestContext,
  host: string,
  credentials: string,
): Promise<{ readonly registry: ExternalRegistry; readonly image: string; readonly client: Client; readonly file: string }> {
  const client = new Client(host, { attempts: 2, credentials: { kind: 'password', username: 'beluga', password: 'secret' } });
  t.after(() => client.close());
  const image = await push(t, client, 'prod/beluga/web');
  const folder = await temporaryFolder(t);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'credentials');
  await writeFile(file, credentials);
  const registry = openExternalRegistry({ ...settings(host, file), attempts: 2 });
  t.after(() => registry.close());
  return { registry, image, client, file };
}

async function push(t: TestContext, client: Client, repository: string): Promise<string> {
  const cache = new LayerCache(await temporaryFolder(t));
  const entries = [textEntry('app', repository)];
  const layer = await cache.layer({ name: 'app', entries, owner: root, compression: 'gzip' });
  const image = assemble({ layers: [{ layer, storey: 'application', from: '' }], run: { user: '65532:65532', port: 8080 } });
  return (await pushImage(image, client, repository)).image;
}
