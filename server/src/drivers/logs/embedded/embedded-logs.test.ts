import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { give, lineAt, logsContract, textsOf, web } from '../logs.contract.ts';
import type { Logs } from '../logs.ts';
import { openEmbeddedLogs } from './embedded-logs.ts';

const root = mkdtempSync(join(tmpdir(), 'beluga-logs-'));
after(() => rmSync(root, { recursive: true }));
let folders = 0;
const newFolder = () => join(root, String((folders += 1)));
const open = (folder = newFolder(), limitBytes = 1 << 30, warnings: string[] = []): Logs =>
  openEmbeddedLogs({ folder, limitBytes, warn: (_, message) => void warnings.push(message) });
const long = (count: number, letter: string, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    ...lineAt(0, `${letter}${index} ${crypto.randomUUID().repeat(25)}`),
    at: new Date(Date.UTC(2026, 10, 25) + (from + index) * 1000).toISOString(),
  }));

logsContract('embedded logs', () => open());

test('a server that starts again goes on where the last one ended, also after one that was killed in a write', async () => {
  const folder = newFolder();
  const first = open(folder);
  await give(first, [lineAt(1, 'a'), lineAt(2, 'b')]);
  await first.close();
  await appendFile(join(folder, 'dev/web/0000000000000001.ndjson'), '{"at":"2026-11-25T10:00:03.0000');
  const second = open(folder);
  await give(second, [lineAt(2, 'b'), lineAt(2, 'b too'), lineAt(3, 'c')]);
  assert.deepEqual(await textsOf(second), ['a', 'b', 'b too', 'c']);
  await second.close();
  const third = open(folder);
  assert.deepEqual(await textsOf(third, { after: 1 }), ['b', 'b too', 'c']);
  assert.equal((await third.intake(web, 'web.dev.g1.0')).since, lineAt(3, 'c').at);
  await third.close();
});

test('complete segments are compressed and read like the open one; what a source gave long ago is still known', async () => {
  const folder = newFolder();
  const logs = open(folder);
  await give(logs, [{ ...lineAt(0, 'quiet', 'web.dev.g1.1'), at: '2026-11-24T00:00:00Z' }], 'web.dev.g1.1');
  for (let part = 0; part < 4; part += 1) await give(logs, long(600, `${part}-`, part * 600));
  const files = await readdir(join(folder, 'dev/web'));
  assert.ok(files.filter((name) => name.endsWith('.zst')).length >= 1, files.join(' '));
  assert.equal((await textsOf(logs)).length, 2401);
  assert.match((await textsOf(logs, { after: 601, tail: 10_000 }))[0] ?? '', /^1-0 /);
  await logs.close();
  const again = open(folder);
  await give(again, [{ ...lineAt(0, 'quiet', 'web.dev.g1.1'), at: '2026-11-24T00:00:00Z' }], 'web.dev.g1.1');
  assert.equal((await textsOf(again)).length, 2401);
  await again.close();
});

test('where the size is reached the oldest lines of the place that holds most go first', async () => {
  const folder = newFolder();
  const logs = open(folder, 60_000);
  const other = { component: 'api', environment: 'dev' };
  (await logs.intake(other, 'api.dev.g1.0')).take(lineAt(1, 'still here', 'api.dev.g1.0'));
  await logs.settle(other);
  for (let part = 0; part < 8; part += 1) await give(logs, long(600, `${part}-`, part * 600));
  await logs.close();
  const sizes = await Promise.all(
    (await readdir(join(folder, 'dev/web'))).filter((name) => name.endsWith('.zst')).map((name) => stat(join(folder, 'dev/web', name))),
  );
  assert.ok(sizes.reduce((sum, { size }) => sum + size, 0) <= 60_000);
  const texts = await textsOf(logs);
  assert.ok(texts.length < 4800);
  assert.match(texts.at(-1) ?? '', /^7-599 /);
  assert.equal((await logs.read(other, {})).length, 1);
});

test('a disk that refuses a write loses nothing: the lines come with the next', async () => {
  const folder = newFolder();
  const warnings: string[] = [];
  const logs = open(folder, 1 << 30, warnings);
  await writeFile(folder, 'in the way');
  await give(logs, [lineAt(1, 'a')]);
  assert.equal(warnings.length, 1);
  await rm(folder);
  await give(logs, [lineAt(2, 'b')]);
  assert.deepEqual(await textsOf(logs), ['a', 'b']);
  await logs.close();
});
