import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { ManifestError, readManifest } from './manifest.ts';
import { normalise } from './spec.ts';

const runs = { numRuns: 300 };
const words = [
  'apiVersion: beluga/v1\n',
  'kind: Service\n',
  'metadata:\n',
  '  name: web\n',
  '  system: a\n',
  'run:\n',
  '  port: ',
  '{',
  '[',
  ']',
  '}',
];
const signs = [
  '&a ',
  '*a',
  '- ',
  ': ',
  '? ',
  '|\n',
  '>\n',
  '"',
  "'",
  '#',
  '\t',
  '\n',
  '\r\n',
  '!!binary ',
  '<<: ',
  '---\n',
  '%YAML 1.1\n',
  '\u2028',
  '😀',
];
const yamlish = fc
  .array(fc.oneof(fc.constantFrom(...words, ...signs), fc.string({ maxLength: 8, unit: 'binary' })), { maxLength: 30 })
  .map((parts) => parts.join(''));

/** Reads, and checks what is promised about every refusal. */
function readOrRefuse(text: string): 'read' | 'refused' {
  try {
    normalise(readManifest(text, 'beluga.yaml'));
    return 'read';
  } catch (error) {
    assert.ok(error instanceof ManifestError, String(error));
    assert.ok(error.problems.length > 0);
    const lines = text.split('\n');
    for (const { line, column, problem, remedy } of error.problems) {
      assert.ok(line >= 1 && line <= lines.length, `line ${line} of ${lines.length}`);
      assert.ok(column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1, `column ${column} of ${lines[line - 1]?.length}`);
      assert.ok(problem.length > 0 && remedy.length > 0);
      assert.doesNotMatch(problem + remedy, /[\n\r]/);
    }
    return 'refused';
  }
}

test('whatever the text, it is a manifest or every problem has a place inside the file', () => {
  fc.assert(
    fc.property(yamlish, (text) => {
      readOrRefuse(text);
    }),
    runs,
  );
});

test('whatever the values, they are a manifest or every problem has a place inside the file', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const key = fc.constantFrom(
    'apiVersion',
    'kind',
    'metadata',
    'build',
    'run',
    'config',
    'environments',
    'dependsOn',
    '__proto__',
    'toString',
    'x',
  );
  const inner = fc.constantFrom('name', 'port', 'health', 'replicas', 'resources', 'env', 'files', 'prod', 'schedule', 'constructor');
  const tree = fc.dictionary(key, fc.oneof(value, fc.dictionary(inner, fc.oneof(value, fc.dictionary(inner, value)))));
  fc.assert(
    fc.property(tree, (manifest) => {
      readOrRefuse(stringify(manifest));
    }),
    runs,
  );
});

test('a right manifest is read back as it was written, whatever its texts', () => {
  const env = fc.dictionary(
    fc.stringMatching(/^[A-Z_]{1,8}$/).filter((name) => name !== 'PORT' && !name.startsWith('BELUGA_')),
    fc.string(),
  );
  const arbitrary = fc.record({
    env,
    // U+FFFD says that a file is no UTF-8, and is refused.
    command: fc.array(
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\uFFFD')),
      { minLength: 1 },
    ),
    min: fc.integer({ min: 1, max: 8 }),
  });
  fc.assert(
    fc.property(arbitrary, ({ env: variables, command, min }) => {
      const metadata = { name: 'web', system: 'contrats' };
      const run = { command, replicas: { min, max: 8 } };
      const manifest = { apiVersion: 'beluga/v1', kind: 'Service', metadata, run, config: { env: variables } };
      const spec = normalise(readManifest(stringify(manifest), 'beluga.yaml'));
      assert.deepEqual(spec.config.env, { ...variables });
      assert.deepEqual(spec.run.command, command);
      assert.deepEqual(spec.run.replicas, { min, max: 8 });
    }),
    runs,
  );
});

test('a key with one wrong letter is answered with the right one', () => {
  const known = ['command', 'port', 'health', 'check', 'replicas', 'resources', 'volumes', 'schedule', 'timeZone', 'deadline'];
  fc.assert(
    fc.property(fc.constantFrom(...known), fc.nat(), (key, seed) => {
      const at = seed % key.length;
      const typo = `${key.slice(0, at)}q${key.slice(at + 1)}`;
      const text = `apiVersion: beluga/v1\nkind: Service\nmetadata: { name: a, system: b }\nrun: { ${typo}: 1 }\n`;
      assert.throws(
        () => readManifest(text, 'f'),
        new RegExp(`^ManifestError: f:4:8: unknown key "${typo}" in run; did you mean "${key}"\\?$`),
      );
    }),
    runs,
  );
});
