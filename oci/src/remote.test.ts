/** Images as a registry gives them: of one platform among several, and none that was made to fill a disk. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { LayerCache } from './cache.ts';
import { copyImage } from './copy.ts';
import { digestOf } from './digest.ts';
import { root, textEntry } from './entry.ts';
import { assemble, type Image } from './image.ts';
import { readLayer } from './layer-reader.ts';
import { mediaTypes } from './manifest.ts';
import { pushImage } from './push.ts';
import { parseReference } from './reference.ts';
import { Registry } from './registry.ts';
import { registries, temporaryFolder } from './registry-for-tests.ts';
import { fetchImage } from './remote.ts';

for (const { name, start } of registries) {
  for (const indexType of [mediaTypes.index, mediaTypes.dockerIndex]) {
    test(`of an image for several platforms (${indexType}), ${name} gives the one that is wanted, unchanged`, async (t) => {
      const { host, credentials } = await start(t);
      const registry = new Registry(host, credentials && { credentials });
      t.after(() => registry.close());
      const [amd, arm] = [await push(t, registry, 'amd64'), await push(t, registry, 'arm64')];
      await pushIndex(registry, indexType, { amd64: amd, arm64: arm });
      const reference = parseReference(`${host}/vendor/base:1`);
      const on = (architecture: string) => fetchImage(registry, reference, { platform: { os: 'linux', architecture } });
      assert.equal((await on('arm64')).digest, arm.digest);
      assert.equal((await on('amd64')).config.architecture, 'amd64');
      await assert.rejects(on('s390x'), {
        code: 'platform-missing',
        message: /linux\/s390x/,
        remedy: 'Choose one of: linux/amd64, linux/arm64.',
      });
      const platform = { os: 'linux', architecture: 'arm64' };
      const options = { platform, ...(credentials && { from: { credentials }, to: { credentials } }) };
      const copied = await copyImage(`${host}/vendor/base:1`, { registry: host, repository: 'team/base' }, options);
      assert.equal(copied.digest, arm.digest);
    });
  }
}

test('a layer that unpacks to far more than it is, in gzip or zstd, is refused in one sentence long before it fills anything', async () => {
  const zeros = Buffer.alloc(32 * 1024 * 1024);
  for (const packed of [gzipSync(zeros), zstdCompressSync(zeros)]) {
    let read = 0;
    const blob = async function* () {
      for (let from = 0; from < packed.length; from += 4096) {
        read = from;
        yield packed.subarray(from, from + 4096);
      }
    };
    const reading = Array.fromAsync(readLayer(blob(), digestOf(zeros), { freeBytes: 1024 * 1024 }));
    await assert.rejects(reading, { code: 'layer-refused', message: /A layer was not unpacked: it unpacks to more than \d+ bytes/ });
    assert.ok(read < packed.length);
  }
});

test('a layer that says its files are larger than any disk, or has entries without end, is refused', async () => {
  const header = Buffer.alloc(512);
  header.write('file', 0);
  header.write('0000644\0', 100);
  header.write('77777777777\0', 124);
  header.write('0', 156);
  header.write('ustar\0', 257);
  header.write('        ', 148);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  const absurd = Buffer.concat([header, Buffer.alloc(512)]);
  const read = async (bytes: Buffer, limits = {}) => {
    for await (const entry of readLayer(one(bytes), digestOf(bytes), limits)) for await (const _ of entry.content);
  };
  await assert.rejects(read(absurd), { code: 'layer-refused' });
  header.write('00000000000\0', 124);
  header.write('        ', 148);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  const many = Buffer.concat([...Array.from({ length: 50 }, () => header), Buffer.alloc(1024)]);
  await read(many);
  await assert.rejects(read(many, { mostEntries: 49 }), { code: 'layer-refused', message: /it has more than 49 entries/ });
});

async function* one(bytes: Buffer) {
  yield bytes;
}

async function push(t: TestContext, registry: Registry, architecture: string): Promise<Image> {
  const cache = new LayerCache(await temporaryFolder(t));
  const layer = await cache.layer({ name: 'base', entries: [textEntry('base', architecture)], owner: root, compression: 'gzip' });
  const image = assemble({ layers: [{ layer, storey: 'vendor', from: '' }], platform: { os: 'linux', architecture } });
  await pushImage(image, registry, 'vendor/base');
  return image;
}

async function pushIndex(registry: Registry, mediaType: string, images: Readonly<Record<string, Image>>): Promise<void> {
  const manifests = Object.entries(images).map(([architecture, { digest, manifestBytes }]) => {
    return { mediaType: mediaTypes.manifest, digest, size: manifestBytes.length, platform: { os: 'linux', architecture } };
  });
  await registry.putManifest('vendor/base', '1', mediaType, Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests })));
}
