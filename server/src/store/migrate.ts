/**
 * Migrations: numbered `.sql` files, forward only, each applied once in a transaction of its own.
 *
 * A session lock lets one server at a time migrate; the others wait and find nothing left to do. What was applied is recorded with a hash of
 * its text, so that a file that changed afterwards is refused.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { BelugaError } from '../errors.ts';
import { refusalOfDatabase } from './database-refusal.ts';

export type Migration = { readonly number: number; readonly name: string; readonly hash: string; readonly text: string };

/** What was applied, as the database records it. */
export type Applied = { readonly number: number; readonly name: string; readonly hash: string };

/** Any constant will do, as long as every server takes the same. */
export const migrationLock = 4_600_100_1;
/** The migrations of this Beluga. */
export const ownMigrations = join(import.meta.dirname, 'migrations');

const oldestVersion = 150_000;

/**
 * Brings the database to the newest migration; gives the names it applied, none when there was nothing to do. Waits at most a minute for
 * another server. Throws `migration-changed`, `migration-failed`, `database-newer`, `database-too-old`, `database-unreachable`.
 */
export async function migrate(pool: pg.Pool, folder: string = ownMigrations): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const client = await pool.connect().catch((error: unknown) => Promise.reject(refusalOfDatabase(error)));
  let broken = true;
  try {
    const applied = await applyMissing(client, migrations);
    broken = false;
    return applied;
  } catch (error) {
    throw refusalOfDatabase(error);
  } finally {
    // Closing the connection is what surely gives the lock back.
    client.release(broken);
  }
}

/** The migrations of a folder, in order. Throws when a number is missing or given twice. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const migrations = await Promise.all(
    names.map(async (name) => {
      const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      return { number: Number.parseInt(name, 10), name, hash: createHash('sha256').update(text).digest('hex'), text };
    }),
  );
  for (const [index, { number, name }] of migrations.entries()) {
    if (number === index + 1 && /^\d{4}-[a-z0-9-]+\.sql$/.test(name)) continue;
    throw new Error(
      `Migration ${name} stands where number ${index + 1} is expected: name them 0001-what-it-does.sql, 0002-…, without a gap.`,
    );
  }
  return migrations;
}

async function applyMissing(client: pg.PoolClient, migrations: readonly Migration[]): Promise<readonly string[]> {
  await checkVersion(client);
  await client.query(`set lock_timeout = '60s'`);
  await client.query('select pg_advisory_lock($1)', [migrationLock]);
  await makeHistory(client);
  const { rows } = await client.query<Applied>('select number, name, hash from migration order by number');
  checkHistory(rows, migrations);
  const missing = migrations.slice(rows.length);
  for (const migration of missing) await apply(client, migration);
  await client.query('select pg_advisory_unlock($1)', [migrationLock]);
  await client.query('reset lock_timeout');
  return missing.map(({ name }) => name);
}

/** The table that says what was applied. */
export async function makeHistory(client: pg.PoolClient): Promise<void> {
  await client.query(`
    create table if not exists migration (
      number integer primary key,
      name text not null,
      hash text not null,
      applied_at timestamptz not null default now()
    )`);
}

/** Throws `database-newer` or `migration-changed` where what was applied is not how these migrations begin. */
export function checkHistory(applied: readonly Applied[], migrations: readonly Migration[]): void {
  for (const [index, { name, hash }] of applied.entries()) {
    const known = migrations[index];
    if (known === undefined) {
      throw new BelugaError('database-newer', { found: applied.at(-1)?.name ?? name, ours: migrations.at(-1)?.name ?? 'none' });
    }
    if (known.hash !== hash || known.name !== name) throw new BelugaError('migration-changed', { migration: name });
  }
}

/** Applies one within the transaction that is open. Throws `migration-failed`. */
export async function applyWithin(client: pg.PoolClient, { number, name, hash, text }: Migration): Promise<void> {
  try {
    await client.query(text);
    await client.query('insert into migration (number, name, hash) values ($1, $2, $3)', [number, name, hash]);
  } catch (error) {
    const refusal = refusalOfDatabase(error);
    throw refusal === error
      ? new BelugaError('migration-failed', { migration: name, problem: problemOf(error, text) }, { cause: error })
      : refusal;
  }
}

async function checkVersion(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ number: number; text: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as text`,
  );
  const [version] = rows;
  if (version !== undefined && version.number < oldestVersion) throw new BelugaError('database-too-old', { found: version.text });
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query('begin');
  await applyWithin(client, migration);
  await client.query('commit');
}

function problemOf(error: unknown, text: string): string {
  if (!(error instanceof Error)) return String(error);
  const position = 'position' in error ? Number(error.position) : Number.NaN;
  return Number.isNaN(position) ? error.message : `${error.message}, line ${text.slice(0, position).split('\n').length}`;
}
