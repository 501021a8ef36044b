import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OciError } from './errors.ts';
import { formatReference, isLoopback, parseReference } from './reference.ts';

const digest = `sha256:${'0a'.repeat(32)}` as const;

for (const { text, reference } of [
  { text: '127.0.0.1:5000/a/b:v1', reference: { registry: '127.0.0.1:5000', repository: 'a/b', tag: 'v1' } },
  { text: `registry.example/a__b/c-d@${digest}`, reference: { registry: 'registry.example', repository: 'a__b/c-d', digest } },
  { text: `localhost/a:v1@${digest}`, reference: { registry: 'localhost', repository: 'a', tag: 'v1', digest } },
  { text: '[::1]:5000/a:1', reference: { registry: '[::1]:5000', repository: 'a', tag: '1' } },
]) {
  test(`${text} is read and written the same`, () => {
    assert.deepEqual(parseReference(text), reference);
    assert.equal(formatReference(parseReference(text)), text);
  });
}

test('a name without a host is one of Docker Hub, one without a tag is the latest', () => {
  assert.equal(formatReference(parseReference('node')), 'docker.io/library/node:latest');
  assert.equal(formatReference(parseReference('grafana/grafana:12')), 'docker.io/grafana/grafana:12');
});

for (const text of [
  '',
  'host:5000/',
  'host:5000/Upper',
  'host:5000/a:',
  'host:5000/a@sha256:12',
  'host:5000/a:b:c',
  'host:5000/a b',
  'ho st/a',
  'host.example/../a',
]) {
  test(`"${text}" is refused as a reference`, () => {
    assert.throws(
      () => parseReference(text),
      (error) => error instanceof OciError && error.code === 'invalid-reference' && error.message.includes(`"${text}"`),
    );
  });
}

test('only registries of this machine are spoken to in plain http', () => {
  assert.deepEqual(['localhost:5000', '127.0.0.1', '[::1]:80', 'x.localhost'].map(isLoopback), [true, true, true, true]);
  assert.deepEqual(['registry.example', '127.0.0.1.example:80', '10.0.0.1:5000', 'localhost.example'].map(isLoopback), [
    false,
    false,
    false,
    false,
  ]);
});
