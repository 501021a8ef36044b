import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installWithFaults } from './itsm-for-tests.ts';

/** BELUGA_INSTALLATIONS=1000 tells the whole story; it takes minutes. */
const count = Number(process.env['BELUGA_INSTALLATIONS'] ?? 24);

test(`${count} installations end as exactly ${count} rightly closed records of an ITSM that fails, forgets, doubles and disappears`, {
  timeout: 3_600_000,
}, async () => {
  const { records, closures, virtualMinutes } = await installWithFaults(count);
  const closed = Object.values(closures).reduce((sum, one) => sum + one, 0);
  assert.deepEqual([records, closed], [count, count]);
  assert.ok(virtualMinutes >= 20, `${virtualMinutes} minutes: the tool was never away`);
});
