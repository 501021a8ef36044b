import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sql } from 'kysely';
import { BelugaError } from '../../errors.ts';
import { type Database, openDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import { restoreBackup, takeBackup } from './backup.ts';
import { verifyBackup } from './backup-files.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { distributionProgram, folderForPostgres, withDatabase, withEmptyDatabase } from './for-tests.ts';

const takenAt = '2026-11-02T22:00:00.000Z';

/** Every kind of value that a backup could spoil. */
const garden = `
  create table plant (
    id bigint generated always as identity primary key,
    name text not null unique,
    parent bigint references plant (id),
    notes jsonb,
    planted timestamptz not null,
    height double precision,
    seed bytea,
    label text generated always as (upper(name)) stored
  );
  create table visit (plant_name text references plant (name), at timestamptz, primary key (at, plant_name));
  create table diary (line text);
  create function note() returns trigger language plpgsql as $$ begin insert into diary values ('planted ' || new.name); return new; end $$;
  create trigger noted after insert on plant for each row execute function note();
  insert into diary values ('a line that a migration brings');`;
const seeds = `
  insert into plant (name, parent, notes, planted, height, seed) values
    (E'tab\\there, back\\\\slash, line\\nend', null, '{"a":"é\\n\\"","b":[1,null]}', '2026-03-29 02:30:00.123456+01', 0.1, '\\x00ff5c2e'),
    ('', 1, null, 'infinity', 'NaN', ''),
    ('\\N', 2, 'null', '0044-03-15 12:00:00 BC', 1e-300, null),
    ('été 🌱', 3, '"x"', '2026-01-01Z', null, null);
  insert into visit values ('été 🌱', '2026-06-01Z'), ('', '2026-06-01Z');
  delete from diary where line = 'planted ';`;

async function folders(t: TestContext): Promise<{ migrations: string; backup: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'beluga-backup-'));
  t.after(() => rm(folder, { recursive: true }));
  const migrations = await mkdtemp(join(folder, 'migrations-'));
  await writeFile(join(migrations, '0001-garden.sql'), garden);
  return { migrations, backup: join(folder, 'backup') };
}

async function planted(t: TestContext): Promise<{ database: Database; migrations: string; backup: string }> {
  const database = await withEmptyDatabase();
  const places = await folders(t);
  await migrate(database.pool, places.migrations);
  await database.pool.query(seeds);
  return { database, ...places };
}

async function everything({ pool }: Database): Promise<unknown> {
  const queries = [
    'select t::text from plant t order by id',
    'select t::text from visit t order by 1',
    'select line from diary order by 1',
  ];
  return Promise.all(queries.map((text) => pool.query<object>(text).then(({ rows }) => rows)));
}

async function isUntouched({ pool }: Database): Promise<void> {
  const { rows } = await pool.query(`select 1 from pg_class where relnamespace = 'public'::regnamespace`);
  assert.deepEqual(rows, []);
}

function refusedWith(code: string, sentence: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof BelugaError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, sentence);
    return true;
  };
}

test('what was backed up comes back to the last byte, and counting goes on where it was', async (t) => {
  const { database, migrations, backup } = await planted(t);
  const taken = await takeBackup(database.pool, backup, takenAt);
  assert.deepEqual(
    taken.tables.map(({ name, rows }) => `${name} ${rows}`),
    ['diary 4', 'plant 4', 'visit 2'],
  );
  const other = await withEmptyDatabase();
  const restored = await restoreBackup(other.pool, backup, taken.digest, migrations);
  assert.deepEqual(restored, taken);
  assert.deepEqual(await everything(other), await everything(database));
  await other.pool.query(`insert into plant (name, planted) values ('next', now())`);
  const { rows } = await other.pool.query(`select id, label from plant where name = 'next'`);
  assert.deepEqual(rows, [{ id: 5, label: 'NEXT' }]);
  const { rowCount } = await other.pool.query(`select from diary where line = 'planted next'`);
  assert.equal(rowCount, 1, 'triggers work again');
});

test('two backups of the same content have the same digests, also after a restore elsewhere', async (t) => {
  const { database, migrations, backup } = await planted(t);
  const one = await takeBackup(database.pool, backup, takenAt);
  await database.pool.query(`update plant set height = height where id < 3`);
  const other = await withEmptyDatabase();
  await restoreBackup(other.pool, backup, undefined, migrations);
  for (const [index, { pool }] of [database, other].entries()) {
    const again = await takeBackup(pool, `${backup}-${index}`, takenAt);
    assert.equal(again.digest, one.digest);
  }
});

test('a backup is of one instant, whatever is written meanwhile', async (t) => {
  const { database, migrations, backup } = await planted(t);
  let writing = true;
  const writer = (async () => {
    for (let number = 0; writing; number += 1) {
      await database.kysely.transaction().execute(async (transaction) => {
        await sql`insert into visit values ('', timestamptz '2027-01-01Z' + ${number} * interval '1 hour')`.execute(transaction);
        await sql`insert into diary values ('visited')`.execute(transaction);
      });
    }
  })();
  const other = await withEmptyDatabase();
  await takeBackup(database.pool, backup, takenAt).finally(() => {
    writing = false;
  });
  await writer;
  await restoreBackup(other.pool, backup, undefined, migrations);
  const { rows } = await other.pool.query(
    `select (select count(*) from visit where at >= '2027-01-01Z') as visits, (select count(*) from diary where line = 'visited') as lines`,
  );
  const [row] = rows as { visits: number; lines: number }[];
  assert.equal(row?.visits, row?.lines);
});

