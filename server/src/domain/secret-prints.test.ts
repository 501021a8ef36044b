import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedSecrets } from './secret-prints.ts';

test('a secret has changed when its print under the same key is another one', () => {
  assert.deepEqual(changedSecrets({ a: 'k1:1', b: 'k1:2' }, { a: 'k1:1', b: 'k1:3' }), ['b']);
});

test('what cannot be read now, or was printed under another key, is not taken for changed', () => {
  assert.deepEqual(changedSecrets({ a: 'k1:1' }, {}), []);
  assert.deepEqual(changedSecrets({ a: 'k1:1' }, { a: 'k2:9' }), []);
  assert.deepEqual(changedSecrets({}, { a: 'k1:1' }), []);
});
