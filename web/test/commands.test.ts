import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandTable } from '../../cli/src/command-table.ts';

const sources = join(import.meta.dirname, '..', 'src');
const known = commandTable.map(({ name }) => name).toSorted((one, other) => other.length - one.length);

test('every command that the console shows is one of the command line', () => {
  const shown = globSync('**/*.{ts,tsx,txt}', { cwd: sources }).flatMap((file) =>
    [...readFileSync(join(sources, file), 'utf8').matchAll(/[`'"“«>\u00a0]beluga ([a-z][a-z -]*)/g)].map(([, words = '']) => words.trim()),
  );
  assert.ok(shown.length > 50, `only ${shown.length}`);
  // Some end with a word that is put in: `beluga train ${command}`.
  const isKnown = (words: string): boolean =>
    known.some((name) => words === name || words.startsWith(`${name} `) || name.startsWith(`${words} `));
  assert.deepEqual(
    [...new Set(shown)].filter((words) => !isKnown(words)),
    [],
  );
});
