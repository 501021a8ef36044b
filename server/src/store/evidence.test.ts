import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listEvidence, recordEvidence } from '../actions/record-evidence.ts';
import { BelugaError } from '../errors.ts';
import { createPlane, release } from '../reconcile/for-tests.ts';
import { withDatabase } from './postgres/for-tests.ts';

const { context } = createPlane(await withDatabase());
await release(context, 'web', '1.0.0');
const web = { component: 'web', version: '1.0.0' };

test('evidence is kept with its findings, the newest first, and told in the audit log with who brought it', async () => {
  const findings = [
    { id: 'CVE-2026-1', severity: 'high', package: 'pkg:npm/a@1', storey: 'dependencies' },
    { id: 'CVE-2026-2', severity: 'low', package: 'pkg:deb/debian/b@2', storey: null },
  ] as const;
  await recordEvidence(context, 'lea', { ...web, kind: 'tests', outcome: 'passed', summary: '12 tests passed' });
  const scan = await recordEvidence(context, 'ci', { ...web, kind: 'scan', outcome: 'failed', summary: '2 found', findings });
  const [newest, older] = await listEvidence(context, web);
  assert.deepEqual(newest, scan);
  assert.deepEqual([older?.kind, older?.recordedBy, older?.findings], ['tests', 'lea', []]);
  const entry = (await context.store.views.audit({ after: 0, limit: 100 })).at(-1);
  assert.deepEqual([entry?.what, entry?.subject, entry?.who], ['evidence.recorded', 'release/web@1.0.0', 'ci']);
});

test('evidence that has expired already is refused and leaves nothing', async () => {
  const before = await listEvidence(context, web);
  await assert.rejects(
    recordEvidence(context, 'lea', { ...web, kind: 'quality', outcome: 'passed', summary: 'x', expiresAt: '2020-01-01T00:00:00Z' }),
    (error) => error instanceof BelugaError && error.code === 'evidence-expired',
  );
  assert.deepEqual(await listEvidence(context, web), before);
});

test('twenty thousand findings fit', async () => {
  const findings = Array.from({ length: 20_000 }, (_, index) => ({
    ...{ id: `CVE-${index}`, severity: 'low' as const, package: `pkg:npm/p${index}@1`, storey: null },
  }));
  await recordEvidence(context, 'lea', { ...web, kind: 'scan', outcome: 'passed', summary: 'many', findings });
  assert.equal((await listEvidence(context, web))[0]?.findings.length, 20_000);
});
