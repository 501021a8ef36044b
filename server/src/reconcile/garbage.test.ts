import assert from 'node:assert/strict';
import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { registerRelease } from '../actions/register-release.ts';
import { startRegistry } from '../drivers/registry/embedded/registry-for-tests.ts';
import { createSimulatedRegistry } from '../drivers/registry/simulated/simulated-registry.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { createPlane, specOf } from './for-tests.ts';
import { collectGarbage } from './garbage.ts';

test('what was built and never released leaves the registry after a week; every release keeps its image', async (t) => {
  const embedded = await startRegistry(t);
  const { context } = createPlane(await withDatabase(), undefined, { registry: { ...createSimulatedRegistry(), ...embedded.registry } });
  const [first, second, unreleased] = [
    await embedded.pushImage('test/web', '', Buffer.from('first')),
    await embedded.pushImage('test/web', '', Buffer.from('second')),
    await embedded.pushImage('test/web', '', Buffer.from('unreleased')),
  ];
  const at = (digest: string) => `${embedded.host}/test/web@${digest}`;
  for (const [version, digest] of [
    ['1', first],
    ['2', second],
  ] as const)
    await registerRelease(context, 'lea', { spec: specOf('web'), version, image: at(digest), layers: [], commit: null });
  await collectGarbage(context);
  assert.equal(await embedded.registry.holds(at(unreleased)), true);
  const weekAgo = context.now().subtract({ hours: 8 * 24 }).epochMilliseconds / 1000;
  for (const entry of readdirSync(embedded.folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), weekAgo, weekAgo);
  }
  await collectGarbage(context);
  const held = await Promise.all([first, second, unreleased].map((digest) => embedded.registry.holds(at(digest))));
  assert.deepEqual(held, [true, true, false]);
});
