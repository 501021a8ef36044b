import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { openRealEngine } from '../../engine/docker/rig/real-engine.ts';
import { type StartedRegistry, startRegistry, temporaryFolder, writer } from './registry-for-tests.ts';

const run = promisify(execFile);

test('skopeo copies an image in, out and on unchanged, and inspects it', async (t) => {
  const registry = await startRegistry(t);
  const folder = await temporaryFolder(t);
  await registry.pushImage('shop/api', '1.0.0', gzipSync(randomBytes(300_000)));
  const [first, second] = [`docker://${registry.host}/shop/api:1.0.0`, `docker://${registry.host}/shop/copies/api:1.0.0`];
  const access = ['--tls-verify=false', '--creds', 'beluga:secret'];
  await run('skopeo', ['copy', '--src-tls-verify=false', '--src-creds', 'beluga:secret', first, `oci:${folder}/layout:1.0.0`]);
  await run('skopeo', [
    'copy',
    '--preserve-digests',
    '--dest-tls-verify=false',
    '--dest-creds',
    'beluga:secret',
    `oci:${folder}/layout:1.0.0`,
    second,
  ]);
  const [before, after] = await Promise.all([first, second].map((image) => run('skopeo', ['inspect', '--raw', ...access, image])));
  assert.equal(after?.stdout, before?.stdout);
  const { stdout } = await run('skopeo', ['list-tags', ...access, `docker://${registry.host}/shop/copies/api`]);
  assert.deepEqual((JSON.parse(stdout) as { Tags: unknown }).Tags, ['1.0.0']);
});

test('skopeo is told when it moves a release tag', async (t) => {
  const registry = await startRegistry(t);
  await registry.pushImage('shop/api', '1.0.0', randomBytes(1000));
  await registry.pushImage('shop/api', 'main', randomBytes(1000));
  const copy = [
    'copy',
    '--src-tls-verify=false',
    '--dest-tls-verify=false',
    '--src-creds',
    'beluga:secret',
    '--dest-creds',
    'beluga:secret',
  ];
  const moving = run('skopeo', [...copy, `docker://${registry.host}/shop/api:main`, `docker://${registry.host}/shop/api:1.0.0`]);
  await assert.rejects(moving, /for ever/);
});

for (const engine of ['docker', 'podman'] as const) {
  test(`${engine} pushes an image and pulls the same one back`, async (t) => {
    const registry = await startRegistry(t);
    const client = await clientOf(t, engine, registry);
    const image = `${registry.host}/shop/${engine}:1.0.0`;
    const tar = await imageTar(await temporaryFolder(t));
    t.after(() => client('rmi', '-f', image).catch(() => {}));
    await client('import', tar, image);
    await client('push', ...client.insecure, image);
    const { headers } = await registry.send('HEAD', `/v2/shop/${engine}/manifests/1.0.0`, { headers: { accept: '*/*' } });
    await client('rmi', '-f', image);
    const pinned = `${registry.host}/shop/${engine}@${headers.get('docker-content-digest')}`;
    t.after(() => client('rmi', '-f', pinned).catch(() => {}));
    await client('pull', ...client.insecure, pinned);
    assert.equal(await registry.registry.holds(pinned), true);
  });
}

type Client = ((...words: readonly string[]) => Promise<unknown>) & { readonly insecure: readonly string[] };

async function clientOf(t: TestContext, engine: 'docker' | 'podman', registry: StartedRegistry): Promise<Client> {
  const folder = await temporaryFolder(t);
  const auth = writer.replace('Basic ', '');
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
  const own = await openRealEngine(engine);
  t.after(() => own.close());
  const socket = `unix://${own.socket}`;
  const env = {
    ...process.env,
    DOCKER_CONFIG: folder,
    REGISTRY_AUTH_FILE: join(folder, 'config.json'),
    DOCKER_HOST: socket,
    CONTAINER_HOST: socket,
  };
  const client = (...words: readonly string[]) => run(engine, engine === 'podman' ? ['--remote', ...words] : words, { env });
  return Object.assign(client, { insecure: engine === 'podman' ? ['--tls-verify=false'] : [] });
}

async function imageTar(folder: string): Promise<string> {
  await writeFile(join(folder, 'file'), randomBytes(2_000_000));
  await run('tar', ['-C', folder, '-cf', join(folder, 'root.tar'), 'file']);
  return join(folder, 'root.tar');
}
