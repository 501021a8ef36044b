import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readManifest } from '@beluga/contract/manifest';
import { commitVersion, makeRepository, revert } from './repository.ts';

test('every version of the demo is a commit on the one before, and a bad one is taken back', async () => {
  const home = await mkdtemp(join(tmpdir(), 'beluga-demo-'));
  try {
    const repository = await makeRepository(home, 'contrats-web');
    const manifest = async () => readManifest(await readFile(join(repository.folder, 'beluga.yaml'), 'utf8'), 'beluga.yaml');
    await commitVersion(repository, 2, 'feat: two');
    const changed = execFileSync('git', ['diff', '--name-only', 'HEAD~1'], { cwd: repository.folder, encoding: 'utf8' });
    assert.equal(changed.trim(), 'vues/portefeuille.eta');
    for (const number of [3, 4]) {
      await commitVersion(repository, number, `feat: ${number}`);
      assert.notEqual((await manifest()).environments?.['prod']?.env, undefined, 'it differs in production');
      await revert(repository);
      assert.equal((await manifest()).environments?.['prod']?.env, undefined);
    }
    await commitVersion(repository, 5, 'fix: five');
    const log = execFileSync('git', ['log', '--format=%an'], { cwd: repository.folder, encoding: 'utf8' });
    assert.deepEqual(log.trim().split('\n'), Array<string>(7).fill('Camille Le Goff'));
  } finally {
    await rm(home, { recursive: true });
  }
});

test('a repository is made again from the start, and keeps the packages it had', async () => {
  const home = await mkdtemp(join(tmpdir(), 'beluga-demo-'));
  try {
    const { folder } = await makeRepository(home, 'contrats-api');
    await mkdir(join(folder, 'node_modules'));
    await writeFile(join(folder, 'node_modules', 'kept'), '');
    await writeFile(join(folder, 'left-over.js'), '');
    await makeRepository(home, 'contrats-api');
    assert.deepEqual([existsSync(join(folder, 'node_modules', 'kept')), existsSync(join(folder, 'left-over.js'))], [true, false]);
    assert.equal(execFileSync('git', ['status', '--porcelain'], { cwd: folder, encoding: 'utf8' }), '');
  } finally {
    await rm(home, { recursive: true });
  }
});
