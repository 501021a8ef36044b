import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Layer } from '../domain/release.ts';
import { BelugaError } from '../errors.ts';
import { createPlane, specOf } from '../reconcile/for-tests.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { deprecateSocle } from './deprecate-socle.ts';
import { planRebase } from './plan-rebase.ts';
import { rebaseRelease } from './rebase-release.ts';
import { recordSocle } from './record-socle.ts';
import { registerRelease } from './register-release.ts';
import { showSocle } from './show-socle.ts';

const { context } = createPlane(await withDatabase());
const runtime = { node: '26', libc: 'glibc-2.36' };

test('a socle counts its versions, and recording what it is already changes nothing', async () => {
  const first = await record('base-1', ['v', 's1']);
  const again = await record('base-1', ['v', 's1']);
  const second = await record('base-1', ['v', 's2']);
  assert.deepEqual([first.number, again.number, second.number], [1, 1, 2]);
  const { versions } = await showSocle(context, 'base-1');
  assert.deepEqual(
    versions.map((version) => version.number),
    [2, 1],
  );
  const entries = (await context.store.views.audit({ after: 0, limit: 100 })).filter((entry) => entry.subject === 'socle/base-1');
  assert.deepEqual(
    entries.map((entry) => entry.what),
    ['socle.recorded', 'socle.recorded'],
  );
});

test('a release moves to the newest version with its commit and its configuration, and is passed over the second time', async () => {
  await record('base-2', ['v2', 's1']);
  await register('web', ['v2', 's1', 'packages', 'app']);
  await record('base-2', ['v2', 's2']);
  const plan = await planRebase(context, { name: 'base-2' });
  assert.deepEqual(
    plan.waves.map(({ system, items }) => [system, items.map((item) => `${item.component} ${item.newVersion} from #${item.from.number}`)]),
    [['contrats', ['web 1.0.0+base-2.2 from #1']]],
  );
  const layers = layersOf('v2', 's2', 'packages', 'app');
  const wish = { name: 'base-2', component: 'web', version: '1.0.0', image: imageOf('web', 'moved'), layers };
  const { release, created } = await rebaseRelease(context, 'lea', wish);
  assert.equal(created, true);
  assert.equal(release.version, '1.0.0+base-2.2');
  assert.equal(release.commit?.id, 'c0ffee');
  assert.equal((await rebaseRelease(context, 'lea', wish)).created, false);
  assert.deepEqual((await planRebase(context, { name: 'base-2' })).waves, []);
  assert.deepEqual(
    (await showSocle(context, 'base-2')).users.map(({ component, version, number }) => [component, version, number]),
    [['web', '1.0.0+base-2.2', 2]],
  );
});

test('an image with other layers of the application is not the same release on another socle', async () => {
  await record('base-3', ['v3', 's1']);
  await register('api', ['v3', 's1', 'app']);
  await record('base-3', ['v3', 's2']);
  const wish = { name: 'base-3', component: 'api', version: '1.0.0', image: imageOf('api', 'moved') };
  await refused('rebase-changes-application', rebaseRelease(context, 'lea', { ...wish, layers: layersOf('v3', 's2', 'other') }));
  await refused('rebase-changes-application', rebaseRelease(context, 'lea', { ...wish, layers: layersOf('v3', 's1', 'app') }));
});

test('a version with another major moves nobody: each is told why', async () => {
  await record('base-4', ['v4', 's1']);
  await register('batch', ['v4', 's1', 'app']);
  await record('base-4', ['v4', 's2'], { ...runtime, node: '28' });
  const { waves, refused: told } = await planRebase(context, { name: 'base-4' });
  assert.deepEqual(waves, []);
  const problem = 'it needs node 26 and the new socle has 28: another major';
  assert.deepEqual(told, [{ component: 'batch', version: '1.0.0', problem }]);
  const layers = layersOf('v4', 's2', 'app');
  const wish = { name: 'base-4', component: 'batch', version: '1.0.0', image: imageOf('batch', 'moved'), layers };
  await refused('runtime-differs', rebaseRelease(context, 'lea', wish));
});

test('nobody moves to a deprecated socle; its users move to the one that is named instead', async () => {
  await record('old-5', ['v5', 's1']);
  await record('new-5', ['v5', 's9']);
  await register('site', ['v5', 's1', 'app']);
  await deprecateSocle(context, 'lea', { name: 'old-5', reason: 'its vendor base is out of support', instead: 'new-5' });
  await refused('socle-deprecated', planRebase(context, { name: 'old-5' }));
  const { waves } = await planRebase(context, { name: 'new-5', from: 'old-5' });
  assert.deepEqual(
    waves.flatMap(({ items }) => items).map((item) => item.newVersion),
    ['1.0.0+new-5.1'],
  );
  await refused('socle-instead-of-itself', deprecateSocle(context, 'lea', { name: 'new-5', reason: 'x', instead: 'new-5' }));
  await refused('unknown-socle', deprecateSocle(context, 'lea', { name: 'none', reason: 'x' }));
});

function record(name: string, layers: readonly string[], is: Readonly<Record<string, string>> = runtime) {
  const image = imageOf(`socle/${name}`, layers.join(' '));
  return recordSocle(context, 'lea', { name, image, vendor: image, layers: layersOf(...layers), runtime: is });
}

async function register(component: string, layers: readonly string[]): Promise<void> {
  const commit = { id: 'c0ffee', branch: 'main', subject: 's', author: 'a', at: '2026-01-01T00:00:00Z' };
  const image = imageOf(component, layers.join(' '));
  await registerRelease(context, 'lea', { spec: specOf(component), version: '1.0.0', image, layers: layersOf(...layers), commit });
}

function layersOf(...names: readonly string[]): readonly Layer[] {
  return names.map((name) => ({ digest: context.hash(name), sizeBytes: 1, storey: 'socle' }));
}

function imageOf(name: string, content: string): string {
  return `127.0.0.1:4600/${name}@${context.hash(content)}`;
}

async function refused(code: string, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => error instanceof BelugaError && error.code === code);
}
