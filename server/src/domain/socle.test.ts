import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Layer } from './release.ts';
import { planRebase, rebasedVersion, runtimeProblem, type Socle, type SocleUser, standsOn } from './socle.ts';

const layer = (name: string, storey: Layer['storey'] = 'socle'): Layer => ({ digest: `sha256:${name}`, sizeBytes: 1, storey });
const glibc = { node: '26', libc: 'glibc-2.36' };

test('an image stands on the version whose layers are all below its own, the one with the most of them', () => {
  const one = socle(1, ['v', 's1']);
  const vendorOnly = { ...socle(1, ['v']), name: 'vendor' };
  assert.equal(standsOn([layer('v'), layer('s1'), layer('app')], [vendorOnly, one])?.name, 'node-26');
  assert.equal(standsOn([layer('v'), layer('other'), layer('app')], [vendorOnly, one])?.name, 'vendor');
  assert.equal(standsOn([layer('app')], [vendorOnly, one]), null);
  assert.equal(standsOn([], [{ ...one, layers: [] }]), null);
});

for (const [what, from, to, problem] of [
  ['the same', glibc, glibc, null],
  ['a newer C library and a patch of the runtime', glibc, { node: '26.11.0', libc: 'glibc-2.41' }, null],
  ['another major', glibc, { ...glibc, node: '28' }, /needs node 26 and the new socle has 28: another major/],
  ['another C library', glibc, { ...glibc, libc: 'musl-1.2' }, /another C library/],
  ['an older C library', glibc, { ...glibc, libc: 'glibc-2.31' }, /an older C library/],
  ['a runtime that is gone', { ...glibc, jre: '21' }, glibc, /needs jre 21, which the new socle does not declare/],
  ['nothing declared', {}, glibc, /declares no runtime/],
] as const) {
  test(`${what} ${problem === null ? 'keeps' : 'breaks'} the contract of the runtime`, () => {
    if (problem === null) assert.equal(runtimeProblem(from, to), null);
    else assert.match(runtimeProblem(from, to) ?? '', problem);
  });
}

test('a moved release says in its version which socle it moved to, and says it once', () => {
  const onto = { name: 'node-26', number: 3 };
  assert.equal(rebasedVersion('1.4.0', onto, ['node-26']), '1.4.0+node-26.3');
  assert.equal(rebasedVersion('1.4.0+node-26.2', onto, ['node-26']), '1.4.0+node-26.3');
  assert.equal(rebasedVersion('1.4.0+dirty.0a1b2c3d', onto, ['node-26']), '1.4.0+dirty.0a1b2c3d.node-26.3');
  assert.equal(rebasedVersion('1.4.0+dirty.0a1b2c3d.old.base.7', onto, ['node-26', 'old.base']), '1.4.0+dirty.0a1b2c3d.node-26.3');
});

test('systems move one after the other, those on which least depends first', () => {
  const users = [
    user('web', 'claims', 'critical'),
    user('batch', 'claims', 'low'),
    user('site', 'blog', 'low'),
    user('api', 'agenda', 'medium'),
  ];
  const plan = planRebase(socle(2, ['v', 's2']), users, [socle(1, ['v', 's1'])], new Set());
  assert.deepEqual(
    plan.waves.map(({ system, criticality, items }) => [system, criticality, items.map((item) => `${item.component} ${item.newVersion}`)]),
    [
      ['blog', 'low', ['site 1.0.0+node-26.2']],
      ['agenda', 'medium', ['api 1.0.0+node-26.2']],
      ['claims', 'critical', ['web 1.0.0+node-26.2', 'batch 1.0.0+node-26.2']],
    ],
  );
});

test('who stands on it, has a release that does, or on none of its versions is left alone; who may not move is told why', () => {
  const [first, second] = [socle(1, ['v', 's1']), socle(2, ['v', 's2'])];
  const other = { ...socle(1, ['w']), runtime: { node: '24', libc: 'glibc-2.36' } };
  const users = [
    user('there', 'a', 'low', ['v', 's2', 'x']),
    user('known', 'a', 'low'),
    user('foreign', 'a', 'low', ['elsewhere', 'x']),
    user('older', 'a', 'low', ['w', 'x']),
  ];
  const plan = planRebase(second, users, [first, second, other], new Set(['known@1.0.0+node-26.2']));
  assert.deepEqual(plan.waves, []);
  assert.equal(plan.done, 2);
  assert.deepEqual(
    plan.refused.map((one) => one.component),
    ['older'],
  );
});

function socle(number: number, layers: readonly string[]): Socle {
  const image = `registry/socle/node-26@sha256:${number}`;
  return {
    ...{ name: 'node-26', number, image, vendor: image, runtime: glibc, deprecated: null, recordedAt: '2026-01-01T00:00:00Z' },
    layers: layers.map((name) => layer(name)),
  };
}

function user(component: string, system: string, criticality: SocleUser['criticality'], layers = ['v', 's1', 'app']): SocleUser {
  const image = `registry/${system}/${component}@sha256:1`;
  const identity = { component, system, criticality, version: '1.0.0', image, createdAt: '2026-01-01T00:00:00Z' };
  return { ...identity, layers: layers.map((name) => layer(name)), environments: [] };
}
