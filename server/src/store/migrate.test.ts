import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type pg from 'pg';
import { BelugaError } from '../errors.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { withEmptyDatabase } from './postgres/for-tests.ts';

async function folderWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'beluga-migrations-'));
  t.after(() => rm(folder, { recursive: true }));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)));
  return folder;
}

async function tables(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  return rows.map(({ name }) => name);
}

function refusedWith(code: string, sentence: RegExp) {
  return (error: unknown) => error instanceof BelugaError && error.code === code && sentence.test(error.message);
}

const plants = {
  '0001-oak.sql': 'create table oak (id integer primary key); insert into oak values (1);',
  '0002-elm.sql': 'create table elm (id integer primary key);',
};

test('migrations are applied in order, once, and only the new ones afterwards', async (t) => {
  const { pool } = await withEmptyDatabase();
  const folder = await folderWith(t, plants);
  assert.deepEqual(await migrate(pool, folder), ['0001-oak.sql', '0002-elm.sql']);
  assert.deepEqual(await migrate(pool, folder), []);
  await writeFile(join(folder, '0003-ash.sql'), 'create table ash as select * from oak;');
  assert.deepEqual(await migrate(pool, folder), ['0003-ash.sql']);
  assert.deepEqual(await tables(pool), ['ash', 'elm', 'migration', 'oak']);
});

test('several servers that start at once migrate once', async (t) => {
  const { pool, url } = await withEmptyDatabase();
  const folder = await folderWith(t, { ...plants, '0003-slow.sql': 'select pg_sleep(0.3); create table ash (id integer);' });
  const others = [1, 2, 3].map(() => openDatabase({ url, connections: 1 }));
  t.after(() => Promise.all(others.map((other) => other.close())));
  const applied = await Promise.all([pool, ...others.map((other) => other.pool)].map((each) => migrate(each, folder)));
  assert.deepEqual(applied.flat(), ['0001-oak.sql', '0002-elm.sql', '0003-slow.sql']);
});

test('a migration that fails leaves nothing of itself, keeps the ones before, and names its line', async (t) => {
  const { pool } = await withEmptyDatabase();
  const folder = await folderWith(t, { ...plants, '0003-ash.sql': 'create table ash (id integer);\n\ncreate tabel yew (id integer);\n' });
  await assert.rejects(
    migrate(pool, folder),
    refusedWith('migration-failed', /^Migration 0003-ash.sql failed: syntax error at or near "tabel", line 3\.$/),
  );
  assert.deepEqual(await tables(pool), ['elm', 'migration', 'oak']);
  await writeFile(join(folder, '0003-ash.sql'), 'create table ash (id integer);');
  assert.deepEqual(await migrate(pool, folder), ['0003-ash.sql']);
});

test('a migration that changed after it was applied is refused', async (t) => {
  const { pool } = await withEmptyDatabase();
  const folder = await folderWith(t, plants);
  await migrate(pool, folder);
  await writeFile(join(folder, '0001-oak.sql'), 'create table oak (id bigint primary key);');
  await assert.rejects(migrate(pool, folder), refusedWith('migration-changed', /^Migration 0001-oak.sql was changed after it was applied/));
});

test('the same text with line ends of another system is the same migration', async (t) => {
  const { pool } = await withEmptyDatabase();
  const folder = await folderWith(t, { '0001-oak.sql': 'create table oak (\n  id integer\n);\n' });
  await migrate(pool, folder);
  await writeFile(join(folder, '0001-oak.sql'), 'create table oak (\r\n  id integer\r\n);\r\n');
  assert.deepEqual(await migrate(pool, folder), []);
});

test('a database that a newer Beluga migrated is refused', async (t) => {
  const { pool } = await withEmptyDatabase();
  const folder = await folderWith(t, plants);
  await migrate(pool, folder);
  await rm(join(folder, '0002-elm.sql'));
  await assert.rejects(
    migrate(pool, folder),
    refusedWith('database-newer', /migrated to 0002-elm.sql by a newer Beluga; this one knows migrations up to 0001-oak.sql/),
  );
});

test('a gap or a doubled number in the migrations is refused before anything is applied', async (t) => {
  const { pool } = await withEmptyDatabase();
  await assert.rejects(
    migrate(pool, await folderWith(t, { '0001-oak.sql': '', '0003-ash.sql': '' })),
    /0003-ash.sql stands where number 2 is expected/,
  );
  await assert.rejects(
    migrate(pool, await folderWith(t, { '0001-ash.sql': '', '0001-oak.sql': '' })),
    /0001-oak.sql stands where number 2 is expected/,
  );
  assert.deepEqual(await tables(pool), []);
});

test('a database that does not answer is refused as unreachable', async (t) => {
  const nowhere = openDatabase({ url: 'postgresql://beluga@127.0.0.1:1/beluga' });
  t.after(() => nowhere.close());
  await assert.rejects(migrate(nowhere.pool), refusedWith('database-unreachable', /ECONNREFUSED/));
});

test('the migrations of this Beluga apply to an empty database', async () => {
  const { pool } = await withEmptyDatabase();
  const applied = await migrate(pool);
  assert.ok(applied.length > 0);
  assert.ok((await tables(pool)).includes('deployment'));
});
