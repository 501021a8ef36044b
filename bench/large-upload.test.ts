import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peaksOf } from './large-upload.ts';

test('a blob larger than the memory it may take goes through client and registry; npm run large-upload sends 5 GiB', async () => {
  const { client, registry } = await peaksOf(400);
  assert.ok(client <= 200, `the client held ${client} MiB`);
  assert.ok(registry <= 200, `the registry held ${registry} MiB`);
});
