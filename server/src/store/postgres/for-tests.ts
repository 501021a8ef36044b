/**
 * A fresh, migrated database for a test file, in a real PostgreSQL: one embedded server a test process, or the one that
 * BELUGA_TEST_DATABASE_URL names. What a killed test process left behind, the next one removes.
 */
import { randomUUID } from 'node:crypto';
import { access, chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import pg from 'pg';
import { type Database, openDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import { isRunning } from './cluster.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from './embedded.ts';
import type { Program } from './program.ts';

export type TestDatabase = Database & { readonly url: string };

const prefix = 'beluga-test-postgres-';
let server: Promise<{ readonly url: string }> | null = null;
let template: Promise<string> | null = null;

/** What must be undone when the test file ends, the last first: databases before the server, the server before its folder. */
const endings: (() => Promise<unknown>)[] = [];
after(closeDatabases);

/** For what is no test and has no such end: it calls this when it is done. */
export async function closeDatabases(): Promise<void> {
  for (const end of endings.splice(0).toReversed()) await end();
}

/**
 * Makes a database with every migration applied and opens it; it goes when the test file ends. Call it at the top of a file or in a test: a
 * second call gives another database of the same server.
 */
export async function withDatabase(): Promise<TestDatabase> {
  server ??= startServer();
  const { url } = await server;
  template ??= makeTemplate(url);
  return openNew(url, await template);
}

/** The same without any migration. */
export async function withEmptyDatabase(): Promise<TestDatabase> {
  server ??= startServer();
  const { url } = await server;
  return openNew(url, 'template0');
}

async function openNew(url: string, from: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdministrator(url, `create database ${name} template ${from}`);
  const database = openDatabase({ url: urlOf(url, name) });
  endings.push(async () => {
    await database.close();
    await asAdministrator(url, `drop database if exists ${name} with (force)`);
  });
  return { ...database, url: urlOf(url, name) };
}

/** A folder that goes, with the PostgreSQL that lives in it, when the test file ends. */
export async function folderForPostgres(): Promise<string> {
  await removeLeftovers();
  const state = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  await chmod(state, 0o711);
  endings.push(() => removeState(state));
  return join(state, 'postgres');
}

/** The PostgreSQL of the distribution, of this major version; null when it is not installed. */
export async function distributionProgram(major: string): Promise<Program | null> {
  const bin = `/usr/lib/postgresql/${major}/bin`;
  const installed = await access(join(bin, 'initdb')).then(
    () => true,
    () => false,
  );
  return installed ? { major, bin, env: {}, locale: ['--locale=C.UTF-8'] } : null;
}

async function startServer(): Promise<{ readonly url: string }> {
  const given = process.env.BELUGA_TEST_DATABASE_URL;
  if (given !== undefined) return { url: given };
  const settings = { fsync: 'off', synchronous_commit: 'off', shared_buffers: '32MB' };
  const postgres = await startEmbeddedPostgres({ folder: await folderForPostgres(), settings });
  endings.push(() => postgres.release());
  return postgres;
}

async function makeTemplate(url: string): Promise<string> {
  const name = `template_${randomUUID().replaceAll('-', '')}`;
  await asAdministrator(url, `create database ${name}`);
  endings.push(() => asAdministrator(url, `drop database if exists ${name} with (force)`));
  const database = openDatabase({ url: urlOf(url, name), connections: 1 });
  await migrate(database.pool);
  await database.close();
  return name;
}

async function asAdministrator(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function urlOf(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (!Number.isNaN(pid) && !isRunning(pid)) await removeState(join(tmpdir(), name));
  }
}

async function removeState(state: string): Promise<void> {
  await stopEmbeddedPostgres({ folder: join(state, 'postgres') }).catch(() => undefined);
  await rm(state, { recursive: true, force: true });
}
