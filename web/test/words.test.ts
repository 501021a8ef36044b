import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSync } from 'oxc-parser';
import { en } from '../src/locales/en.ts';
import { fr } from '../src/locales/fr.ts';

const sources = join(import.meta.dirname, '..', 'src');
const files = globSync('**/*.{ts,tsx}', { cwd: sources }).filter((file) => !file.startsWith('locales'));

type Words = { readonly [key: string]: string | Words };
type Node = { readonly type: string } & Readonly<Record<string, unknown>>;

function flat(words: Words, before = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[`${before}${key}`, value]] : [...flat(value, `${before}${key}.`)],
    ),
  );
}

const english = flat(en);
const french = flat(fr);

function walk(node: unknown, visit: (node: Node, parents: readonly Node[]) => void, parents: readonly Node[] = []): void {
  if (Array.isArray(node)) return node.forEach((one) => walk(one, visit, parents));
  if (typeof node !== 'object' || node === null || typeof (node as Node).type !== 'string') return;
  visit(node as Node, parents);
  for (const value of Object.values(node)) walk(value, visit, [...parents, node as Node]);
}

function parsed(file: string): unknown {
  return parseSync(file, readFileSync(join(sources, file), 'utf8')).program;
}

test('both languages have every word, with the same holes to fill', () => {
  assert.ok(english.size > 250, `only ${english.size} words`);
  assert.deepEqual([...french.keys()].toSorted(), [...english.keys()].toSorted());
  const holes = (text: string): readonly string[] => [...text.matchAll(/\{\{(\w+)(?:, \w+)?\}\}/g)].map(([, name = '']) => name).toSorted();
  const differing = [...english].filter(([key, text]) => holes(text).join() !== holes(french.get(key) ?? '').join()).map(([key]) => key);
  assert.deepEqual(differing, []);
  assert.deepEqual(
    [...french].filter(([, text]) => text.trim() === '').map(([key]) => key),
    [],
  );
});

test('French is written as French is: a fixed space before double signs, curly apostrophes', () => {
  const wrong = [...french].filter(([, text]) => /\p{L}'\p{L}/u.test(text) || / [:;!?»%]|« |\p{L}[:;!?](\s|$)/u.test(text));
  assert.deepEqual(wrong, []);
});

test('every word is used, and every word that is used exists', () => {
  const code = files.map((file) => readFileSync(join(sources, file), 'utf8')).join('\n');
  const exact = new Set(
    [...code.matchAll(/\bt\(\s*'([\w.-]+)'/g), ...code.matchAll(/'([a-z][\w-]+(?:\.[\w-]+)+)'/g)].map(([, key = '']) => key),
  );
  const begun = [...code.matchAll(/\bt\(\s*`([\w.-]+)\$\{/g)].map(([, start = '']) => start);
  const isUsed = (key: string): boolean => {
    const plain = key.replace(/_(one|other)$/, '');
    return exact.has(plain) || begun.some((start) => key.startsWith(start)) || [...exact].some((one) => key.startsWith(`${one}.`));
  };
  assert.deepEqual(
    [...english.keys()].filter((key) => !isUsed(key)),
    [],
  );
  const called = [...code.matchAll(/\bt\(\s*'([\w.-]+)'/g)].map(([, key = '']) => key);
  const known = (key: string): boolean =>
    english.has(key) || english.has(`${key}_one`) || [...english.keys()].some((one) => one.startsWith(`${key}.`));
  assert.deepEqual(
    called.filter((key) => !known(key)),
    [],
  );
});

const spoken = ['aria-label', 'title', 'titleText', 'placeholder', 'alt', 'label', 'text', 'toggleText', 'description', 'headingText'];

test('no text is written into the code', () => {
  const found: string[] = [];
  for (const file of files.filter((name) => name.endsWith('.tsx'))) {
    walk(parsed(file), (node, parents) => {
      const text = node.type === 'JSXText' ? String(node['value']) : literalOf(node, parents);
      if (/\p{L}{2}/u.test(text) && !isCommand(parents)) found.push(`${file}: ${text.trim()}`);
    });
  }
  assert.deepEqual(found, []);
});

/** A literal that is read out or shown: of an attribute that speaks. */
function literalOf(node: Node, parents: readonly Node[]): string {
  if (node.type !== 'JSXAttribute') return '';
  const name = (node['name'] as { readonly name?: string }).name ?? '';
  const value = node['value'] as Node | null;
  if (!spoken.includes(name) || value === null || parents.length === 0) return '';
  return value.type === 'Literal' ? String(value['value']) : '';
}

/** What is typed at a command line is the same in every language. */
function isCommand(parents: readonly Node[]): boolean {
  return parents.some((node) => {
    if (node.type !== 'JSXElement') return false;
    const opening = node['openingElement'] as { readonly name?: { readonly name?: string } };
    return opening.name?.name === 'CommandLine';
  });
}
