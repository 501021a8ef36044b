import assert from 'node:assert/strict';
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LayerCache } from '@beluga/oci/cache';
import { root, textEntry } from '@beluga/oci/entry';
import { assemble } from '@beluga/oci/image';
import { pushImage } from '@beluga/oci/push';
import { Registry } from '@beluga/oci/registry';
import { temporaryFolder } from '@beluga/oci/registry-for-tests';
import { dpkgStatus } from '@beluga/oci/sbom/databases-for-tests';
import { type StartedRegistry, startRegistry } from '../embedded/registry-for-tests.ts';
import { openImageAccess } from './image-access.ts';

test('no layer is read twice, also after a restart and on another socle; what was kept and is damaged is read again', async (t) => {
  const registry = await startRegistry(t);
  const findings = await temporaryFolder(t);
  const [first, moved] = await Promise.all([push(t, registry, 'libc6'), push(t, registry, 'libc7')]);
  const read: string[] = [];
  /** A server that has just started: it knows what was kept, and nothing else. */
  const restarted = () => {
    const own = {
      ...registry.images,
      blob: (...[repository, digest]: Parameters<typeof registry.images.blob>) => {
        read.push(digest);
        return registry.images.blob(repository, digest);
      },
    };
    return openImageAccess({ host: registry.host, own, version: '0.1.0', findings });
  };
  const survey = await restarted().survey(first);
  assert.equal(read.length, 2);
  assert.deepEqual(
    survey.packages.map(({ name, storey }) => `${name} ${storey}`),
    ['libc6 vendor', 'express application'],
  );
  assert.deepEqual(await restarted().survey(first), survey);
  assert.equal(read.length, 2);
  const onOther = await restarted().survey(moved);
  assert.equal(read.length, 3);
  assert.deepEqual(
    onOther.packages.map(({ name }) => name),
    ['libc7', 'express'],
  );
  for (const entry of readdirSync(findings, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) truncateSync(join(entry.parentPath, entry.name), 20);
  assert.deepEqual(await restarted().survey(first), survey);
  assert.equal(read.length, 5);
});

async function push(t: TestContext, { host }: StartedRegistry, library: string): Promise<string> {
  const client = new Registry(host, { credentials: { kind: 'bearer', token: 'secret' } });
  t.after(() => client.close());
  const cache = new LayerCache(await temporaryFolder(t));
  const layerOf = (path: string, text: string) =>
    cache.layer({ name: path, entries: [textEntry(path, text)], owner: root, compression: 'gzip' });
  const image = assemble({
    layers: [
      { layer: await layerOf('var/lib/dpkg/status', dpkgStatus([library, '1'])), storey: 'vendor', from: '' },
      {
        layer: await layerOf('app/node_modules/express/package.json', '{"name":"express","version":"5.0.0"}'),
        storey: 'application',
        from: '',
      },
    ],
  });
  return (await pushImage(image, client, 'test/web')).image;
}
