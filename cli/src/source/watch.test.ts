import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LayerCache } from '@beluga/oci/cache';
import { root, textEntry } from '@beluga/oci/entry';
import { assemble } from '@beluga/oci/image';
import { pushImage } from '@beluga/oci/push';
import { Registry } from '@beluga/oci/registry';
import { startRegistry, temporaryFolder } from '../../../server/src/drivers/registry/embedded/registry-for-tests.ts';
import { createIo } from '../output/io.ts';
import type { Platform } from '../platform/home.ts';
import { withRegistry } from '../platform/registry.ts';
import { readComponent } from './component.ts';
import type { Built } from './image.ts';
import { watchComponent } from './watch.ts';

test('a watch pushes an image at each change, sends only what changed, and ends when it is told', async (t) => {
  const { platform, folder, io } = await prepared(t);
  const pushed = new Pushed();
  const stop = new AbortController();
  const watching = watchComponent(io, platform, await readComponent(folder), (built) => pushed.add(built), stop.signal);
  const first = await pushed.next();
  assert.deepEqual(statesOf(first), ['vendor reused', 'dependencies pushed', 'application pushed']);
  appendFileSync(join(folder, 'server.js'), '// changed\n');
  const second = await pushed.next();
  assert.deepEqual(statesOf(second), ['vendor reused', 'dependencies reused', 'application pushed']);
  assert.notEqual(second.digest, first.digest);
  stop.abort();
  await watching;
});

test('a watch says what is wrong and goes on with the next change', async (t) => {
  const { platform, folder, io } = await prepared(t);
  const pushed = new Pushed();
  const stop = new AbortController();
  const said: string[] = [];
  t.mock.method(process.stderr, 'write', (text: string) => said.push(text) > 0);
  const watching = watchComponent(io, platform, await readComponent(folder), (built) => pushed.add(built), stop.signal);
  await pushed.next();
  writeFileSync(join(folder, '.belugaignore'), 'server.js\nnode_modules\nbeluga.yaml\n');
  while (!said.join('').includes('holds nothing')) await new Promise((resolve) => setTimeout(resolve, 20));
  writeFileSync(join(folder, '.belugaignore'), 'beluga.yaml\n');
  await pushed.next();
  stop.abort();
  await watching;
});

test('an image that exists already cannot be watched', async (t) => {
  const { platform, folder, io } = await prepared(t, `build: { image: "r/x@sha256:${'0'.repeat(64)}" }\n`);
  const watching = watchComponent(io, platform, await readComponent(folder), () => undefined, new AbortController().signal);
  await assert.rejects(watching, { code: 'nothing-to-watch' });
});

async function prepared(t: TestContext, more = '') {
  const { host } = await startRegistry(t);
  const home = await temporaryFolder(t);
  const folder = join(home, 'component');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'node_modules', 'index.js'), 'packages');
  writeFileSync(join(folder, 'server.js'), '// first\n');
  writeFileSync(join(folder, 'beluga.yaml'), `apiVersion: beluga/v1\nkind: Service\nmetadata: { name: web, system: shop }\n${more}`);
  const socle = await pushSocle(host, home);
  const client = {
    showRegistry: () => Promise.resolve({ kind: 'embedded' }),
    listSocles: () => Promise.resolve({ items: [{ name: 'node-26', image: socle }] }),
  };
  const platform = await withRegistry({ client, url: `http://${host}`, token: 'secret' } as unknown as Platform, {});
  return { platform, folder, io: createIo('ndjson', { BELUGA_CACHE: home }) };
}

async function pushSocle(host: string, home: string): Promise<string> {
  const registry = new Registry(host, { credentials: { kind: 'password', username: 'beluga', password: 'secret' } });
  const entries = [textEntry('vendor', 'base')];
  const layer = await new LayerCache(join(home, 'cache')).layer({ name: 'vendor', entries, owner: root, compression: 'gzip' });
  const { image } = await pushImage(assemble({ layers: [{ layer, storey: 'vendor', from: '' }] }), registry, 'shop/web');
  registry.close();
  return image;
}

/** What a watch has pushed, waited for one by one. */
class Pushed {
  readonly #built: Built[] = [];
  #wake: () => void = () => undefined;

  add(built: Built): void {
    this.#built.push(built);
    this.#wake();
  }

  async next(): Promise<Built> {
    for (;;) {
      const built = this.#built.shift();
      if (built !== undefined) return built;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function statesOf({ layers }: Built): readonly string[] {
  return layers.map(({ storey, state }) => `${storey} ${state}`);
}
