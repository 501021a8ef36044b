/** Docker and Podman run what Beluga assembles, and unpack it to the tree it was made from. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { openRealEngine } from '../../server/src/drivers/engine/docker/rig/real-engine.ts';
import { startRegistry, writer } from '../../server/src/drivers/registry/embedded/registry-for-tests.ts';
import { assembleNodeBase } from './base.ts';
import { type ApplicationBuild, buildApplication } from './build.ts';
import type { Compression } from './layer.ts';
import { pushImage } from './push.ts';
import { Registry } from './registry.ts';
import { temporaryFolder } from './registry-for-tests.ts';
import { fetchImage } from './remote.ts';
import { describeTree, writeTree } from './tree-for-tests.ts';

const run = promisify(execFile);
const credentials = { kind: 'password', username: 'beluga', password: 'secret' } as const;
/** zstd came with Docker 23 and Podman 2: what the distribution has of Docker is older. */
const able = { docker: ['gzip'], podman: ['gzip', 'zstd'] } as const satisfies Record<string, readonly Compression[]>;

test('Docker and Podman run what is assembled, and they and plain tar unpack the tree it was made from', async (t) => {
  const site = await prepared(t);
  for (const kind of ['docker', 'podman'] as const) {
    const engine = await openRealEngine(kind);
    t.after(() => engine.close());
    for (const compression of able[kind]) {
      await t.test(`${kind}, ${compression}`, () => runAndUnpack(site, clientOf(kind, engine.socket, site), kind, compression));
    }
  }
  await t.test('plain tar, over the layers as they lie in the registry', () => unpackWithTar(site));
});

type Site = Awaited<ReturnType<typeof prepared>>;
type Client = (...words: readonly string[]) => Promise<string>;

async function runAndUnpack(site: Site, client: Client, kind: 'docker' | 'podman', compression: Compression): Promise<void> {
  const built = await buildApplication({ ...site.request, repository: `shop/${compression}`, compression });
  await client('pull', ...(kind === 'podman' ? ['--tls-verify=false'] : []), built.image);
  assert.equal(await client('run', '--rm', '--network', 'none', built.image), 'héllo from 65532\n');
  const container = (await client('create', '--network', 'none', built.image)).trim();
  const [out, tar] = [join(site.folder, `${kind}-${compression}`), join(site.folder, 'exported.tar')];
  await client('export', '--output', tar, container);
  mkdirSync(out);
  execFileSync('tar', ['-x', '-C', out, '-f', tar, 'app']);
  assert.deepEqual(describeTree(`${out}/app`), describeTree(site.request.folder));
}

async function unpackWithTar({ registry, request, folder }: Site): Promise<void> {
  const { digest } = await buildApplication({ ...request, repository: 'shop/tar' });
  const image = await fetchImage(registry, { registry: registry.host, repository: 'shop/tar', digest });
  const out = join(folder, 'tar');
  mkdirSync(out);
  for (const { descriptor, storey } of image.layers) {
    if (storey === 'vendor') continue;
    execFileSync('tar', ['-x', '-z', '-C', out], { input: await registry.smallBlob('shop/tar', descriptor.digest) });
  }
  assert.deepEqual(describeTree(`${out}/app`), describeTree(request.folder));
}

function clientOf(kind: 'docker' | 'podman', socket: string, { folder, registry: { host } }: Site): Client {
  const auth = join(folder, 'config.json');
  writeFileSync(auth, JSON.stringify({ auths: { [host]: { auth: writer.replace('Basic ', '') } } }));
  const env = { ...process.env, DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: auth };
  const remote = kind === 'podman' ? ['--url', `unix://${socket}`] : [];
  return async (...words) => (await run(kind, [...remote, ...words], { env })).stdout;
}

async function prepared(t: TestContext) {
  const { host } = await startRegistry(t);
  const folder = await temporaryFolder(t);
  const source = join(folder, 'source');
  writeTree(source, [
    ['src/say.js', { kind: 'file', content: "console.log('héllo from ' + process.getuid());\n", executable: false }],
    ['bin/run', { kind: 'file', content: '#!/bin/sh\n', executable: true }],
    ['bin/again', { kind: 'link', target: 'run' }],
    ['données/été/ça.txt', { kind: 'file', content: 'ça', executable: false }],
    [`${'long/'.repeat(40)}${'n'.repeat(120)}`, { kind: 'file', content: 'long', executable: false }],
    ['empty', { kind: 'folder' }],
    ['node_modules/.bin/tool', { kind: 'link', target: '../tool/index.js' }],
    ['node_modules/tool/index.js', { kind: 'file', content: readFileSync(import.meta.filename, 'utf8').repeat(20), executable: true }],
  ]);
  const registry = new Registry(host, { credentials });
  t.after(() => registry.close());
  const base = await assembleNodeBase(process.execPath, { cache: join(folder, 'base') });
  const { image: socle } = await pushImage(base, registry, 'vendor/node');
  const request: Omit<ApplicationBuild, 'repository'> = {
    ...{ folder: source, socle, registry: host, cache: join(folder, 'cache'), registryOptions: { credentials } },
    run: { command: ['node', 'src/say.js'] },
  };
  return { folder, registry, request };
}
