import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { LayerCache } from './cache.ts';
import { digestOf } from './digest.ts';
import { root } from './entry.ts';
import { temporaryFolder } from './registry-for-tests.ts';
import { readTree } from './tree.ts';
import { writeTree } from './tree-for-tests.ts';

test('the same content in another folder is found, not compressed again', async (t) => {
  const { folder, cache } = await start(t);
  const first = await layerOf(cache, artifact(`${folder}/one`));
  const second = await layerOf(cache, artifact(`${folder}/two`));
  assert.deepEqual({ ...second, built: true }, first);
  assert.equal(second.built, false);
});

test('a file that settled is not read again, one that changed is', async (t) => {
  const { folder, cache } = await start(t);
  const place = artifact(`${folder}/one`);
  await settle();
  const first = await layerOf(cache, place);
  assert.equal((await layerOf(cache, place)).built, false);
  const before = readFileSync(`${place}/big`);
  writeFileSync(`${place}/big`, before.fill('z', 0, 1));
  utimesSync(`${place}/big`, 1, 1);
  const second = await layerOf(cache, place);
  assert.equal(second.built, true);
  assert.notEqual(second.digest, first.digest);
});

test('an entry that was cut short or lost is built again', async (t) => {
  const { folder, cache } = await start(t);
  const place = artifact(`${folder}/one`);
  const first = await layerOf(cache, place);
  for (const damage of [() => truncateSync(first.file, 10), () => rmSync(first.file)]) {
    damage();
    const again = await layerOf(cache, place);
    assert.equal(again.built, true);
    assert.equal(digestOf(readFileSync(again.file)), first.digest);
  }
});

test('notes that are no longer JSON are passed over', async (t) => {
  const { folder, cache } = await start(t);
  const place = artifact(`${folder}/one`);
  const first = await layerOf(cache, place);
  for (const notes of ['seen', 'layers']) {
    for (const file of readdirSync(`${cache.folder}/${notes}`)) writeFileSync(`${cache.folder}/${notes}/${file}`, '{"fingerprint":');
  }
  assert.equal((await layerOf(cache, place)).digest, first.digest);
});

test('two builds at once share a cache and leave nothing half-written', async (t) => {
  const { folder, cache } = await start(t);
  const places = ['one', 'two', 'three', 'four'].map((name) => artifact(`${folder}/${name}`));
  const layers = await Promise.all(places.map((place) => layerOf(new LayerCache(cache.folder), place)));
  assert.equal(new Set(layers.map((layer) => layer.digest)).size, 1);
  assert.equal(digestOf(readFileSync(layers[0]?.file ?? '')), layers[0]?.digest);
  assert.deepEqual(readdirSync(`${cache.folder}/incoming`), []);
});

test('what fails leaves nothing half-written', async (t) => {
  const { folder, cache } = await start(t);
  const place = artifact(`${folder}/one`);
  const entries = await readTree(place);
  rmSync(`${place}/big`);
  await assert.rejects(cache.layer({ name: 'x', entries, owner: root, compression: 'gzip' }), { code: 'artifact-changed' });
  assert.deepEqual(readdirSync(`${cache.folder}/incoming`), []);
  assert.deepEqual(readdirSync(`${cache.folder}/blobs`), []);
});

test('kept bytes come back by digest, damaged ones do not', async (t) => {
  const { cache } = await start(t);
  const digest = cache.keep(Buffer.from('{}'));
  assert.deepEqual(cache.bytes(digest), Buffer.from('{}'));
  writeFileSync(cache.fileOf(digest), '[]');
  assert.equal(cache.bytes(digest), undefined);
});

test('a cache that cannot be written is named', async (t) => {
  const folder = await temporaryFolder(t);
  writeFileSync(`${folder}/file`, '');
  assert.throws(() => new LayerCache(`${folder}/file`), { code: 'cache-unwritable' });
});

async function start(t: TestContext) {
  const folder = await temporaryFolder(t);
  mkdirSync(`${folder}/cache`);
  return { folder, cache: new LayerCache(`${folder}/cache`) };
}

/** Large enough to be looked up by content before it is compressed. */
function artifact(place: string): string {
  const big = 'a line of text that compresses well\n'.repeat(80_000);
  writeTree(place, [
    ['big', { kind: 'file', content: big, executable: false }],
    ['small', { kind: 'file', content: 'x', executable: true }],
  ]);
  return place;
}

async function layerOf(cache: LayerCache, place: string) {
  return await cache.layer({ name: place, entries: await readTree(place), owner: root, compression: 'gzip' });
}

/** Files are trusted by their times only some seconds after they changed. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2_100));
}
