import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  createReadStream,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { root } from './entry.ts';
import { type Compression, diffIdOf, type LayerFacts, writeLayer } from './layer.ts';
import { readLayer } from './layer-reader.ts';
import { unpackLayer } from './pull.ts';
import { temporaryFolder } from './registry-for-tests.ts';
import { readTree } from './tree.ts';
import { describeTree, type TestTree, trees, writeTree } from './tree-for-tests.ts';

const umask = process.umask();
const runs = { numRuns: 25 };

test('two checkouts at other paths, times, umasks, orders and users give one digest', async (t) => {
  const folder = await temporaryFolder(t);
  await fc.assert(
    fc.asyncProperty(trees, async (tree) => {
      const place = mkdtempSync(`${folder}/case-`);
      const [one, two] = [
        checkout(`${place}/one`, [...tree], 0o022),
        checkout(`${place}/a longer place/two`, [...tree].toReversed(), 0o077),
      ];
      age(two);
      const [first, second] = [await layerOf(one, `${place}/1`, 'gzip'), await layerOf(two, `${place}/2`, 'gzip')];
      assert.deepEqual(second, first);
      assert.deepEqual(readFileSync(`${place}/2`), readFileSync(`${place}/1`));
      assert.equal(await diffIdOf(await readTree(one), root), first.diffId);
      rmSync(place, { recursive: true });
    }),
    runs,
  );
});

test('plain tar and this library unpack a layer to the tree it was made from', async (t) => {
  const folder = await temporaryFolder(t);
  await fc.assert(
    fc.asyncProperty(trees, fc.constantFrom<Compression>('gzip', 'zstd'), async (tree: TestTree, compression) => {
      const place = mkdtempSync(`${folder}/case-`);
      const source = checkout(`${place}/source`, [...tree], 0o022);
      const { diffId } = await layerOf(source, `${place}/layer`, compression);
      mkdirSync(`${place}/tar`);
      mkdirSync(`${place}/own`);
      execFileSync('tar', ['-x', `--${compression}`, '-f', `${place}/layer`, '-C', `${place}/tar`]);
      await unpackLayer(readLayer(createReadStream(`${place}/layer`), diffId), `${place}/own`);
      assert.deepEqual(describeTree(`${place}/tar`), describeTree(source));
      assert.deepEqual(describeTree(`${place}/own`), describeTree(source));
      rmSync(place, { recursive: true });
    }),
    runs,
  );
});

test('paths and targets of every length around the bounds of the tar header come back', async (t) => {
  const folder = await temporaryFolder(t);
  const lengths = [99, 100, 101, 154, 155, 156, 157, 200, 254, 255, 256, 257, 500];
  const tree = new Map(lengths.map((length) => [pathOf(length), { kind: 'link', target: 'x'.repeat(length) }] as const));
  const source = checkout(`${folder}/source`, [...tree], 0o022);
  await layerOf(source, `${folder}/layer`, 'gzip');
  mkdirSync(`${folder}/out`);
  execFileSync('tar', ['-x', '-z', '-f', `${folder}/layer`, '-C', `${folder}/out`]);
  assert.deepEqual(describeTree(`${folder}/out`), describeTree(source));
});

test('entries belong to root, were changed in 1970, and the layer names no operating system', async (t) => {
  const folder = await temporaryFolder(t);
  const source = checkout(`${folder}/source`, [['bin/run', { kind: 'file', content: '#!/bin/sh', executable: true }]], 0o077);
  await layerOf(source, `${folder}/layer`, 'gzip');
  const listed = execFileSync('tar', ['-t', '-v', '-z', '-f', `${folder}/layer`, '--numeric-owner', '--utc'], { encoding: 'utf8' });
  assert.deepEqual(listed.trimEnd().split('\n'), [
    'drwxr-xr-x 0/0               0 1970-01-01 00:00 bin/',
    '-rwxr-xr-x 0/0               9 1970-01-01 00:00 bin/run',
  ]);
  assert.deepEqual([...readFileSync(`${folder}/layer`).subarray(0, 10)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
});

test('hard links become files of their own', async (t) => {
  const folder = await temporaryFolder(t);
  const source = checkout(`${folder}/source`, [['one', { kind: 'file', content: 'same', executable: false }]], 0o022);
  linkSync(`${source}/one`, `${source}/two`);
  const entries = await readTree(source);
  assert.deepEqual(
    entries.map((entry) => `${entry.path} ${entry.kind}`),
    ['one file', 'two file'],
  );
});

test('a file that grows, shrinks or is replaced after it was seen is detected, never torn', async (t) => {
  const folder = await temporaryFolder(t);
  const source = checkout(`${folder}/source`, [['big', { kind: 'file', content: 'x'.repeat(3_000_000), executable: false }]], 0o022);
  const changes = [
    () => truncateSync(`${source}/big`, 10),
    () => writeFileSync(`${source}/big`, 'y'.repeat(3_000_000)),
    () => rmSync(`${source}/big`),
  ];
  for (const change of changes) {
    writeFileSync(`${source}/big`, 'x'.repeat(3_000_000));
    const entries = await readTree(source);
    await new Promise((resolve) => setTimeout(resolve, 10));
    change();
    const written = writeLayer(entries, root, 'gzip', `${folder}/layer`).finally(() => rmSync(`${folder}/layer`, { force: true }));
    await assert.rejects(written, { code: 'artifact-changed', message: `The file ${source}/big changed while it was being read.` });
  }
});

function checkout(folder: string, tree: Parameters<typeof writeTree>[1], mask: number): string {
  process.umask(mask);
  try {
    writeTree(folder, tree);
  } finally {
    process.umask(umask);
  }
  return folder;
}

/** Another user, another time. */
function age(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const place = `${entry.parentPath}/${entry.name}`;
    if (process.getuid?.() === 0) lchownSync(place, 1234, 4321);
    if (!entry.isSymbolicLink()) utimesSync(place, 1_000_000_000, 1_000_000_000);
  }
}

async function layerOf(folder: string, file: string, compression: Compression): Promise<LayerFacts> {
  return await writeLayer(await readTree(folder), root, compression, file);
}

/** A path of so many characters, in folders of at most 99. */
function pathOf(length: number): string {
  const folders = Math.floor((length - 1) / 100);
  return `${`${'d'.repeat(99)}/`.repeat(folders)}${'f'.repeat(length - 100 * folders)}`;
}
