import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { BelugaError } from '../errors.ts';
import { type Database, openDatabase } from './database.ts';
import { startEmbeddedPostgres } from './postgres/embedded.ts';
import { folderForPostgres, withDatabase } from './postgres/for-tests.ts';

/** What a handler was called with, and a way to wait for more. */
function listening(
  database: Database,
  channel: string,
): { calls: (string | null)[]; until(count: number): Promise<void>; end: () => void } {
  const calls: (string | null)[] = [];
  const end = database.listen(channel, (payload) => calls.push(payload));
  const until = async (count: number) => {
    for (let tried = 0; tried < 400 && calls.length < count; tried += 1) await sleep(25);
    assert.ok(calls.length >= count, `${channel} was called ${calls.length} times, not ${count}: ${JSON.stringify(calls)}`);
  };
  return { calls, until, end };
}

async function cutAllConnections(database: Database): Promise<void> {
  await database.pool.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
}

function isUnreachable(error: unknown): boolean {
  assert.ok(error instanceof BelugaError, String(error));
  assert.equal(error.code, 'database-unreachable');
  assert.equal(error.retry, true);
  return true;
}

test('times come as RFC 3339 in UTC, whole numbers as numbers, JSON as values', async () => {
  const { kysely } = await withDatabase();
  const { rows } = await sql<Record<string, unknown>>`
    select timestamptz '2026-07-14 09:30:00+02' as time, timestamptz '2026-01-01 00:00:00.123456Z' as fine, 4503599627370497::bigint as whole,
      count(*) as count, '{"a":[1,null]}'::jsonb as value, null::timestamptz as nothing
  `.execute(kysely);
  assert.deepEqual(rows[0], {
    time: '2026-07-14T07:30:00.000Z',
    fine: '2026-01-01T00:00:00.123456Z',
    whole: 4503599627370497,
    count: 1,
    value: { a: [1, null] },
    nothing: null,
  });
});

test('a whole number too large for a number is an error, never another number', async () => {
  const { kysely } = await withDatabase();
  await assert.rejects(sql`select 9223372036854775807::bigint as large`.execute(kysely), /9223372036854775807 is too large/);
});

test('a notification reaches every handler of its channel, and no handler that ended', async () => {
  const database = await withDatabase();
  const [one, other, elsewhere] = [listening(database, 'news'), listening(database, 'news'), listening(database, 'other news')];
  await one.until(1);
  await other.until(1);
  await elsewhere.until(1);
  assert.equal(elsewhere.calls[0], null, 'the first call says: look, something may have happened before');
  other.end();
  const before = other.calls.length;
  await database.pool.query(`notify news, 'release'`);
  await database.pool.query(`notify "other news"`);
  await elsewhere.until(2);
  assert.equal(one.calls.at(-1), 'release');
  assert.equal(elsewhere.calls.at(-1), '');
  assert.equal(other.calls.length, before);
});

test('a handler that fails is heard of and stops nobody else', async () => {
  const database = await withDatabase();
  database.listen('news', () => {
    throw new Error('broken');
  });
  const good = listening(database, 'news');
  await good.until(1);
  await database.pool.query(`notify news, 'still here'`);
  await good.until(2);
  assert.equal(good.calls.at(-1), 'still here');
});

test('when the connection that listens is lost it comes back, says that something may have been missed, and goes on', async () => {
  const database = await withDatabase();
  const news = listening(database, 'news');
  await news.until(1);
  for (let round = 1; round <= 3; round += 1) {
    const before = news.calls.length;
    await cutAllConnections(database);
    await news.until(before + 1);
    assert.equal(news.calls[before], null);
    await database.pool.query(`notify news, 'round ${round}'`);
    await news.until(before + 2);
    assert.equal(news.calls[before + 1], `round ${round}`);
  }
});

test('a connection cut under a query fails that query with a refusal that may be retried, and the next query works', async () => {
  const database = await withDatabase();
  const cut = assert.rejects(sql`select pg_sleep(60)`.execute(database.kysely), isUnreachable);
  const inTransaction = assert.rejects(
    database.kysely.transaction().execute(async (transaction) => {
      await sql`select 1`.execute(transaction);
      await sql`select pg_sleep(60)`.execute(transaction);
    }),
    isUnreachable,
  );
  let sleepers = 0;
  for (let tried = 0; tried < 200 && sleepers < 2; tried += 1) {
    const { rows } = await database.pool.query<{ count: number }>(
      `select count(*) as count from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%'`,
    );
    sleepers = rows[0]?.count ?? 0;
  }
  await cutAllConnections(database);
  await Promise.all([cut, inTransaction]);
  assert.deepEqual((await sql`select 1 as one`.execute(database.kysely)).rows, [{ one: 1 }]);
});

test('a database that goes away and comes back fails queries meanwhile and nothing else', async (t) => {
  const folder = await folderForPostgres();
  const before = await startEmbeddedPostgres({ folder });
  const database = openDatabase({ url: before.url });
  t.after(() => database.close());
  const news = listening(database, 'news');
  await news.until(1);
  await before.stop();
  await assert.rejects(sql`select 1`.execute(database.kysely), isUnreachable);
  const after = await startEmbeddedPostgres({ folder });
  t.after(() => after.release());
  await news.until(2);
  assert.deepEqual((await sql`select 1 as one`.execute(database.kysely)).rows, [{ one: 1 }]);
});

test('an address where no database answers is refused with the reason, not the password', async (t) => {
  for (const address of ['postgresql://beluga:secret@127.0.0.1:1/beluga', 'postgresql://beluga:secret@localhost/beluga?host=/nowhere']) {
    const database = openDatabase({ url: address });
    t.after(() => database.close());
    await assert.rejects(sql`select 1`.execute(database.kysely), (error: unknown) => {
      isUnreachable(error);
      return /ECONNREFUSED|ENOENT/.test((error as Error).message) && !String((error as Error).stack).includes('secret');
    });
  }
});

test('a database or a user that is not there is named', async (t) => {
  const { url } = await withDatabase();
  const nowhere = new URL(url);
  nowhere.pathname = '/nowhere';
  const database = openDatabase({ url: nowhere.href });
  t.after(() => database.close());
  await assert.rejects(sql`select 1`.execute(database.kysely), (error: unknown) => {
    isUnreachable(error);
    return (error as Error).message === 'The database does not answer: database "nowhere" does not exist.';
  });
});

test('a refusal of the database itself keeps its code', async () => {
  const { kysely } = await withDatabase();
  await assert.rejects(sql`select * from nothing_like_it`.execute(kysely), { code: '42P01' });
});
