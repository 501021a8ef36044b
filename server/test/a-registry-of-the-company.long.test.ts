/** A platform whose images are in a registry that others run, and an image that nobody here built: from the command to instances that serve. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assembleNodeBase } from '@beluga/oci/base';
import { LayerCache } from '@beluga/oci/cache';
import { root, textEntry } from '@beluga/oci/entry';
import { assemble } from '@beluga/oci/image';
import { pushImage } from '@beluga/oci/push';
import { Registry } from '@beluga/oci/registry';
import { startDockerRegistry } from '@beluga/oci/registry-for-tests';
import { beluga } from './command.ts';
import { Platform } from './platform.ts';

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'beluga-test-images');
const serves = "require('node:http').createServer((_, r) => r.end('bought')).listen(8080);\n";

test("an image built elsewhere is installed, by its digest, on a platform that keeps its images in Debian's docker-registry", async (t) => {
  const { host } = await startDockerRegistry(t);
  const registry = new Registry(host);
  t.after(() => registry.close());
  const { image, digest } = await pushForeign(registry);
  const platform = await Platform.open({ BELUGA_REGISTRY: `http://${host}/prod` });
  t.after(() => platform.close());
  const folder = await component(t, image);

  const shipped = await beluga(platform.home, ['ship', folder, '--version', '1.0.0', '--output', 'json']);
  assert.equal(shipped.exitCode, 0, shipped.err);
  const release = await platform.client().showRelease({ component: 'bought', version: '1.0.0' });
  assert.equal(release.image, `${host}/prod/contrats/bought@${digest}`);
  const [cell] = (await platform.client().status()).components;
  assert.deepEqual([cell?.state, cell?.imageDigest], ['serving', digest]);
  assert.equal(await (await fetch(String(cell?.address))).text(), 'bought');

  // Signature, SBOM and provenance lie under the fallback tag; a tag of its own keeps the image.
  const hex = digest.slice('sha256:'.length);
  assert.deepEqual((await registry.tags('prod/contrats/bought')).toSorted(), [`beluga-${hex}`, `sha256-${hex}`]);
  const here = await fetch(`http://${platform.host}/v2/`);
  assert.equal(here.status, 404);
  assert.match(await here.text(), new RegExp(`keeps its images in ${host}/prod`));
});

async function pushForeign(registry: Registry) {
  const base = await assembleNodeBase(process.execPath, { cache });
  const layer = await new LayerCache(cache).layer({
    ...{ name: 'bought', entries: [textEntry('app/server.js', serves)], owner: root, compression: 'gzip' },
  });
  const run = { command: ['node', '/app/server.js'], user: '65532:65532', port: 8080 };
  const image = assemble({ base: { image: base, name: 'node' }, layers: [{ layer, storey: 'application', from: '' }], run });
  return pushImage(image, registry, 'vendor-of-others/bought');
}

async function component(t: TestContext, image: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'beluga-bought-'));
  t.after(() => rm(folder, { recursive: true }));
  const metadata = 'metadata: { name: bought, system: contrats }';
  const run = 'run: { command: [node, /app/server.js], replicas: 1 }';
  await writeFile(join(folder, 'beluga.yaml'), `apiVersion: beluga/v1\nkind: Service\n${metadata}\nbuild: { image: '${image}' }\n${run}\n`);
  return folder;
}
