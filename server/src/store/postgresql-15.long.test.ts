import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEmbeddedPostgres } from './postgres/embedded.ts';
import { distributionProgram, folderForPostgres } from './postgres/for-tests.ts';

test('what the store promises holds on PostgreSQL 15 too, the oldest one that production may run', async (t) => {
  const program = await distributionProgram('15');
  if (program === null) {
    t.diagnostic('PostgreSQL 15 is not on this machine (apt-get install postgresql-15): the store was tested on the embedded one only.');
    return;
  }
  const postgres = await startEmbeddedPostgres({ folder: await folderForPostgres(), program, settings: { fsync: 'off' } });
  t.after(() => postgres.release());
  const { code, output } = await runStoreTests(postgres.url);
  assert.equal(code, 0, output);
  assert.match(output, /pass [1-9]/);
});

/** Every test of the store but those about the embedded server itself, on the server of this url. */
async function runStoreTests(url: string): Promise<{ code: number | null; output: string }> {
  const own = ['postgresql-15.long', 'durability'];
  const files = globSync(join(import.meta.dirname, '{*,views/*}.test.ts')).filter(
    (file) => !own.some((name) => file.endsWith(`${name}.test.ts`)),
  );
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const child = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files], {
    env: { ...environment, BELUGA_TEST_DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}
