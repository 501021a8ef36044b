import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushProgress } from './push-progress.ts';

test('a push shows one bar over all layers that are being sent, and in words what was done', () => {
  const said: string[] = [];
  const progress = pushProgress((words) => said.push(words));
  const [one, two] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`] as const;
  progress({ kind: 'layer-built', digest: one, sizeBytes: 30_000_000, storey: 'application', reused: false });
  progress({ kind: 'sending', digest: one, sentBytes: 15_000_000, sizeBytes: 30_000_000 });
  progress({ kind: 'sending', digest: two, sentBytes: 0, sizeBytes: 10_000_000 });
  progress({ kind: 'sending', digest: one, sentBytes: 30_000_000, sizeBytes: 30_000_000 });
  progress({ kind: 'sending', digest: two, sentBytes: 10_000_000, sizeBytes: 10_000_000 });
  progress({ kind: 'blob-done', digest: two, sizeBytes: 10_000_000, how: 'pushed' });
  assert.deepEqual(said, [
    'application layer made, 30.0 MB',
    '██████████░░░░░░░░░░ 15.0 MB of 30.0 MB',
    '███████░░░░░░░░░░░░░ 15.0 MB of 40.0 MB',
    '███████████████░░░░░ 30.0 MB of 40.0 MB',
    '████████████████████ 40.0 MB of 40.0 MB',
    '10.0 MB pushed',
  ]);
});
