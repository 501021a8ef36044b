import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Client, RebasePlanView } from '@beluga/contract';
import { LayerCache } from '@beluga/oci/cache';
import { root, textEntry } from '@beluga/oci/entry';
import { assemble, type Image } from '@beluga/oci/image';
import { pushImage } from '@beluga/oci/push';
import { Registry } from '@beluga/oci/registry';
import { fetchImage } from '@beluga/oci/remote';
import { startRegistry, temporaryFolder } from '../../../server/src/drivers/registry/embedded/registry-for-tests.ts';
import { createIo } from '../output/io.ts';
import { createProgress } from '../output/progress.ts';
import type { ImagePlatform } from '../platform/registry.ts';
import { rebaseAll } from './rebase.ts';

type Waves = RebasePlanView['waves'];
const credentials = { kind: 'password', username: 'beluga', password: 'secret' } as const;

test('a part of a wave is pushed and registered in one call, the releases of one component one after the other', async (t) => {
  const { rebase, calls } = await prepared(t);
  const { moved, failed, left } = await rebase();
  assert.deepEqual(calls, [['form@1.0.0'], ['form@1.1.0', 'page@1.0.0'], ['claims@1.0.0']]);
  assert.deepEqual([moved.length, failed, left], [4, [], 0]);
  assert.ok(moved.every(({ newVersion, sentBytes }) => newVersion.endsWith('+node-26.2') && sentBytes < 5_000));
});

test('what cannot be pushed, or is refused, ends the wave; what was pushed with it moves, nothing after it begins', async (t) => {
  const { rebase, calls, lines } = await prepared(t);
  const missing = await rebase((item) => ({ ...item, image: item.image.replace(/[0-9a-f]{64}$/, '0'.repeat(64)) }), 'page');
  assert.deepEqual(calls.splice(0), [['form@1.0.0'], ['form@1.1.0']]);
  assert.deepEqual([missing.moved.length, missing.failed.map(({ component }) => component), missing.left], [2, ['page'], 1]);
  assert.match(lines.splice(0).join(''), /^ {2}1 failed, 2 moved {2}Wave 1 of 2: small \(low\), 3 releases \([^)]+\)\n$/);
  const refused = await rebase((item) => item, 'refused');
  assert.deepEqual(calls, [['form@1.0.0'], ['form@1.1.0', 'page@1.0.0']]);
  assert.deepEqual(refused.failed, [{ component: 'page', version: '1.0.0', problem: 'not this one' }]);
  assert.deepEqual([refused.moved.length, refused.left], [2, 1]);
});

/** A registry with two versions of a socle and four images on the first; a server that only remembers what it was asked. */
async function prepared(t: TestContext) {
  const { host } = await startRegistry(t);
  const home = await temporaryFolder(t);
  const registry = new Registry(host, { credentials });
  t.after(() => registry.close());
  const cache = new LayerCache(home);
  const push = async (name: string, text: string, base?: Image) => {
    const layer = await cache.layer({ name, entries: [textEntry(name, text)], owner: root, compression: 'gzip' });
    const layers = [{ layer, storey: 'application', from: '' }] as const;
    const { image, digest } = await pushImage(
      assemble({ layers, ...(base && { base: { image: base, name: 'socle' } }) }),
      registry,
      `shop/${name}`,
    );
    return { reference: image, image: await fetchImage(registry, { registry: host, repository: `shop/${name}`, digest }) };
  };
  const [from, onto] = [await push('socle', 'one'), await push('socle', 'two')];
  const items = async (...names: readonly string[]) => {
    return Promise.all(
      names.map(async (named) => {
        const [component = '', version = ''] = named.split('@');
        const { reference } = await push(component, named, from.image);
        return { component, version, image: reference, from: { name: 'node-26', number: 1, image: from.reference }, newVersion: '' };
      }),
    );
  };
  const waves: Waves = [
    { system: 'small', criticality: 'low', items: await items('form@1.0.0', 'form@1.1.0', 'page@1.0.0') },
    { system: 'vital', criticality: 'critical', items: await items('claims@1.0.0') },
  ];
  const calls: string[][] = [];
  const lines: string[] = [];
  const rebase = (change = (item: Waves[number]['items'][number]) => item, changed = '') => {
    const rebaseReleases: Client['rebaseReleases'] = async ({ releases }) => {
      calls.push(releases.map(({ component, version }) => `${component}@${version}`));
      return { items: releases.map((one) => answerTo(one, changed === 'refused' && one.component === 'page')) };
    };
    const platform = { client: { rebaseReleases }, registry: { host, options: { credentials } } } as unknown as ImagePlatform;
    const changing = waves.map((wave) => ({
      ...wave,
      items: wave.items.map((item) => (item.component === changed ? change(item) : item)),
    }));
    const socle = { name: 'node-26', number: 2, image: onto.reference } as RebasePlanView['onto'];
    const io = { ...createIo('json', { BELUGA_CACHE: home }), progress: createProgress({ write: (text) => lines.push(text) > 0 }, {}) };
    return rebaseAll(io, platform, { onto: socle, waves: changing, refused: [], done: 0 });
  };
  return { rebase, calls, lines };
}

function answerTo({ component, version }: { readonly component: string; readonly version: string }, isRefused: boolean) {
  const problem = { type: '', title: '', status: 422, detail: 'not this one', code: 'x', remedy: '', retry: false };
  if (isRefused) return { component, version, outcome: 'refused' as const, problem };
  return { component, version, outcome: 'created' as const, newVersion: `${version}+node-26.2` };
}
