import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { OciError } from './errors.ts';
import { temporaryFolder } from './registry-for-tests.ts';
import { readTree } from './tree.ts';
import { type Leaf, writeTree } from './tree-for-tests.ts';

const file: Leaf = { kind: 'file', content: 'x', executable: false };

test('entries come in the order of the bytes of their paths, folders before what they hold', async (t) => {
  const folder = await folderOf(t, { 'b/x': file, 'b-c': file, B: file, é: file, '\u{1F40B}': file, '\uE000': file });
  assert.deepEqual(await pathsOf(folder), ['B', 'b', 'b-c', 'b/x', 'é', '\uE000', '\u{1F40B}']);
});

test('.git, .beluga and what .belugaignore names stay out, by the rules of .gitignore', async (t) => {
  const folder = await folderOf(t, {
    '.git/HEAD': file,
    'a/.git/HEAD': file,
    '.beluga/x': file,
    'logs/a.log': file,
    'keep.log': file,
    'src/b.log': file,
    'src/index.js': file,
  });
  writeFileSync(`${folder}/.belugaignore`, '# what the build leaves behind\n*.log\n!keep.log\n/logs/\n');
  assert.deepEqual(await pathsOf(folder), ['a', 'keep.log', 'src', 'src/index.js']);
});

for (const { target, why } of [
  { target: '/etc/passwd', why: 'an absolute path' },
  { target: '../outside', why: 'a folder above' },
  { target: 'sub/../../outside', why: 'a detour' },
  { target: 'here/here/../../outside', why: 'another link, whose parent is not what it seems' },
]) {
  test(`a link that leaves the folder by ${why} is refused by name`, async (t) => {
    const folder = await folderOf(t, {
      'deep/escape': { kind: 'link', target: `../${target}` },
      sub: { kind: 'folder' },
      here: { kind: 'link', target: '.' },
    });
    if (target.startsWith('/')) symlinkSync(target, `${folder}/absolute`);
    const name = target.startsWith('/') ? 'absolute' : 'deep/escape';
    await assert.rejects(readTree(folder), (error) => {
      assert.ok(error instanceof OciError);
      assert.equal(error.code, 'link-leaves-folder');
      assert.ok(error.message.includes(`${folder}/${name}`), error.message);
      assert.match(error.remedy, /\.belugaignore/);
      return true;
    });
  });
}

test('links inside the folder are kept, dangling and circular ones too', async (t) => {
  const links = { 'a/up': '../b/c', circle: 'circle', gone: 'nowhere', 'b/self': '.' };
  const folder = await folderOf(
    t,
    Object.fromEntries(Object.entries(links).map(([path, target]) => [path, { kind: 'link', target } as const])),
  );
  const entries = await readTree(folder);
  const found = entries.flatMap((entry) => (entry.kind === 'link' ? [[entry.path, entry.target]] : []));
  assert.deepEqual(Object.fromEntries(found), links);
});

test('a refused link may be named in .belugaignore', async (t) => {
  const folder = await folderOf(t, { escape: { kind: 'link', target: '/etc' }, index: file });
  writeFileSync(`${folder}/.belugaignore`, 'escape\n');
  assert.deepEqual(await pathsOf(folder), ['index']);
});

test('sockets and named pipes are refused by name', async (t) => {
  const folder = await folderOf(t, { index: file });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${folder}/socket`, resolve));
  t.after(() => server.close());
  await assert.rejects(readTree(folder), {
    code: 'special-file',
    message: `${folder}/socket is a socket; an image holds only files, folders and links.`,
  });
  const other = await folderOf(t, { index: file });
  execFileSync('mkfifo', [`${other}/pipe`]);
  await assert.rejects(readTree(other), { code: 'special-file', message: /pipe is a named pipe/ });
});

test('a name that is not UTF-8 is refused with its folder', async (t) => {
  const folder = await folderOf(t, {});
  mkdirSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])]));
  await assert.rejects(readTree(folder), {
    code: 'name-not-utf8',
    message: `The folder ${folder} holds a name that is not UTF-8: caf\ufffd.`,
  });
});

test('a missing artifact, or a file in its place, is said with its path', async (t) => {
  const folder = await folderOf(t, { index: file });
  for (const place of [`${folder}/missing`, `${folder}/index`]) {
    await assert.rejects(readTree(place), { code: 'artifact-missing', message: `There is no folder at ${place}.` });
  }
});

async function folderOf(t: TestContext, tree: Readonly<Record<string, Leaf>>): Promise<string> {
  const folder = await temporaryFolder(t);
  writeTree(folder, Object.entries(tree));
  return folder;
}

async function pathsOf(folder: string): Promise<readonly string[]> {
  return (await readTree(folder)).map((entry) => entry.path);
}
