import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlane, release } from '../../reconcile/for-tests.ts';
import { withDatabase } from '../postgres/for-tests.ts';

const { context } = createPlane(await withDatabase());
const { audit } = context.store.views;

test('the audit log is read forward from an entry, or backward from the newest, and searched by all of the words', async () => {
  for (const name of ['alpha', 'beta', 'gamma']) await release(context, name, '1.0.0');
  const all = await audit({ limit: 1_000 });
  const numbers = all.map(({ number }) => number);
  assert.ok(numbers.length >= 3);
  assert.deepEqual(
    numbers,
    numbers.toSorted((one, other) => one - other),
  );
  const [newest = 0, before = 0] = numbers.toReversed();
  assert.deepEqual(
    (await audit({ before: newest + 1, limit: 2 })).map(({ number }) => number),
    [newest, before],
  );
  assert.deepEqual(
    (await audit({ before: newest, limit: 1 })).map(({ number }) => number),
    [before],
  );
  assert.deepEqual(
    (await audit({ after: before, limit: 5 })).map(({ number }) => number),
    [newest],
  );
  const found = await audit({ search: 'BETA lea', limit: 10 });
  assert.ok(found.length >= 1 && found.every(({ subject, detail }) => `${subject} ${JSON.stringify(detail)}`.includes('beta')));
  assert.deepEqual(await audit({ search: 'beta 100%_', limit: 10 }), []);
});
