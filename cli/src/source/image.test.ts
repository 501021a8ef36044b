import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readComponent } from './component.ts';
import { artifactOf } from './image.ts';

const root = mkdtempSync(join(tmpdir(), 'beluga-artifact-'));
after(() => rmSync(root, { recursive: true }));

async function artifact(name: string, packages: object): Promise<string> {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'beluga.yaml'), 'apiVersion: beluga/v1\nkind: Service\nmetadata: { name: web, system: shop }\n');
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  return folder;
}
const taken = async (folder: string) => artifactOf(await readComponent(folder));

test('an artifact whose packages were not installed is refused before anything is built', async () => {
  const folder = await artifact('forgotten', { '': {}, 'node_modules/dayjs': { version: '1.11.0' } });
  await assert.rejects(taken(folder), { code: 'packages-missing', message: /no node_modules/ });
  mkdirSync(join(folder, 'node_modules'));
  assert.equal(await taken(folder), folder);
});

test('packages for development only, or a lockfile that stays outside the image, need no installation', async () => {
  const tools = await artifact('tools', { '': {}, 'node_modules/typescript': { dev: true } });
  assert.equal(await taken(tools), tools);
  const bundled = await artifact('bundled', { 'node_modules/dayjs': {} });
  writeFileSync(join(bundled, '.belugaignore'), 'package-lock.json\n');
  assert.equal(await taken(bundled), bundled);
});
