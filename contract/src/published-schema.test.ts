import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { publishedSchema } from './published-schema.ts';
import type { JsonSchema } from './schema-findings.ts';

test('the published JSON Schema is in step with the manifest schema', async () => {
  const published = await readFile(new URL('../beluga.schema.json', import.meta.url), 'utf8');
  assert.deepEqual(JSON.parse(published), JSON.parse(publishedSchema()), 'run `npm run publish-schema -w contract`');
});

test('the reader knows every keyword that the published schema uses', () => {
  const known = new Set(
    'type const enum anyOf properties patternProperties required items uniqueItems minItems minLength minimum maximum pattern'.split(' '),
  );
  const annotations = new Set('patternErrorMessage description default title additionalProperties $schema $id'.split(' '));
  const seen = keywordsIn(JSON.parse(publishedSchema()) as JsonSchema);
  assert.ok(seen.size > 15);
  assert.deepEqual(
    [...seen].filter((keyword) => !known.has(keyword) && !annotations.has(keyword)),
    [],
  );
});

test('every key of the manifest is described', () => {
  const silent = keysWithoutWords(JSON.parse(publishedSchema()) as JsonSchema, '');
  assert.deepEqual(silent, []);
});

function innerOf(schema: JsonSchema): readonly JsonSchema[] {
  const { properties = {}, patternProperties = {}, items, anyOf = [] } = schema;
  return [...Object.values(properties), ...Object.values(patternProperties), ...(items === undefined ? [] : [items]), ...anyOf];
}

function keywordsIn(schema: JsonSchema): ReadonlySet<string> {
  return new Set([...Object.keys(schema), ...innerOf(schema).flatMap((inner) => [...keywordsIn(inner)])]);
}

function keysWithoutWords(schema: JsonSchema, path: string): readonly string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) =>
    inner.description === undefined ? [`${path}.${key}`] : [],
  );
  return [...own, ...innerOf(schema).flatMap((inner) => keysWithoutWords(inner, `${path}/${inner.description ?? ''}`))];
}
