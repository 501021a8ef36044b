import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Layer } from '../domain/release.ts';
import { BelugaError } from '../errors.ts';
import { createPlane, specOf } from '../reconcile/for-tests.ts';
import { entryHash, firstHash } from '../store/journal.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { deprecateSocle } from './deprecate-socle.ts';
import { findRelease } from './find-release.ts';
import { planRebase } from './plan-rebase.ts';
import { type Moved, rebaseReleases } from './rebase-releases.ts';
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
  const wish = { component: 'web', version: '1.0.0', image: imageOf('web', 'moved'), layers };
  const [moved] = await rebaseReleases(context, 'lea', { name: 'base-2', releases: [wish] });
  assert.ok(moved?.outcome === 'created');
  assert.equal(moved.release.version, '1.0.0+base-2.2');
  assert.equal(moved.release.commit?.id, 'c0ffee');
  assert.deepEqual(told(await rebaseReleases(context, 'lea', { name: 'base-2', releases: [wish] })), ['web same']);
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
  const wish = { component: 'api', version: '1.0.0', image: imageOf('api', 'moved') };
  const offered = [layersOf('v3', 's2', 'other'), layersOf('v3', 's1', 'app')].map((layers) => ({ ...wish, layers }));
  const moved = await rebaseReleases(context, 'lea', { name: 'base-3', releases: offered });
  assert.deepEqual(told(moved), ['api rebase-changes-application', 'api rebase-changes-application']);
});

test('of releases that move together each is refused by itself; those that move are in the audit, in one chain, and in no other transaction', async () => {
  await record('base-6', ['v6', 's1']);
  const names = ['one', 'two', 'three', 'four'];
  for (const name of names) await register(name, ['v6', 's1', `app of ${name}`]);
  await record('base-6', ['v6', 's2']);
  const before = await context.store.views.audit({ after: 0, limit: 1000 });
  const movingOf = (component: string, own = `app of ${component}`) => {
    return { component, version: '1.0.0', image: imageOf(component, 'moved'), layers: layersOf('v6', 's2', own) };
  };
  const releases = [
    movingOf('one'),
    movingOf('two', 'another app'),
    movingOf('missing'),
    movingOf('three'),
    movingOf('three'),
    movingOf('four'),
  ];
  const at = '2027-01-02T03:04:05.678Z';
  const moved = await rebaseReleases({ ...context, now: () => Temporal.Instant.from(at) }, 'lea', { name: 'base-6', releases });
  assert.deepEqual(told(moved), [
    'one created',
    'two rebase-changes-application',
    'missing unknown-component',
    'three created',
    'three created',
    'four created',
  ]);
  const entries = await context.store.views.audit({ after: before.length, limit: 1000 });
  assert.deepEqual(
    entries.map(({ subject }) => subject),
    ['four', 'one', 'three'].map((name) => `release/${name}@1.0.0+base-6.2`),
  );
  const hashes = [before.at(-1)?.hash ?? firstHash, ...entries.map(({ hash }) => hash)];
  for (const [index, entry] of entries.entries()) assert.equal(entry.hash, entryHash(hashes[index] ?? '', entry), entry.subject);
  for (const name of ['one', 'three', 'four']) {
    const release = await findRelease(context, name, '1.0.0+base-6.2');
    assert.equal(await context.store.attestations.lastCheck(release.digest), at);
    assert.equal((await context.store.evidence.of(release.digest)).length, 3);
  }
});

test('releases that two move at once, in any order, are each created once', async () => {
  await record('base-7', ['v7', 's1']);
  const names = Array.from({ length: 8 }, (_, at) => `twice-${at}`);
  for (const name of names) await register(name, ['v7', 's1', 'app']);
  await record('base-7', ['v7', 's2']);
  const releases = names.map((component) => {
    return { component, version: '1.0.0', image: imageOf(component, 'moved'), layers: layersOf('v7', 's2', 'app') };
  });
  const both = await Promise.all(
    [releases, releases.toReversed()].map((some) => rebaseReleases(context, 'lea', { name: 'base-7', releases: some })),
  );
  const created = both.flat().filter(({ outcome }) => outcome === 'created');
  assert.deepEqual(created.map(({ from }) => from.component).toSorted(), names);
});

test('a version with another major moves nobody: each is told why', async () => {
  await record('base-4', ['v4', 's1']);
  await register('batch', ['v4', 's1', 'app']);
  await record('base-4', ['v4', 's2'], { ...runtime, node: '28' });
  const plan = await planRebase(context, { name: 'base-4' });
  assert.deepEqual(plan.waves, []);
  const problem = 'it needs node 26 and the new socle has 28: another major';
  assert.deepEqual(plan.refused, [{ component: 'batch', version: '1.0.0', problem }]);
  const layers = layersOf('v4', 's2', 'app');
  const wish = { component: 'batch', version: '1.0.0', image: imageOf('batch', 'moved'), layers };
  assert.deepEqual(told(await rebaseReleases(context, 'lea', { name: 'base-4', releases: [wish] })), ['batch runtime-differs']);
});

test('nobody moves to a deprecated socle; its users move to the one that is named instead', async () => {
  await record('old-5', ['v5', 's1']);
  await record('new-5', ['v5', 's9']);
  await register('site', ['v5', 's1', 'app']);
  await deprecateSocle(context, 'lea', { name: 'old-5', reason: 'its vendor base is out of support', instead: 'new-5' });
  await refused('socle-deprecated', planRebase(context, { name: 'old-5' }));
  await refused('socle-deprecated', rebaseReleases(context, 'lea', { name: 'old-5', releases: [] }));
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

function told(moved: readonly Moved[]): readonly string[] {
  return moved.map((one) => `${one.from.component} ${one.outcome === 'refused' ? one.error.code : one.outcome}`);
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
