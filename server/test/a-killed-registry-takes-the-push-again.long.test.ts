/** kill -9 of the platform's own server while a client pushes to its registry: nothing half is seen, and the push ends whole. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LayerCache } from '@beluga/oci/cache';
import { digestOf } from '@beluga/oci/digest';
import { root, textEntry } from '@beluga/oci/entry';
import { assemble, type Image } from '@beluga/oci/image';
import { pushImage } from '@beluga/oci/push';
import { Registry } from '@beluga/oci/registry';
import { startFailingProxy, temporaryFolder } from '@beluga/oci/registry-for-tests';
import { fetchImage } from '@beluga/oci/remote';
import { Platform } from './platform.ts';

const mebibyte = 1024 * 1024;
/** A layer above 32 MiB goes in chunks, and on from where it was; a smaller one goes in one request, and once more. */
const pushes = [
  { way: 'in chunks', sizeBytes: 40 * mebibyte, killedAfterBytes: 30 * mebibyte, mostBytesAfter: 35 * mebibyte },
  { way: 'in one request', sizeBytes: 8 * mebibyte, killedAfterBytes: 4 * mebibyte, mostBytesAfter: 9 * mebibyte },
] as const;

test('a server killed in the middle of a push shows nothing of it, and the push goes on and ends whole when it is back', async (t) => {
  // Settings of its own, so that no socle is made: only the registry counts here.
  const platform = await Platform.open({ BELUGA_LOG_LEVEL: 'warn' });
  t.after(() => platform.close());
  for (const { way, sizeBytes, killedAfterBytes, mostBytesAfter } of pushes) {
    await t.test(way, async (t) => {
      const repository = `test/${way.replaceAll(' ', '-')}`;
      const registry = registryAt(t, platform.host, platform);
      const image = await imageOf(t, sizeBytes);
      const killed = Promise.withResolvers<void>();
      let state: 'before' | 'away' | 'back' = 'before';
      let bytesAfter = 0;
      const proxy = await startFailingProxy(t, platform.host, (sentBytes) => {
        if (state === 'before' && sentBytes > killedAfterBytes) {
          state = 'away';
          void platform.kill().then(killed.resolve, killed.reject);
        }
        if (state === 'back') bytesAfter = Math.max(bytesAfter, sentBytes);
        return state === 'away';
      });
      const pushing = pushImage(image, registryAt(t, proxy, platform), repository, { tags: ['1.0.0'] });
      await Promise.race([killed.promise, pushing]);

      await platform.start();
      const [layer] = image.layers;
      assert.ok(layer !== undefined);
      assert.equal(await registry.holdsBlob(repository, layer.descriptor.digest), false);
      for (const name of ['1.0.0', image.digest]) assert.equal(await registry.headManifest(repository, name), undefined);
      state = 'back';

      assert.equal((await pushing).digest, image.digest);
      assert.ok(bytesAfter < mostBytesAfter, `${bytesAfter} bytes on one connection after it was back`);
      const found = await fetchImage(registry, { registry: platform.host, repository, tag: '1.0.0' });
      assert.equal(found.digest, image.digest);
      // Reading it to its end proves the digest, on the server's side and here.
      let readBytes = 0;
      for await (const part of registry.blob(repository, layer.descriptor.digest)) readBytes += part.length;
      assert.equal(readBytes, layer.descriptor.size);
      assert.equal(digestOf(await readFile(blobFile(platform, layer.descriptor.digest))), layer.descriptor.digest);
    });
  }
});

function registryAt(t: TestContext, host: string, platform: Platform): Registry {
  const registry = new Registry(host, { ...platform.registryOptions(), attempts: 12, backOffMs: 50 });
  t.after(() => registry.close());
  return registry;
}

/** One layer of bytes that do not compress. */
async function imageOf(t: TestContext, sizeBytes: number): Promise<Image> {
  const cache = new LayerCache(await temporaryFolder(t));
  const entries = [textEntry('noise', randomBytes(sizeBytes))];
  const layer = await cache.layer({ name: 'noise', entries, owner: root, compression: 'zstd' });
  return assemble({ layers: [{ layer, storey: 'application', from: '' }] });
}

function blobFile({ home }: Platform, digest: string): string {
  const hex = digest.slice('sha256:'.length);
  return join(home, 'registry', 'blobs', 'sha256', hex.slice(0, 2), hex);
}
