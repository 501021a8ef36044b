import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSubject } from '../../src/drivers/engine/docker/rig/subject.ts';
import { soak } from './soak.ts';

/** The short form of `npm run soak`: what leaks with every deployment shows in fifteen. */
const deployments = 15;

test('one deployment after the other under load costs no request and leaves nothing behind', async () => {
  const subject = await openSubject('docker');
  try {
    const { problems, sent } = await soak(subject, deployments, () => {});
    assert.deepEqual(problems, []);
    assert.ok(sent > 100);
  } finally {
    await subject.close();
  }
});
