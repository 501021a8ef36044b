import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const built = join(import.meta.dirname, '..', 'dist');
const page = readFileSync(join(built, 'index.html'), 'utf8');
const most = 350_000;

/** A script with everything it imports at once, by file name. */
function withImports(name: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const code = readFileSync(join(built, 'assets', name), 'utf8');
  for (const [, other = ''] of code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) withImports(other, seen);
  return seen;
}

function compressed(names: Iterable<string>): number {
  return [...names].reduce((sum, name) => sum + statSync(join(built, 'assets', `${name}.gz`)).size, 0);
}

test('the first page of a person costs less than 350 kB of script, words and estate included', () => {
  const scripts = [...page.matchAll(/assets\/([\w.-]+\.js)/g)].map(([, name = '']) => name);
  assert.ok(scripts.length >= 1);
  const assets = readdirSync(join(built, 'assets')).filter((name) => name.endsWith('.js'));
  const later = assets.filter((name) => /^(estate|fr)-/.test(name));
  assert.equal(later.length, 2, 'the estate and the words are files of their own');
  const first = new Set([...scripts, ...later].flatMap((name) => [...withImports(name)]));
  const size = compressed(first);
  assert.ok(size < most, `${size} bytes in ${[...first].join(', ')}`);
  assert.ok(first.size < assets.length, 'the other pages are loaded when they are opened');
});

test('the page holds no script and no style of its own', () => {
  assert.doesNotMatch(page, /<script(?![^>]*src=)|<style|style=|\son\w+=/);
  assert.doesNotMatch(page, /https?:\/\//);
});
