import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { publishedSchemas } from './published-schema.ts';
import type { JsonSchema } from './schema-findings.ts';

for (const [name, text] of Object.entries(publishedSchemas)) {
  const schema = JSON.parse(text()) as JsonSchema;

  test(`${name}, as it is published, is in step with its source`, async () => {
    const published = await readFile(new URL(`../${name}`, import.meta.url), 'utf8');
    assert.deepEqual(JSON.parse(published), schema, 'run `npm run publish-schema -w contract`');
  });

  test(`the reader knows every keyword that ${name} uses`, () => {
    const known = new Set(
      'type const enum anyOf properties patternProperties required items uniqueItems minItems minLength minimum maximum pattern'.split(' '),
    );
    const annotations = new Set('patternErrorMessage description default title additionalProperties $schema $id'.split(' '));
    const seen = keywordsIn(schema);
    assert.ok(seen.size > 12);
    assert.deepEqual(
      [...seen].filter((keyword) => !known.has(keyword) && !annotations.has(keyword)),
      [],
    );
  });

  test(`every key of ${name} is described`, () => {
    assert.deepEqual(keysWithoutWords(schema, ''), []);
  });
}

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
