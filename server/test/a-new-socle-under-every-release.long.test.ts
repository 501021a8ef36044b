/** A socle from its folder to the releases on it, then its next version under all of them: by the command, on a whole platform. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseReference } from '@beluga/oci/reference';
import { Registry } from '@beluga/oci/registry';
import { fetchImage } from '@beluga/oci/remote';
import { beluga } from './command.ts';
import { Platform } from './platform.ts';

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'beluga-test-images');
const serves = "require('node:http').createServer((_, r) => r.end('here')).listen(8080);\n";
const components = [
  { name: 'form', system: 'small', criticality: 'low' },
  { name: 'page', system: 'small', criticality: 'low' },
  { name: 'claims', system: 'vital', criticality: 'critical' },
] as const;

type Rebased = {
  readonly moved: readonly { readonly component: string; readonly newVersion: string; readonly sentBytes: number }[];
  readonly failed: readonly { readonly component: string; readonly problem: string }[];
  readonly left: number;
  readonly done: number;
  readonly still: readonly { readonly component: string; readonly version: string; readonly environments: readonly string[] }[];
};

test('a new version of a socle moves under every release, wave by wave, and it is said who still runs on the old one', async (t) => {
  const { platform, say, socle, registry } = await prepared(t);
  const rebase = (...more: string[]) => say<Rebased>(['socle', 'rebase', 'node-26', ...more]);
  assert.equal((await say<{ number: number }>(['socle', 'build', socle])).number, 1);
  for (const one of components) await say(['release', await component(t, one), '--version', '1.0.0']);
  await say(['deploy', 'form@1.0.0', '--to', 'dev']);
  await patch(socle);
  assert.equal((await say<{ number: number }>(['socle', 'build', socle])).number, 2);

  const before = await writtenIn(platform);
  const plan = await say<{ waves: readonly { system: string; items: readonly unknown[] }[] }>(['socle', 'rebase', 'node-26', '--dry-run']);
  assert.deepEqual(
    plan.waves.map(({ system, items }) => `${system} ${items.length}`),
    ['small 2', 'vital 1'],
  );
  assert.deepEqual(await writtenIn(platform), before);

  const [page, restore] = await spoiled(platform, registry, 'page');
  const stopped = await rebase('exits with 1');
  assert.deepEqual(
    stopped.moved.map(({ newVersion }) => newVersion),
    ['1.0.0+node-26.2'],
  );
  assert.deepEqual([stopped.failed.map((one) => one.component), stopped.left], [['page'], 1]);
  assert.match(stopped.failed[0]?.problem ?? '', new RegExp(page));
  await restore();

  const rest = await rebase();
  assert.deepEqual(
    rest.moved.map((one) => one.component),
    ['page', 'claims'],
  );
  assert.deepEqual(
    rest.still.map(({ component, version, environments }) => `${component}@${version} in ${environments.join()}`),
    ['form@1.0.0 in dev'],
  );
  for (const { sentBytes } of [...stopped.moved, ...rest.moved]) assert.ok(sentBytes < 10_000, `${sentBytes} bytes`);
  for (const { name } of components) {
    const [old, moved] = [await imageOf(platform, registry, name, '1.0.0'), await imageOf(platform, registry, name, '1.0.0+node-26.2')];
    assert.deepEqual(moved.layers.at(-1)?.descriptor, old.layers.at(-1)?.descriptor);
    assert.notDeepEqual(
      moved.layers.map(({ diffId }) => diffId),
      old.layers.map(({ diffId }) => diffId),
    );
  }

  const whole = await writtenIn(platform);
  assert.deepEqual((await rebase()).moved, []);
  assert.deepEqual(await writtenIn(platform), whole);
  await say(['deploy', 'form@1.0.0+node-26.2', '--to', 'dev']);
  assert.deepEqual((await rebase()).still, []);
});

async function prepared(t: TestContext) {
  const platform = await Platform.open({ BELUGA_LOG_LEVEL: 'warn' });
  t.after(() => platform.close());
  const registry = new Registry(platform.host, platform.registryOptions());
  t.after(() => registry.close());
  const say = async <T>(words: readonly string[]): Promise<T> => {
    const asked = words.filter((word) => word !== 'exits with 1');
    const { exitCode, out, err } = await beluga(platform.home, [...asked, '--output', 'json'], { BELUGA_CACHE: cache });
    assert.equal(exitCode, asked.length === words.length ? 0 : 1, `${asked.join(' ')}: ${err} ${out}`);
    return JSON.parse(out) as T;
  };
  const socle = await folder(t);
  const head = 'apiVersion: beluga/v1\nkind: Socle\nmetadata: { name: node-26 }\n';
  await writeFile(join(socle, 'socle.yaml'), `${head}base: { machine: node }\nroot: root\n`);
  await mkdir(join(socle, 'root', 'etc'), { recursive: true });
  await writeFile(join(socle, 'root', 'etc', 'company'), 'ours\n');
  return { platform, say, socle, registry };
}

async function patch(socle: string): Promise<void> {
  await writeFile(join(socle, 'root', 'etc', 'company'), 'ours, patched\n');
}

async function component(t: TestContext, { name, system, criticality }: (typeof components)[number]): Promise<string> {
  const place = await folder(t);
  const metadata = `metadata: { name: ${name}, system: ${system}, criticality: ${criticality} }`;
  const run = 'run: { command: [node, server.js], replicas: 1 }';
  await writeFile(join(place, 'beluga.yaml'), `apiVersion: beluga/v1\nkind: Service\n${metadata}\nbuild: { socle: node-26 }\n${run}\n`);
  await writeFile(join(place, 'server.js'), `// ${name}\n${serves}`);
  return place;
}

async function folder(t: TestContext): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), 'beluga-estate-'));
  t.after(() => rm(place, { recursive: true }));
  return place;
}

async function imageOf(platform: Platform, registry: Registry, name: string, version: string) {
  const { image } = await platform.client().showRelease({ component: name, version });
  return fetchImage(registry, parseReference(image));
}

/** Takes the configuration of an image out of the registry's folder: its name, and what brings it back. */
async function spoiled(platform: Platform, registry: Registry, name: string) {
  const { manifest } = await imageOf(platform, registry, name, '1.0.0');
  const hex = manifest.config.digest.slice('sha256:'.length);
  const file = join(platform.home, 'registry', 'blobs', 'sha256', hex.slice(0, 2), hex);
  await rename(file, `${file}.aside`);
  return [manifest.config.digest, () => rename(`${file}.aside`, file)] as const;
}

/** Every file of the registry and every entry of the audit. */
async function writtenIn(platform: Platform): Promise<readonly string[]> {
  const files = await readdir(join(platform.home, 'registry'), { recursive: true });
  const { items } = await platform.client().readAudit({ limit: 1000 });
  return [...files.toSorted(), ...items.map(({ subject, what }) => `${subject} ${what}`)];
}
