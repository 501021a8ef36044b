import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { benches } from './benches.ts';

const guide = globSync(fileURLToPath(new URL('../docs/guide/*.md', import.meta.url))).map((page) => readFileSync(page, 'utf8'));

for (const [name, load] of Object.entries(benches)) {
  test(`the bench ${name} can be run, and the guide tells of it`, async () => {
    const { rounds, measure } = await load();
    assert.ok(rounds > 0);
    assert.equal(typeof measure, 'function');
    assert.ok(
      guide.some((page) => page.includes(`npm run bench -- ${name}`)),
      `no page of docs/guide names npm run bench -- ${name}`,
    );
  });
}
