/** Images made on the spot, layer by layer, in a registry of the test's own. */
import type { TestContext } from 'node:test';
import { LayerCache } from '../cache.ts';
import { type Entry, root, textEntry } from '../entry.ts';
import { assemble, type Image, type RunOptions } from '../image.ts';
import type { Storey } from '../manifest.ts';
import { pushImage } from '../push.ts';
import { parseReference } from '../reference.ts';
import { Registry } from '../registry.ts';
import { registries, temporaryFolder } from '../registry-for-tests.ts';
import { fetchImage } from '../remote.ts';

export type TestLayer = { readonly storey: Storey; readonly files: Readonly<Record<string, string | Uint8Array | Entry>> };
export type Bench = { readonly registry: Registry; readonly make: (layers: readonly TestLayer[], run?: RunOptions) => Promise<Image> };

/** A registry by its name in `registries`, and how images come into it. */
export async function openBench(t: TestContext, name = 'the embedded registry'): Promise<Bench> {
  const found = registries.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no registry is called ${name}`);
  const { host, credentials } = await found.start(t);
  const registry = new Registry(host, credentials === undefined ? {} : { credentials });
  t.after(() => registry.close());
  const cache = new LayerCache(await temporaryFolder(t));
  return {
    registry,
    make: async (layers, run = {}) => {
      const parts = [];
      for (const [index, { storey, files }] of layers.entries()) {
        const entries = Object.entries(files).map(([path, file]) => (isEntry(file) ? { ...file, path } : textEntry(path, file)));
        parts.push({ layer: await cache.layer({ name: `${index}`, entries, owner: root, compression: 'gzip' }), storey, from: '' });
      }
      const { digest } = await pushImage(assemble({ layers: parts, run }), registry, 'test/web');
      return fetchImage(registry, parseReference(`${host}/test/web@${digest}`));
    },
  };
}

function isEntry(file: string | Uint8Array | Entry): file is Entry {
  return typeof file === 'object' && 'kind' in file;
}
