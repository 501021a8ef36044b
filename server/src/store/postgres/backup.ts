/**
 * Backup and restore without pg_dump, which the embedded PostgreSQL does not bring: COPY within one snapshot, and back through the migrations,
 * so that a backup taken by an older Beluga, on another version of PostgreSQL, restores too.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import type pg from 'pg';
import { from } from 'pg-copy-streams';
import { BelugaError } from '../../errors.ts';
import { refusalOfDatabase } from '../database-refusal.ts';
import { type Applied, applyWithin, checkHistory, makeHistory, migrate, migrationLock, ownMigrations, readMigrations } from '../migrate.ts';
import { type Backup, type BackupTable, Digesting, digestOf, fileOf, index, type KeptBackup, verifyBackup } from './backup-files.ts';
import { agreeOnText, listed, quoted, rowsOf, sequencesOf, type Table, tablesOf } from './contents.ts';
import { refusalOf } from './owner.ts';

/**
 * Writes a backup of one instant into a folder that is not there yet, complete or not at all, while everything goes on. Only its user may read
 * it. Throws `backup-exists`, `disk-full`, `database-unreachable`.
 */
export async function takeBackup(pool: pg.Pool, folder: string, takenAt: string): Promise<KeptBackup> {
  if (await exists(folder)) throw new BelugaError('backup-exists', { folder });
  const draft = join(dirname(folder), `.${basename(folder)}.${randomUUID()}`);
  try {
    await mkdir(draft, { recursive: true, mode: 0o700 });
    const backup = await within(pool, 'begin isolation level repeatable read, read only', (client) => writeTables(client, draft, takenAt));
    const text = `${JSON.stringify(backup, null, 2)}\n`;
    await writeFile(join(draft, index), text, { mode: 0o600 });
    await reachDisk(draft);
    await rename(draft, folder);
    await reachDisk(dirname(folder), []);
    return { ...backup, digest: digestOf(text) };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw refusalOf(error, dirname(folder));
  }
}

/**
 * Fills an empty database with a backup that was checked byte by byte, and migrates it to this Beluga; all of the backup or nothing. What was
 * written is read back and compared. Throws `backup-damaged`, `database-not-empty`, `database-newer`, `migration-changed`.
 */
export async function restoreBackup(
  pool: pg.Pool,
  folder: string,
  digest?: string,
  migrations: string = ownMigrations,
): Promise<KeptBackup> {
  const backup = await verifyBackup(folder, digest);
  await within(pool, 'begin', async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    await refuseUnlessEmpty(client);
    await makeTables(client, backup.migrations, migrations);
    for (const table of backup.tables) await fill(client, folder, table);
    for (const { name, value, called } of backup.sequences)
      await client.query('select setval($1::regclass, $2, $3)', [quoted(name), value, called]);
    await compare(client, folder, backup);
  });
  await migrate(pool, migrations);
  return backup;
}

async function writeTables(client: pg.PoolClient, draft: string, takenAt: string): Promise<Backup> {
  await agreeOnText(client);
  const { rows: migrations } = await client.query<Applied>('select number, name, hash from public.migration order by number');
  const tables: BackupTable[] = [];
  for (const table of await tablesOf(client)) {
    const rows = rowsOf(client, table);
    const digesting = new Digesting();
    await pipeline(rows, digesting, createZstdCompress(), createWriteStream(join(draft, fileOf(table.name)), { mode: 0o600 }));
    tables.push({ name: table.name, columns: table.columns, rows: rows.rowCount, digest: digesting.digest() });
  }
  // After the tables: a sequence may be ahead of the snapshot, never behind it.
  const sequences = await sequencesOf(client);
  const { rows: versions } = await client.query<{ text: string }>(`select current_setting('server_version') as text`);
  return { format: 'beluga-backup/1', takenAt, postgres: versions[0]?.text ?? '', migrations, tables, sequences };
}

async function refuseUnlessEmpty(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S') order by relname limit 5`,
  );
  if (rows.length > 0) throw new BelugaError('database-not-empty', { tables: rows.map(({ name }) => name).join(', ') });
}

/** As the database was when it was backed up: the migrations it had, without the rows that they bring. */
async function makeTables(client: pg.PoolClient, applied: readonly Applied[], folder: string): Promise<void> {
  const known = await readMigrations(folder);
  checkHistory(applied, known);
  await makeHistory(client);
  for (const migration of known.slice(0, applied.length)) await applyWithin(client, migration);
  await agreeOnText(client);
  const made = await tablesOf(client);
  if (made.length > 0) await client.query(`truncate ${listed(made.map(({ name }) => name))}`);
}

/** Its triggers rest meanwhile: what they did is in the backup. */
async function fill(client: pg.PoolClient, folder: string, { name, columns }: BackupTable): Promise<void> {
  const table = `public.${quoted(name)}`;
  await client.query(`alter table ${table} disable trigger user`);
  const rows = client.query(from(`copy ${table} (${listed(columns)}) from stdin`));
  await pipeline(createReadStream(join(folder, fileOf(name))), createZstdDecompress(), rows);
  await client.query(`alter table ${table} enable trigger user`);
}

async function compare(client: pg.PoolClient, folder: string, backup: Backup): Promise<void> {
  const restored = new Map((await tablesOf(client)).map((table) => [table.name, table]));
  for (const { name, digest } of backup.tables) {
    const table = restored.get(name);
    const found = table === undefined ? 'nothing' : await digestInside(client, table);
    if (found !== digest)
      throw new BelugaError('backup-damaged', { folder, problem: `table ${name} came back as ${found}, not ${digest}` });
  }
}

async function digestInside(client: pg.PoolClient, table: Table): Promise<string> {
  const digesting = new Digesting();
  await pipeline(rowsOf(client, table), digesting.resume());
  return digesting.digest();
}

async function within<T>(pool: pg.Pool, begin: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => Promise.reject(refusalOfDatabase(error)));
  let done = false;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    done = true;
    return result;
  } catch (error) {
    throw refusalOfDatabase(error);
  } finally {
    // A connection left in the middle of a COPY is of no more use; closing it rolls everything back.
    client.release(!done);
  }
}

async function reachDisk(folder: string, names?: readonly string[]): Promise<void> {
  for (const path of [...(names ?? (await readdir(folder))).map((name) => join(folder, name)), folder]) {
    await using file = await open(path, 'r');
    await file.sync();
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
