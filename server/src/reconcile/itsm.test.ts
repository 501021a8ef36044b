import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installWithFaults } from './itsm-for-tests.ts';

test('40 installations end as exactly 40 rightly closed records of an ITSM that fails, forgets, doubles and disappears', async () => {
  const { records, closures, virtualMinutes } = await installWithFaults(40);
  assert.equal(records, 40);
  assert.equal(
    Object.values(closures).reduce((sum, count) => sum + count, 0),
    40,
  );
  assert.ok(virtualMinutes >= 20, `${virtualMinutes} minutes: the tool was never away`);
});