test('a backup of an older Beluga is restored as it was and migrated from there', async (t) => {
  const { database, migrations, backup } = await planted(t);
  await takeBackup(database.pool, backup, takenAt);
  await writeFile(
    join(migrations, '0002-rename.sql'),
    `alter table plant rename column height to metres; update plant set metres = 7 where id = 1;`,
  );
  const other = await withEmptyDatabase();
  await restoreBackup(other.pool, backup, undefined, migrations);
  assert.deepEqual((await other.pool.query('select metres from plant where id = 1')).rows, [{ metres: 7 }]);
});

test('a backup of a newer Beluga, or of other migrations, is refused and nothing is changed', async (t) => {
  const { database, migrations, backup } = await planted(t);
  await takeBackup(database.pool, backup, takenAt);
  const other = await withEmptyDatabase();
  await writeFile(join(migrations, '0001-garden.sql'), `${garden}\n-- changed`);
  await assert.rejects(restoreBackup(other.pool, backup, undefined, migrations), refusedWith('migration-changed', /0001-garden.sql/));
  await rm(join(migrations, '0001-garden.sql'));
  await assert.rejects(
    restoreBackup(other.pool, backup, undefined, migrations),
    refusedWith('database-newer', /0001-garden.sql by a newer Beluga/),
  );
  await isUntouched(other);
});

test('a damaged backup is refused before anything is changed', async (t) => {
  const { database, migrations, backup } = await planted(t);
  const { digest } = await takeBackup(database.pool, backup, takenAt);
  const other = await withEmptyDatabase();
  const damages: readonly [string, RegExp, (folder: string) => Promise<unknown>][] = [
    ['cut', /plant.copy.zst cannot be read to its end/, async (folder) => truncate(join(folder, 'plant.copy.zst'), 20)],
    ['gone', /visit.copy.zst cannot be read to its end/, (folder) => rm(join(folder, 'visit.copy.zst'))],
    ['swapped', /visit.copy.zst holds other rows/, (folder) => cp(join(folder, 'diary.copy.zst'), join(folder, 'visit.copy.zst'))],
    ['edited', /its digest is sha256:[0-9a-f]{64}, not sha256:/, async (folder) => writeFile(join(folder, 'backup.json'), '{}')],
    ['headless', /backup.json cannot be read/, (folder) => rm(join(folder, 'backup.json'))],
  ];
  for (const [name, sentence, damage] of damages) {
    const copy = `${backup}-${name}`;
    await cp(backup, copy, { recursive: true });
    await damage(copy);
    await assert.rejects(restoreBackup(other.pool, copy, digest, migrations), refusedWith('backup-damaged', sentence));
  }
  await isUntouched(other);
  assert.equal((await verifyBackup(backup, digest)).digest, digest);
});

test('a database that holds tables is not restored over', async (t) => {
  const { database, migrations, backup } = await planted(t);
  await takeBackup(database.pool, backup, takenAt);
  const before = await everything(database);
  await assert.rejects(
    restoreBackup(database.pool, backup, undefined, migrations),
    refusedWith('database-not-empty', /already: diary, migration, plant/),
  );
  assert.deepEqual(await everything(database), before);
});

test('a backup never overwrites, is for its user alone, and leaves nothing half-made', async (t) => {
  const { database, backup } = await planted(t);
  await takeBackup(database.pool, backup, takenAt);
  for (const name of ['.', ...(await readdir(backup))]) assert.equal((await stat(join(backup, name))).mode & 0o077, 0, name);
  const before = await readFile(join(backup, 'backup.json'), 'utf8');
  await assert.rejects(takeBackup(database.pool, backup, takenAt), refusedWith('backup-exists', /something at .*backup already/));
  assert.equal(await readFile(join(backup, 'backup.json'), 'utf8'), before);

  const nowhere = openDatabase({ url: 'postgresql://beluga@127.0.0.1:1/beluga' });
  t.after(() => nowhere.close());
  await assert.rejects(takeBackup(nowhere.pool, `${backup}-2`, takenAt), refusedWith('database-unreachable', /ECONNREFUSED/));
  assert.deepEqual(
    (await readdir(join(backup, '..'))).filter((name) => name.includes('backup')),
    ['backup'],
  );
});

test('the tables of this Beluga come back', async (t) => {
  const database = await withDatabase();
  await database.kysely
    .insertInto('component')
    .values({ name: 'quotes', system: 'auto', kind: 'Service', team: null, criticality: 'high', created_at: takenAt })
    .execute();
  const { backup } = await folders(t);
  await takeBackup(database.pool, backup, takenAt);
  const other = await withEmptyDatabase();
  await restoreBackup(other.pool, backup);
  assert.deepEqual(await other.kysely.selectFrom('component').select(['name', 'created_at']).execute(), [
    { name: 'quotes', created_at: takenAt },
  ]);
});

test('a backup of PostgreSQL 15 restores on the embedded one, and the other way', async (t) => {
  const program = await distributionProgram('15');
  if (program === null) {
    t.diagnostic('PostgreSQL 15 is not on this machine: backups were tested on the embedded one only.');
    return;
  }
  const older = await startEmbeddedPostgres({ folder: await folderForPostgres(), program, settings: { fsync: 'off' } });
  t.after(() => older.release());
  const { database, migrations, backup } = await planted(t);
  const taken = await takeBackup(database.pool, backup, takenAt);
  const there = openDatabase({ url: older.url });
  t.after(() => there.close());
  await restoreBackup(there.pool, backup, taken.digest, migrations);
  const back = await takeBackup(there.pool, `${backup}-back`, takenAt);
  assert.deepEqual(back.tables, taken.tables);
  const here = await withEmptyDatabase();
  await restoreBackup(here.pool, `${backup}-back`, back.digest, migrations);
  assert.deepEqual(await everything(here), await everything(database));
});
