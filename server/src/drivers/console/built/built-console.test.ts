import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openConsole } from './built-console.ts';

const folder = await mkdtemp(join(tmpdir(), 'beluga-console-'));
await mkdir(join(folder, 'assets'));
await writeFile(join(folder, 'index.html'), '<!doctype html>');
await writeFile(join(folder, 'assets', 'a-1.js'), 'let a = 1');
await writeFile(join(folder, 'assets', 'a-1.js.gz'), gzipSync('let a = 1'));
const url = await serving(folder);
after(() => rm(folder, { recursive: true }));

async function serving(from: string): Promise<string> {
  const server = createServer(await openConsole(from));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('hashed files are kept for good and come compressed, the page is asked for every time', async () => {
  const asset = await fetch(`${url}/assets/a-1.js`);
  assert.equal(asset.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal(asset.headers.get('content-encoding'), 'gzip');
  assert.equal(await asset.text(), 'let a = 1');
  const plain = await fetch(`${url}/assets/a-1.js`, { headers: { 'accept-encoding': 'identity' } });
  assert.equal(plain.headers.get('content-encoding'), null);
  const page = await fetch(`${url}/`);
  assert.equal(page.headers.get('cache-control'), 'no-cache');
  const known = await fetch(`${url}/`, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
  assert.equal(known.status, 304);
});

test('every place in the console is the page; a file that is not there is not', async () => {
  assert.equal(await (await fetch(`${url}/components/contrats-web?tab=logs`)).text(), '<!doctype html>');
  assert.equal((await fetch(`${url}/assets/gone-2.js`)).status, 404);
  assert.equal((await fetch(`${url}/../../package.json`)).status, 404);
  assert.equal((await fetch(`${url}/`, { method: 'POST' })).status, 405);
});

test('nothing from elsewhere and nothing inline may run', async () => {
  const policy = (await fetch(`${url}/`)).headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
});

test('a console that is not built says how to build it', async () => {
  const answer = await fetch(await serving(join(folder, 'nowhere')));
  assert.equal(answer.status, 503);
  assert.match(await answer.text(), /\.\/beluga up/);
});
