import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { wholeProgram } from '../cli/src/program.ts';
import { readManifest } from '../contract/src/manifest.ts';
import { readPlatform } from '../contract/src/platform.ts';
import { readSocle } from '../contract/src/socle.ts';
import { commandLinesIn } from './docs/command-lines.ts';
import { generated, wanted } from './docs/generated.ts';

type Command = Awaited<ReturnType<typeof wholeProgram>>;

const checkout = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(checkout, file), 'utf8');
const pages = globSync(['*.md', 'docs/**/*.md', 'examples/*.md', 'examples/*/*.md', 'templates/**/*.md'], { cwd: checkout }).filter(
  (page) => !page.includes('node_modules'),
);

function none(findings: readonly string[]): void {
  if (findings.length > 0) assert.fail(findings.join('\n'));
}

for (const one of generated) {
  test(`${one.file} says what the code says${one.kind === 'part' ? ` (${one.mark})` : ''}`, () => {
    const now = read(one.file);
    assert.equal(now, wanted(one, now), `run ./dev/node dev/write-docs.ts and commit ${one.file}`);
  });
}

test('every command that the docs name exists, with these options and this many words', async () => {
  const program = await wholeProgram();
  const lines = pages.flatMap((page) => commandLinesIn(read(page)).map((words) => ({ page, words })));
  assert.ok(lines.length > 20, `only ${lines.length} command lines were found`);
  none(lines.flatMap(({ page, words }) => problemsOf(program, words).map((problem) => `${page}: beluga ${words.join(' ')}: ${problem}`)));
});

test('every link between pages leads somewhere', () => {
  const links = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)\s#:]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => ({ page, target })),
  );
  assert.ok(links.length > 10, `only ${links.length} links were found`);
  none(
    links
      .filter(({ page, target }) => !existsSync(join(checkout, dirname(page), target)))
      .map(({ page, target }) => `${page} links to ${target}, which is not there`),
  );
});

test('every beluga.yaml in the docs, the examples and the templates is right', () => {
  const blocks = pages.flatMap((page) =>
    [...read(page).matchAll(/^```yaml\n(apiVersion: beluga\/v1\nkind: (?!Platform|Socle)[\s\S]*?)^```/gm)].map(([, text = '']) => ({
      file: page,
      text,
    })),
  );
  const files = globSync(['examples/*/beluga.yaml', 'templates/*/beluga.yaml'], { cwd: checkout }).map((file) => ({
    file,
    text: read(file),
  }));
  assert.ok(blocks.length >= 2 && files.length >= 4, `${blocks.length} in the docs, ${files.length} files`);
  for (const { file, text } of [...blocks, ...files]) readManifest(text, file);
});

test('every platform.yaml in the docs is right', () => {
  const blocks = pages.flatMap((page) =>
    [...read(page).matchAll(/^```yaml\n(apiVersion: beluga\/v1\nkind: Platform[\s\S]*?)^```/gm)].map(([, text = '']) => ({
      file: page,
      text,
    })),
  );
  assert.ok(blocks.length >= 1, 'no page shows one');
  for (const { file, text } of blocks) readPlatform(text, file);
});

test('every socle.yaml in the docs is right', () => {
  const text = read('docs/guide/socles.md');
  const blocks = [...text.matchAll(/^```yaml\n(apiVersion: beluga\/v1\nkind: Socle[\s\S]*?)^```/gm)];
  assert.ok(blocks.length >= 1, 'no page shows one');
  for (const [, block = ''] of blocks) readSocle(block, 'docs/guide/socles.md');
});

test('no lockfile names a registry', () => {
  const locks = globSync(['package-lock.json', 'examples/*/package-lock.json'], { cwd: checkout });
  none(
    locks
      .filter((file) => /"resolved": "https?:/.test(read(file)))
      .map((file) => `${file} says where packages came from: make it with npm install --omit-lockfile-registry-resolved`),
  );
});

/** What is wrong with one command line, given the program. */
function problemsOf(program: Command, words: readonly string[]): readonly string[] {
  const [command, rest] = commandIn(program, words);
  if (command === program && rest[0]?.startsWith('-') !== true) return [`there is no command ${rest[0] ?? ''}`];
  const known = [...command.options, ...program.options].flatMap(({ long, short }) => [long, short]);
  const unknown = rest.filter((word) => word.startsWith('-') && word !== '--help' && !known.includes(word.split('=')[0]));
  const plain = rest.filter((word, index) => !word.startsWith('-') && !takesValue(command, program, rest[index - 1]));
  const most = command.registeredArguments.length;
  return [
    ...unknown.map((word) => `there is no option ${word}`),
    ...(plain.length > most ? [`it takes ${most} words, not ${plain.length}`] : []),
  ];
}

function commandIn(program: Command, words: readonly string[]): [Command, readonly string[]] {
  const found = program.commands.find((command) => command.name() === words[0]);
  return found === undefined ? [program, words] : commandIn(found, words.slice(1));
}

function takesValue(command: Command, program: Command, before: string | undefined): boolean {
  const option = [...command.options, ...program.options].find(
    ({ long, short }) => before !== undefined && (long === before || short === before),
  );
  return option !== undefined && (option.required || option.optional);
}
