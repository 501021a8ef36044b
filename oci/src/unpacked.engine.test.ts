/** Docker and Podman run what Beluga assembles, skopeo copies it, and all of them and plain tar see the tree it was made from. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { zstdDecompressSync } from 'node:zlib';
import { openRealEngine } from '../../server/src/drivers/engine/docker/rig/real-engine.ts';
import { startRegistry, writer } from '../../server/src/drivers/registry/embedded/registry-for-tests.ts';
import { assembleNodeBase } from './base.ts';
import { type ApplicationBuild, buildApplication } from './build.ts';
import { LayerCache } from './cache.ts';
import { placeUnder, root, textEntry } from './entry.ts';
import { assemble } from './image.ts';
import type { Compression } from './layer.ts';
import { unpackImage } from './pull.ts';
import { type PushReport, pushImage } from './push.ts';
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
    const client = clientOf(kind, engine.socket, site);
    for (const compression of able[kind]) {
      await t.test(`${kind}, ${compression}`, () => runAndUnpack(site, client, kind, compression));
    }
    await t.test(`${kind}, what an upper layer removes, as this library does`, () => unpackRemoved(site, client, kind));
  }
  for (const compression of ['gzip', 'zstd'] as const) {
    await t.test(`plain tar, over the ${compression} layers as they lie in the registry`, () => unpackWithTar(site, compression));
    await t.test(`skopeo copies and inspects an image in ${compression}`, () => copyWithSkopeo(site, compression));
  }
});

type Site = Awaited<ReturnType<typeof prepared>>;
type Client = (...words: readonly string[]) => Promise<string>;

async function runAndUnpack(site: Site, client: Client, kind: 'docker' | 'podman', compression: Compression): Promise<void> {
  const { image } = await build(site, compression);
  await client('pull', ...insecure(kind), image);
  assert.equal(await client('run', '--rm', '--network', 'none', image), 'héllo from 65532\n');
  assert.deepEqual(await exported(site, client, image, 'app'), describeTree(site.request.folder));
}

/** Whiteouts and an opaque folder (OCI image layer specification), which no layer of ours has but those of other builders do. */
async function unpackRemoved(site: Site, client: Client, kind: 'docker' | 'podman'): Promise<void> {
  const { registry, folder, removing } = site;
  const { image, digest } = removing.gzip;
  await client('pull', ...insecure(kind), image);
  const reference = { registry: registry.host, repository: 'shop/removing', digest };
  const own = join(folder, `own-${kind}`);
  mkdirSync(own);
  await unpackImage(await fetchImage(registry, reference), registry, own);
  const tree = describeTree(join(own, 'tree'));
  assert.deepEqual(tree, ['hidden/ 755', 'hidden/new 644 "new"', 'kept 644 "kept"', 'turned 644 "a file now"']);
  assert.deepEqual(await exported(site, client, image, 'tree'), tree);
}

/** A folder of an image, as an engine has unpacked it. */
async function exported({ folder }: Site, client: Client, image: string, path: string): Promise<readonly string[]> {
  const out = mkdtempSync(join(folder, 'exported-'));
  const container = (await client('create', '--network', 'none', image)).trim();
  await client('export', '--output', join(out, 'whole.tar'), container);
  execFileSync('tar', ['-x', '-C', out, '-f', join(out, 'whole.tar'), path]);
  return describeTree(join(out, path));
}

async function unpackWithTar(site: Site, compression: Compression): Promise<void> {
  const { registry, request, folder } = site;
  const { digest, repository } = await build(site, compression);
  const image = await fetchImage(registry, { registry: registry.host, repository, digest });
  const out = join(folder, `tar-${compression}`);
  mkdirSync(out);
  for (const { descriptor, storey } of image.layers) {
    if (storey === 'vendor') continue;
    const packed = await registry.smallBlob(repository, descriptor.digest);
    const input = compression === 'zstd' ? zstdDecompressSync(packed) : packed;
    execFileSync('tar', ['-x', ...(compression === 'gzip' ? ['-z'] : []), '-C', out], { input });
  }
  assert.deepEqual(describeTree(`${out}/app`), describeTree(request.folder));
}

async function copyWithSkopeo({ removing, folder }: Site, compression: Compression): Promise<void> {
  const { image, digest } = removing[compression];
  const layout = `oci:${folder}/layout-${compression}:1`;
  await run('skopeo', ['copy', '--src-tls-verify=false', '--src-creds', 'beluga:secret', `docker://${image}`, layout]);
  const inspected = await run('skopeo', ['inspect', '--tls-verify=false', '--creds', 'beluga:secret', `docker://${image}`]);
  const copied = await run('skopeo', ['inspect', layout]);
  const [there, here] = [inspected, copied].map(
    ({ stdout }) => JSON.parse(stdout) as { readonly Digest: string; readonly Layers: unknown },
  );
  assert.deepEqual([there?.Digest, here?.Digest], [digest, digest]);
  assert.deepEqual(here?.Layers, there?.Layers);
}

/** Built once however often it is asked for. */
async function build({ request }: Site, compression: Compression) {
  const repository = `shop/${compression}`;
  return { repository, ...(await buildApplication({ ...request, repository, compression })) };
}

function insecure(kind: 'docker' | 'podman'): readonly string[] {
  return kind === 'podman' ? ['--tls-verify=false'] : [];
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
  const removing = (compression: Compression) => pushRemoving(registry, join(folder, 'removing'), compression);
  return { folder, registry, request, removing: { gzip: await removing('gzip'), zstd: await removing('zstd') } };
}

/** Two layers: what the upper one does not leave as it was is removed, hidden with its folder, or of another kind. */
async function pushRemoving(registry: Registry, place: string, compression: Compression): Promise<PushReport> {
  const cache = new LayerCache(place);
  const layerOf = async (name: string, files: Readonly<Record<string, string>>) => {
    const entries = placeUnder(
      'tree',
      Object.entries(files).map(([path, text]) => textEntry(path, text)),
    );
    return { layer: await cache.layer({ name, entries, owner: root, compression }), storey: 'application', from: '' } as const;
  };
  const lower = { gone: 'x', kept: 'kept', 'folder/gone': 'x', 'hidden/old': 'x', 'turned/into': 'x' };
  const upper = { '.wh.gone': '', '.wh.folder': '', 'hidden/.wh..wh..opq': '', 'hidden/new': 'new', turned: 'a file now' };
  const layers = [await layerOf('lower', lower), await layerOf('upper', upper)];
  return pushImage(assemble({ layers, run: { command: ['none'] } }), registry, 'shop/removing');
}
