import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { BelugaError } from '../../errors.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres, stopEmbeddedPostgres } from './embedded.ts';
import { folderForPostgres } from './for-tests.ts';
import { boundLog, readTail } from './log-file.ts';

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function start(t: TestContext, folder: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ folder });
  t.after(() => postgres.release());
  return postgres;
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tried = 0; tried < 400; tried += 1) {
    if (await holds()) return;
    await sleep(50);
  }
  assert.fail(`${what} did not come about`);
}

function refusedWith(code: string, words: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof BelugaError, String(error));
    assert.equal(error.code, code);
    assert.match(`${error.message} ${error.remedy}`, words);
    return true;
  };
}

/** Another Beluga: a process of its own that starts the database, tells its main process, and waits. */
async function anotherBeluga(folder: string): Promise<{ beluga: ChildProcess; pid: number }> {
  const code = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)});
    const { pid } = await startEmbeddedPostgres({ folder: ${JSON.stringify(folder)} });
    console.log(pid);
    setInterval(() => {}, 1000);`;
  const beluga = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(beluga.stdout, 'data')) as [Buffer];
  return { beluga, pid: Number(line.toString()) };
}

test('a database is made once, answers on a socket only, keeps its data, and is durable', async (t) => {
  const folder = await folderForPostgres();
  const first = await start(t, folder);
  const settings = await query(
    first.url,
    `select name, setting from pg_settings
     where name in ('listen_addresses', 'fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'server_encoding') order by name`,
  );
  assert.deepEqual(
    settings.map(({ name, setting }) => `${String(name)}=${String(setting)}`),
    ['data_checksums=on', 'fsync=on', 'full_page_writes=on', 'listen_addresses=', 'server_encoding=UTF8', 'synchronous_commit=on'],
  );
  assert.deepEqual(await query(first.url, `select lower('ÉTÉ') as lower, 'a' > 'B' as bytes`), [{ lower: 'été', bytes: true }]);
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  await assert.rejects(query(first.url, 'select 1'));

  const second = await start(t, folder);
  assert.deepEqual(await query(second.url, 'select answer from kept'), [{ answer: 42 }]);
});

test('nobody but the user who runs Beluga may enter data or socket', async (t) => {
  const folder = await folderForPostgres();
  await start(t, folder);
  for (const part of ['data', 'run']) {
    const { mode, uid } = await stat(join(folder, part));
    assert.equal(mode & 0o077, 0, part);
    assert.equal(uid === 0, false, 'PostgreSQL never runs as root');
  }
  assert.match(await readFile(join(folder, 'pg_hba.conf'), 'utf8'), /^local all all peer map=beluga\n$/);
});

test('a Beluga that is killed leaves the database alive, and the next one adopts it', async (t) => {
  const folder = await folderForPostgres();
  const { beluga, pid } = await anotherBeluga(folder);
  beluga.kill('SIGKILL');
  await once(beluga, 'exit');
  const adopted = await start(t, folder);
  assert.equal(adopted.pid, pid);
  assert.equal((await query(adopted.url, 'select 1')).length, 1);
});

test('two Belugas that start at once on an empty folder share one database', async (t) => {
  const folder = await folderForPostgres();
  const [one, other] = await Promise.all([start(t, folder), start(t, folder)]);
  assert.equal(one.pid, other.pid);
  const left = (await readdir(folder)).filter((name) => name.startsWith('data.'));
  assert.deepEqual(left, []);
});

test('a main process that is killed with -9 is started again, and what was committed is there', async (t) => {
  const folder = await folderForPostgres();
  const postgres = await start(t, folder);
  await query(postgres.url, 'create table kept as select 42 as answer');
  const killed = postgres.pid;
  process.kill(killed, 'SIGKILL');
  await until('another main process', () => postgres.pid !== killed);
  assert.deepEqual(await query(postgres.url, 'select answer from kept'), [{ answer: 42 }]);
});

test('a main process that was killed while nobody watched is started again by the next Beluga', async (t) => {
  const folder = await folderForPostgres();
  const before = await startEmbeddedPostgres({ folder });
  await query(before.url, 'create table kept as select 42 as answer');
  await before.release();
  process.kill(before.pid, 'SIGKILL');
  const after = await start(t, folder);
  assert.notEqual(after.pid, before.pid);
  assert.deepEqual(await query(after.url, 'select answer from kept'), [{ answer: 42 }]);
});

