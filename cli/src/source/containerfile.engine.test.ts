import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LayerCache } from '@beluga/oci/cache';
import { root, textEntry } from '@beluga/oci/entry';
import { assemble } from '@beluga/oci/image';
import { pushImage } from '@beluga/oci/push';
import { Registry } from '@beluga/oci/registry';
import { fetchImage } from '@beluga/oci/remote';
import { openRealEngine } from '../../../server/src/drivers/engine/docker/rig/real-engine.ts';
import { startRegistry, temporaryFolder } from '../../../server/src/drivers/registry/embedded/registry-for-tests.ts';
import { createIo } from '../output/io.ts';
import type { Platform } from '../platform/home.ts';
import { withRegistry } from '../platform/registry.ts';
import { readComponent } from './component.ts';
import { buildImage } from './image.ts';

const builders = ['docker', 'podman', 'buildah'] as const;

for (const builder of builders) {
  test(`a Containerfile is built by ${builder} on bases that are pinned, pushed, and named by digest`, (t) => builtBy(builder, t));
}

async function builtBy(builder: (typeof builders)[number], t: TestContext): Promise<void> {
  const { platform, registry, write, io } = await prepared(t, builder);
  const folder = await write('FROM socle/node-26 AS base\nFROM base\nCOPY app /app\n');
  const built = await buildImage(io, platform, await readComponent(folder));
  assert.match(built.image, new RegExp(`^${platform.registry.host}/shop/web@sha256:[0-9a-f]{64}$`));
  const image = await fetchImage(registry, { registry: platform.registry.host, repository: 'shop/web', digest: built.digest as 'sha256:' });
  assert.deepEqual(
    image.layers.map(({ descriptor }) => descriptor.digest),
    built.layers.map(({ digest }) => digest),
  );
  assert.deepEqual(
    built.layers.map(({ storey }) => storey),
    ['vendor', 'application'],
  );
  assert.equal(image.config.config?.Labels?.['org.opencontainers.image.title'], 'web');
  assert.deepEqual(await registry.tags('shop/web'), []);
}

test('a base that no registry gives is refused with its line, and what the engine refuses is told in its words', async (t) => {
  const { platform, write, io } = await prepared(t, 'docker');
  const folder = await write(`FROM ${platform.registry.host}/absent:1\n`);
  await assert.rejects(buildImage(io, platform, await readComponent(folder)), {
    code: 'base-not-pinned',
    message: new RegExp(`Containerfile:1: FROM ${platform.registry.host}/absent:1 cannot be pinned`),
  });
  const other = await write('FROM scratch\nCOPY nowhere /x\n');
  await assert.rejects(buildImage(io, platform, await readComponent(other)), { code: 'builder-failed', message: /docker could not build/ });
});

async function prepared(t: TestContext, builder: (typeof builders)[number]) {
  const surroundings = await (builder === 'docker' ? withDocker(t) : withStorage(t));
  const { host } = await startRegistry(t);
  const home = await temporaryFolder(t);
  const registry = new Registry(host, { credentials: { kind: 'password', username: 'beluga', password: 'secret' } });
  t.after(() => registry.close());
  const layer = await new LayerCache(home).layer({ name: 'base', entries: [textEntry('base', 'x')], owner: root, compression: 'gzip' });
  const { image } = await pushImage(assemble({ layers: [{ layer, storey: 'vendor', from: '' }] }), registry, 'vendor/base');
  const client = { showRegistry: () => Promise.resolve({ kind: 'embedded' }), showSocle: () => Promise.resolve({ socle: { image } }) };
  const platform = await withRegistry({ client, url: `http://${host}`, token: 'secret' } as unknown as Platform, {});
  const write = async (containerfile: string): Promise<string> => {
    const folder = join(home, `component-${containerfile.length}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'app'), 'application');
    writeFileSync(join(folder, 'Containerfile'), containerfile);
    const metadata = 'metadata: { name: web, system: shop }\nbuild: { containerfile: Containerfile }\n';
    writeFileSync(join(folder, 'beluga.yaml'), `apiVersion: beluga/v1\nkind: Service\n${metadata}`);
    return folder;
  };
  const io = createIo('ndjson', { ...process.env, BELUGA_BUILDER: builder, ...surroundings });
  return { platform, registry, write, io };
}

async function withDocker(t: TestContext): Promise<NodeJS.ProcessEnv> {
  const engine = await openRealEngine('docker');
  t.after(() => engine.close());
  return { DOCKER_HOST: `unix://${engine.socket}` };
}

/** Podman and Buildah need no daemon, only a place for their images. */
async function withStorage(t: TestContext): Promise<NodeJS.ProcessEnv> {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'storage.conf');
  writeFileSync(file, `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/images"\nrunroot = "${folder}/run"\n`);
  return { CONTAINERS_STORAGE_CONF: file };
}
