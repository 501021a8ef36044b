import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { digestOf } from './digest.ts';
import { mediaTypes } from './manifest.ts';
import { attach, attachments, listReferrers } from './referrers.ts';
import { Registry } from './registry.ts';
import { registries, startDockerRegistry, startFailingProxy, type TestRegistry, temporaryFolder } from './registry-for-tests.ts';
import { mountBlob, uploadBlob } from './upload.ts';

for (const { name, start } of registries) {
  const opened = async (t: TestContext) => client(t, await start(t));

  test(`${name} gives a blob back as it was sent, at once and in chunks`, async (t) => {
    const registry = await opened(t);
    const file = `${await temporaryFolder(t)}/blob`;
    const bytes = randomBytes(3_000_000);
    writeFileSync(file, bytes);
    const digest = digestOf(bytes);
    for (const [repository, chunkBytes] of [
      ['a/whole', 10_000_000],
      ['a/chunks', 700_000],
    ] as const) {
      assert.equal(await registry.holdsBlob(repository, digest), false);
      const sent: number[] = [];
      const options = { chunkBytes, sent: (sentBytes: number) => sent.push(sentBytes) };
      await uploadBlob(registry, repository, { kind: 'file', digest, file, sizeBytes: bytes.length }, options);
      assert.equal(sent.at(-1), bytes.length);
      assert.equal(await registry.holdsBlob(repository, digest), true);
      assert.deepEqual(await registry.smallBlob(repository, digest), bytes);
    }
  });

  test(`${name} mounts a blob of another repository without its bytes, and says when it cannot`, async (t) => {
    const registry = await opened(t);
    const bytes = randomBytes(1000);
    const digest = digestOf(bytes);
    await uploadBlob(registry, 'vendor/base', { kind: 'bytes', digest, bytes });
    assert.equal(await mountBlob(registry, 'team/app', digest, 'vendor/base'), true);
    assert.equal(await registry.holdsBlob('team/app', digest), true);
    assert.equal(await mountBlob(registry, 'team/app', digestOf('absent'), 'vendor/base'), false);
  });

  test(`${name} says what a tag names, and lists more tags than fit on a page`, async (t) => {
    const registry = await opened(t);
    const { bytes, digest } = await pushIndex(registry, 'team/app', 'first');
    assert.deepEqual(await registry.headManifest('team/app', 'first'), { mediaType: mediaTypes.index, digest, size: bytes.length });
    assert.equal(await registry.headManifest('team/app', 'absent'), undefined);
    const tags = Array.from({ length: 120 }, (_, at) => `tag-${String(at).padStart(3, '0')}`);
    for (const tag of tags) await registry.putManifest('team/app', tag, mediaTypes.index, bytes);
    assert.deepEqual((await registry.tags('team/app')).toSorted(), ['first', ...tags]);
    assert.deepEqual(await registry.tags('team/absent'), []);
  });

  test(`${name} refuses in clear words: a missing image, a missing blob, a manifest that names what is not there`, async (t) => {
    const registry = await opened(t);
    await assert.rejects(registry.manifest('team/app', 'v1'), {
      code: 'image-missing',
      message: `The registry does not hold ${registry.host}/team/app:v1.`,
    });
    await assert.rejects(registry.smallBlob('team/app', digestOf('absent')), { code: 'blob-missing' });
    const config = { mediaType: mediaTypes.config, digest: digestOf('absent'), size: 6 };
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [] }));
    await assert.rejects(registry.putManifest('team/app', 'v1', mediaTypes.manifest, manifest), { code: 'registry-refused' });
  });

  test(`${name} refuses a blob that is not what its digest says`, async (t) => {
    const registry = await opened(t);
    const digest = digestOf('this');
    await assert.rejects(uploadBlob(registry, 'team/app', { kind: 'bytes', digest, bytes: Buffer.from('that') }), {
      code: 'registry-refused',
    });
    assert.equal(await registry.holdsBlob('team/app', digest), false);
  });

  test(`${name} lists what is attached to an image, once however often it was attached, by type`, async (t) => {
    const registry = await opened(t);
    const { bytes, digest } = await pushIndex(registry, 'team/app', 'v1');
    const subject = { mediaType: mediaTypes.index, digest, size: bytes.length };
    const sbom = {
      artifactType: 'application/vnd.cyclonedx+json',
      mediaType: 'application/vnd.cyclonedx+json',
      content: Buffer.from('{"bom":1}'),
    };
    const first = await attach(registry, 'team/app', subject, sbom);
    assert.equal(await attach(registry, 'team/app', subject, sbom), first);
    await attach(registry, 'team/app', subject, { ...sbom, artifactType: 'text/plain', annotations: { note: 'other' } });
    assert.equal((await listReferrers(registry, 'team/app', digest)).length, 2);
    assert.deepEqual(await attachments(registry, 'team/app', digest, sbom.artifactType), [Buffer.from('{"bom":1}')]);
    assert.deepEqual(await listReferrers(registry, 'team/app', digestOf('absent')), []);
  });

  test(`an upload to ${name} goes on where a broken connection left it`, async (t) => {
    const target = await start(t);
    let sentBytes = 0;
    let cuts = 0;
    const proxy = await startFailingProxy(t, target.host, (bytes) => {
      sentBytes = bytes;
      return cuts < 2 && bytes > 1_500_000 && ++cuts > 0;
    });
    const registry = client(t, { ...target, host: proxy });
    const file = `${await temporaryFolder(t)}/blob`;
    const bytes = randomBytes(4_000_000);
    writeFileSync(file, bytes);
    const digest = digestOf(bytes);
    await uploadBlob(registry, 'team/app', { kind: 'file', digest, file, sizeBytes: bytes.length }, { chunkBytes: 400_000 });
    assert.equal(cuts, 2);
    assert.ok(sentBytes < bytes.length, `the last connection carried ${sentBytes} bytes: everything was sent again`);
    assert.deepEqual(await client(t, target).smallBlob('team/app', digest), bytes);
  });
}

test('a file of the cache that is not what its digest says is never offered as that', async (t) => {
  const registry = client(t, await startDockerRegistry(t));
  const file = `${await temporaryFolder(t)}/blob`;
  const digest = digestOf('something else');
  for (const sizeBytes of [1000, 2_000_000]) {
    writeFileSync(file, randomBytes(sizeBytes));
    await assert.rejects(uploadBlob(registry, 'team/app', { kind: 'file', digest, file, sizeBytes }), { code: 'cache-damaged' });
  }
});

test('a registry that does not answer is named, after a few attempts', async (t) => {
  const registry = client(t, { host: '127.0.0.1:1' });
  await assert.rejects(registry.holdsBlob('team/app', digestOf('x')), {
    code: 'registry-unreachable',
    retry: true,
    message: 'The registry 127.0.0.1:1 does not answer: connect ECONNREFUSED 127.0.0.1:1.',
  });
});

async function pushIndex(registry: Registry, repository: string, tag: string) {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] }));
  await registry.putManifest(repository, tag, mediaTypes.index, bytes);
  return { bytes, digest: digestOf(bytes) };
}

function client(t: TestContext, { host, credentials }: TestRegistry): Registry {
  const registry = new Registry(host, { attempts: 3, backOffMs: 10, ...(credentials && { credentials }) });
  t.after(() => registry.close());
  return registry;
}
