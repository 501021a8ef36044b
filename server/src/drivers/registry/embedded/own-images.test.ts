import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Digest } from '@beluga/oci/digest';
import { listReferrers } from '@beluga/oci/referrers';
import { Registry } from '@beluga/oci/registry';
import { digestOfBytes, startRegistry } from './registry-for-tests.ts';

const artifactType = 'application/x-test';

test('what the server attaches in its own registry is what others read over HTTP, and what others attach it reads', async (t) => {
  const registry = await startRegistry(t);
  const client = new Registry(registry.host, { credentials: { kind: 'bearer', token: 'secret' } });
  t.after(() => client.close());
  const image = (await registry.pushImage('a/b', 'main', randomBytes(1000))) as Digest;
  const documents = ['one', 'two'].map((text) => ({ artifactType, annotations: { of: text }, content: Buffer.from(text) }));
  const digests = await registry.images.attach('a/b', image, documents);
  assert.deepEqual((await listReferrers(client, 'a/b', image, artifactType)).map(({ digest }) => digest).toSorted(), digests.toSorted());
  const found = await registry.images.attached('a/b', image, artifactType);
  assert.deepEqual(found.map(({ content }) => Buffer.from(content).toString()).toSorted(), ['one', 'two']);
  assert.deepEqual(await registry.images.headManifest('a/b', 'main'), await client.headManifest('a/b', 'main'));
  assert.deepEqual(await registry.images.manifest('a/b', image), await client.manifest('a/b', image));
});

test('a blob that rots is not given to the server itself either, and what is not there is missing in the same words', async (t) => {
  const registry = await startRegistry(t);
  const { images, folder } = registry;
  const bytes = randomBytes(5000);
  const digest = (await registry.pushBlob('a/b', bytes)) as Digest;
  assert.deepEqual(await images.smallBlob('a/b', digest), bytes);
  await assert.rejects(images.smallBlob('a/b', digest, 10), { code: 'not-an-image' });
  await assert.rejects(images.smallBlob('a/other', digest), { code: 'blob-missing' });
  writeFileSync(join(folder, 'blobs', 'sha256', digest.slice(7, 9), digest.slice(7)), randomBytes(5000));
  await assert.rejects(images.smallBlob('a/b', digest), { code: 'registry-failed', message: /is corrupt on the disk/ });
  const absent = digestOfBytes('absent') as Digest;
  await assert.rejects(images.manifest('a/b', absent), { code: 'image-missing' });
  await assert.rejects(images.attach('a/b', absent, []), { code: 'image-missing' });
});
