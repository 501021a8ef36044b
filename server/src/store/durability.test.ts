import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { openDatabase } from './database.ts';
import { startEmbeddedPostgres } from './postgres/embedded.ts';
import { folderForPostgres } from './postgres/for-tests.ts';

/** Commits one number after the other and prints each once the database has acknowledged it. */
const writer = `
  import pg from ${JSON.stringify(import.meta.resolve('pg'))};
  const client = new pg.Client({ connectionString: process.argv[1] });
  client.on('error', () => {});
  await client.connect();
  for (let number = Number(process.argv[2]); ; number += 1) {
    await client.query('insert into acknowledged values ($1)', [number]);
    process.stdout.write(number + '\\n');
  }`;

/** Runs a writer until it told of some commits, then kills it and, if wanted, the database; gives what was acknowledged. */
async function killedWhileWriting(url: string, first: number, commits: number, kill: () => void): Promise<readonly number[]> {
  const process_ = spawn(process.execPath, ['--input-type=module', '-e', writer, '--', url, String(first)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const acknowledged: number[] = [];
  let killed = false;
  for await (const line of createInterface({ input: process_.stdout })) {
    acknowledged.push(Number(line));
    if (killed || acknowledged.length < commits) continue;
    killed = true;
    kill();
    process_.kill('SIGKILL');
  }
  if (process_.exitCode === null && process_.signalCode === null) await once(process_, 'exit');
  return acknowledged;
}

test('twenty times killed with -9 in the middle of writing, the database twice with it, no acknowledged commit is lost', async (t) => {
  const folder = await folderForPostgres();
  const postgres = await startEmbeddedPostgres({ folder });
  t.after(() => postgres.release());
  const setUp = openDatabase({ url: postgres.url });
  await setUp.pool.query('create table acknowledged (number integer primary key)');
  await setUp.close();
  const acknowledged: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const alsoDatabase = round % 10 === 4;
    const kill = () => alsoDatabase && process.kill(postgres.pid, 'SIGKILL');
    acknowledged.push(...(await killedWhileWriting(postgres.url, round * 100_000, 5 + round, kill)));
    // Adopts, or starts again what was killed.
    const next = await startEmbeddedPostgres({ folder });
    await next.release();
  }
  const database = openDatabase({ url: postgres.url });
  t.after(() => database.close());
  const { rows } = await database.pool.query<{ number: number }>('select number from acknowledged');
  const kept = new Set(rows.map(({ number }) => number));
  const lost = acknowledged.filter((number) => !kept.has(number));
  assert.ok(acknowledged.length >= 20 * 5);
  assert.deepEqual(lost, []);
});