test('a number in postmaster.pid that belongs to another program by now does not keep the database from starting', async (t) => {
  const folder = await folderForPostgres();
  const before = await startEmbeddedPostgres({ folder });
  await before.stop();
  await writeFile(join(folder, 'data', 'postmaster.pid'), `${process.pid}\n${join(folder, 'data')}\n`);
  const { uid, gid } = await stat(join(folder, 'data'));
  await chown(join(folder, 'data', 'postmaster.pid'), uid, gid);
  const after = await start(t, folder);
  assert.notEqual(after.pid, process.pid);
});

test('down stops the database whoever started it, and says whether there was one', async () => {
  const folder = await folderForPostgres();
  assert.equal(await stopEmbeddedPostgres({ folder }), false);
  const postgres = await startEmbeddedPostgres({ folder });
  await postgres.release();
  assert.equal(await stopEmbeddedPostgres({ folder }), true);
  assert.equal(await stopEmbeddedPostgres({ folder }), false);
});

test('data of another version are refused and left alone', async () => {
  const folder = await folderForPostgres();
  const postgres = await startEmbeddedPostgres({ folder });
  await postgres.stop();
  const version = join(folder, 'data', 'PG_VERSION');
  await writeFile(version, '13\n');
  await assert.rejects(
    startEmbeddedPostgres({ folder }),
    refusedWith('database-version', /belong to PostgreSQL 13, and this Beluga brings \d\d\./),
  );
  assert.equal(await readFile(version, 'utf8'), '13\n');
});

test('a folder called data that holds something else is refused and left alone', async () => {
  const folder = await folderForPostgres();
  await mkdir(join(folder, 'data'), { recursive: true });
  await writeFile(join(folder, 'data', 'letters.txt'), 'dear');
  await assert.rejects(
    startEmbeddedPostgres({ folder }),
    refusedWith('database-folder', /holds something that is no database.*Move it away/),
  );
  assert.deepEqual(await readdir(join(folder, 'data')), ['letters.txt']);
});

test('a state folder where the database may not go is refused, with a place that would do', async (t) => {
  const private_ = await mkdtemp(join(tmpdir(), 'beluga-private-'));
  t.after(() => chmod(private_, 0o700).then(() => rm(private_, { recursive: true })));
  await chmod(private_, process.getuid?.() === 0 ? 0o700 : 0o500);
  const folder = join(private_, 'state', 'postgres');
  await assert.rejects(
    startEmbeddedPostgres({ folder }),
    refusedWith('database-folder', /(cannot pass .*beluga-private-|permission denied).*BELUGA_HOME/),
  );
});

test('a file where the folder should be is refused', async () => {
  const folder = await folderForPostgres();
  await writeFile(folder, 'a file');
  await assert.rejects(startEmbeddedPostgres({ folder }), refusedWith('database-folder', /not a folder/));
});

test('a path too long for a socket moves the socket to a short folder, which goes when the database stops', async (t) => {
  const folder = join(await folderForPostgres(), 'a'.repeat(60), 'b'.repeat(60), 'postgres');
  await mkdir(dirname(folder), { recursive: true });
  const postgres = await startEmbeddedPostgres({ folder });
  t.after(() => postgres.stop());
  assert.equal((await query(postgres.url, 'select 1')).length, 1);
  const socketFolder = new URL(postgres.url).searchParams.get('host') ?? '';
  assert.match(socketFolder, /^\/tmp\/beluga-\d+-[0-9a-f]{16}$/);
  await postgres.stop();
  assert.equal((await readdir('/tmp')).includes(basename(socketFolder)), false);
});

test('a program installed for its user alone is still one that the database can run', async (t) => {
  const former = process.umask(0o077);
  t.after(() => process.umask(former));
  const postgres = await start(t, await folderForPostgres());
  assert.equal((await query(postgres.url, 'select 1')).length, 1);
});

test('what a killed Beluga left of a half-made database is removed', async (t) => {
  const folder = await folderForPostgres();
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'exit');
  const draft = join(folder, `data.${gone.pid}.half`);
  await mkdir(draft, { recursive: true });
  await start(t, folder);
  assert.equal((await readdir(folder)).includes(basename(draft)), false);
});

test('the log of the database stays under its bound, keeping the last lines', async () => {
  const folder = await folderForPostgres();
  await mkdir(folder, { recursive: true });
  const log = join(folder, 'some.log');
  const lines = Array.from({ length: 2000 }, (_, line) => `line ${line}\n`).join('');
  await writeFile(log, lines);
  await boundLog(log, 100_000);
  assert.equal((await stat(log)).size, lines.length, 'nothing happens below the bound');
  await boundLog(log, 10_000);
  assert.equal((await stat(log)).size, 0);
  assert.match(await readTail(`${log}.old`, 0), /line 1999\n$/);
  assert.equal((await stat(`${log}.old`)).size, 2_500);
});
