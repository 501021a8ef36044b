import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImagePackage } from '../domain/image.ts';
import { createSimulatedRegistry } from '../drivers/registry/simulated/simulated-registry.ts';
import { createPlane, deploy, quickPace, release } from '../reconcile/for-tests.ts';
import { startLoop } from '../reconcile/loop.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { listExposures } from './list-exposures.ts';
import { recordEvidence } from './record-evidence.ts';

const registry = createSimulatedRegistry();
const { context } = createPlane(await withDatabase(), undefined, { registry });
const packageOf = (purl: string, storey: ImagePackage['storey']): ImagePackage => ({
  purl,
  name: '',
  version: '',
  storey,
  layer: `sha256:${'a'.repeat(64)}`,
});
const libc = packageOf('pkg:deb/debian/libc6@2.36-9%2Bdeb12u7?arch=amd64&distro=debian-12', 'socle');
const express = (version: string) => packageOf(`pkg:npm/express@${version}`, 'dependencies');
const scoped = packageOf('pkg:npm/%40scope/a@1.0.0', 'dependencies');
const told = async (what: string) =>
  (await listExposures(context, what)).map(
    (one) => `${one.component}@${one.version} ${one.environment} ${one.storey} ${one.severity} ${one.basis}`,
  );

test('who is exposed is told by what runs: by the package, and by the scan of another release that has the same one', async () => {
  const loop = startLoop(context, 'server-1', quickPace);
  registry.hold({ packages: [libc, express('4.0.0'), scoped] });
  await release(context, 'web', '1.0.0');
  registry.hold({ packages: [libc, express('5.0.0')] });
  await release(context, 'web', '2.0.0');
  await release(context, 'api', '1.0.0');
  await deploy(context, 'web', '1.0.0', 'dev');
  await deploy(context, 'web', '1.0.0', 'int');
  await deploy(context, 'api', '1.0.0', 'dev');

  assert.deepEqual(await told('pkg:npm/express@4.0.0'), [
    'web@1.0.0 dev dependencies null package',
    'web@1.0.0 int dependencies null package',
  ]);
  assert.equal((await told('pkg:npm/express')).length, 3);
  assert.deepEqual(await told('pkg:npm/@scope/a@1.0.0'), await told('pkg:npm/%40scope/a'));
  assert.equal((await told('pkg:deb/debian/libc6@2.36-9%2Bdeb12u7?arch=arm64')).length, 3);
  assert.deepEqual(await told('pkg:npm/lodash'), []);
  assert.deepEqual(await told('CVE-2026-1'), []);

  const scan = (component: string, ids: readonly string[]) => {
    const findings = ids.map((id) => ({ id, severity: 'critical' as const, package: `${libc.purl}-12.5`, storey: null }));
    return recordEvidence(context, 'ci', { component, version: '1.0.0', kind: 'scan', outcome: 'failed', summary: 'x', findings });
  };
  await scan('api', ['CVE-2026-1']);
  assert.deepEqual(await told('CVE-2026-1'), [
    'api@1.0.0 dev socle critical scan',
    'web@1.0.0 dev socle null package',
    'web@1.0.0 int socle null package',
  ]);

  // A newer scan that no longer finds it takes the word of the older one back, not that of the package.
  await scan('api', []);
  assert.deepEqual((await told('CVE-2026-1'))[0], 'api@1.0.0 dev socle null package');

  await deploy(context, 'web', '2.0.0', 'dev');
  assert.deepEqual(await told('pkg:npm/express@4.0.0'), ['web@1.0.0 int dependencies null package']);
  await loop.stop();
});
