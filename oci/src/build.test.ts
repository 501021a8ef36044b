import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type ApplicationBuild, buildApplication } from './build.ts';
import { LayerCache } from './cache.ts';
import { copyImage } from './copy.ts';
import { folderEntry, root, textEntry } from './entry.ts';
import { assemble } from './image.ts';
import type { ImageConfig, Manifest } from './manifest.ts';
import { unpackImage } from './pull.ts';
import { type Progress, pushImage } from './push.ts';
import { parseReference } from './reference.ts';
import { Registry } from './registry.ts';
import { registries, startDockerRegistry, startFailingProxy, type TestRegistry, temporaryFolder } from './registry-for-tests.ts';
import { fetchImage } from './remote.ts';
import { describeTree, writeTree } from './tree-for-tests.ts';

for (const { name, start } of registries) {
  test(`a change of one file sends ${name} the application layer, the configuration and the manifest, nothing else`, async (t) => {
    const build = await prepared(t, await start(t));
    const first = await buildApplication(build);
    assert.deepEqual(summaryOf(first), ['vendor held', 'socle held', 'dependencies pushed', 'application pushed']);
    const again = await buildApplication(build);
    assert.deepEqual(summaryOf(again), ['vendor held', 'socle held', 'dependencies held', 'application held']);
    assert.equal(again.digest, first.digest);
    appendFileSync(`${build.folder}/src/index.js`, '// changed\n');
    const events: Progress[] = [];
    const changed = await buildApplication({ ...build, progress: (event) => events.push(event) });
    assert.deepEqual(summaryOf(changed), ['vendor held', 'socle held', 'dependencies held', 'application pushed']);
    assert.notEqual(changed.digest, first.digest);
    const { registry } = build;
    const sent = await sizeOfWhatChanged(t, build, changed.digest);
    assert.equal(changed.sentBytes, sent);
    assert.equal(changed.image, `${registry}/team/app@${changed.digest}`);
    assert.deepEqual(events.at(-1), { kind: 'image-done', image: changed.image });
  });

  test(`an image pulled from ${name} unpacks to the artifact, the socle and the base`, async (t) => {
    const build = await prepared(t, await start(t));
    const { digest } = await buildApplication(build);
    const registry = client(t, build);
    const image = await fetchImage(registry, { registry: build.registry, repository: 'team/app', digest });
    const out = await temporaryFolder(t);
    await unpackImage(image, registry, out);
    assert.deepEqual(describeTree(`${out}/app`), describeTree(build.folder));
    assert.equal(readFileSync(`${out}/etc/socle`, 'utf8'), 'hardened');
    assert.equal(readFileSync(`${out}/bin/vendor`, 'utf8'), 'program');
  });
}

test('an image copied from the embedded registry to another and back has one digest', async (t) => {
  const [other, own] = await Promise.all(registries.map(({ start }) => start(t)));
  assert.ok(own !== undefined && other !== undefined);
  const build = await prepared(t, own);
  const { digest, image } = await buildApplication(build);
  const options = build.registryOptions ?? {};
  const there = await copyImage(image, { registry: other.host, repository: 'copies/app' }, { from: options, tags: ['v1'] });
  const back = await copyImage(`${other.host}/copies/app:v1`, { registry: own.host, repository: 'back/app' }, { to: options });
  assert.deepEqual([there.digest, back.digest], [digest, digest]);
  assert.ok(there.layers.every((layer) => layer.pushed));
});

test('the configuration says how the image runs, the annotations what it is and stands on, labels the same', async (t) => {
  const build = await prepared(t, await startDockerRegistry(t));
  const annotations = { 'org.opencontainers.image.revision': 'abc', 'org.opencontainers.image.version': '1.2.3' };
  const run = { command: ['node', 'src/index.js'], environment: { MODE: 'fast', PATH: '/usr/bin' }, port: 8080 };
  const { digest } = await buildApplication({ ...build, annotations, run, created: new Date('2026-01-02T03:04:05Z') });
  const { config, manifest } = await fetchImage(client(t, build), { registry: build.registry, repository: 'team/app', digest });
  const { Labels, ...rest } = config.config ?? {};
  assert.deepEqual(rest, {
    User: '65532:65532',
    Env: ['HOME=/', 'MODE=fast', 'PATH=/usr/bin'],
    ExposedPorts: { '8080/tcp': {} },
    Entrypoint: [],
    Cmd: ['node', 'src/index.js'],
    WorkingDir: '/app',
  });
  const socle = await fetchImage(client(t, build), parseReference(build.socle));
  const vendor = socle.manifest.annotations?.['org.opencontainers.image.base.digest'];
  const expected = {
    'dev.beluga.bases': `socle/test:1@${socle.digest} vendor/test:1@${vendor}`,
    'org.opencontainers.image.base.digest': socle.digest,
    'org.opencontainers.image.base.name': 'socle/test:1',
    'org.opencontainers.image.created': '2026-01-02T03:04:05Z',
    ...annotations,
  };
  assert.deepEqual(manifest.annotations, expected);
  assert.deepEqual(Labels, { ...expected, kept: 'by all' });
  assert.equal(config.created, '2026-01-02T03:04:05Z');
  assert.deepEqual(
    config.history?.map((step) => step.created_by),
    ['beluga: vendor base', 'beluga: socle settings', 'beluga: dependencies node_modules', 'beluga: application'],
  );
});

test('two machines with registries at other addresses build one digest', async (t) => {
  const builds = await Promise.all([1, 2].map(async () => await prepared(t, await startDockerRegistry(t))));
  const digests = await Promise.all(builds.map(async (build) => (await buildApplication(build)).digest));
  assert.equal(digests[0], digests[1]);
});

test('several dependencies folders get a layer each, those that are not there none', async (t) => {
  const build = await prepared(t, await startDockerRegistry(t));
  writeTree(build.folder, [['packages/a/lib/x', { kind: 'file', content: 'x', executable: false }]]);
  const built = await buildApplication({ ...build, dependencies: ['./node_modules/', 'packages/a/lib', 'vendor'] });
  assert.deepEqual(
    built.layers.map((layer) => layer.storey),
    ['vendor', 'socle', 'dependencies', 'dependencies', 'application'],
  );
  for (const dependencies of ['..', '/lib', 'a/../..', '']) {
    await assert.rejects(buildApplication({ ...build, dependencies: [dependencies] }), { code: 'dependencies-outside' });
  }
});

test('a damaged layer of the cache is built again in the same call', async (t) => {
  const build = await prepared(t, await startDockerRegistry(t));
  const first = await buildApplication(build);
  const file = new LayerCache(build.cache).fileOf(first.layers.at(-1)?.digest ?? 'sha256:');
  writeFileSync(file, readFileSync(file).fill(0, 20));
  const again = await buildApplication({ ...build, repository: 'team/other' });
  assert.equal(again.digest, first.digest);
});

test('an artifact that is missing, empty, or holds a link that leaves it pushes nothing', async (t) => {
  const build = await prepared(t, await startDockerRegistry(t));
  await assert.rejects(buildApplication({ ...build, folder: `${build.folder}/gone` }), { code: 'artifact-missing' });
  mkdirSync(`${build.folder}/../empty`);
  await assert.rejects(buildApplication({ ...build, folder: `${build.folder}/../empty` }), { code: 'artifact-empty' });
  writeTree(build.folder, [['src/escape', { kind: 'link', target: '../../elsewhere' }]]);
  await assert.rejects(buildApplication(build), { code: 'link-leaves-folder' });
  assert.deepEqual(await client(t, build).tags('team/app'), []);
});

test('a missing socle is named', async (t) => {
  const build = await prepared(t, await startDockerRegistry(t));
  const socle = `${build.registry}/socle/absent:1`;
  await assert.rejects(buildApplication({ ...build, socle }), { code: 'image-missing', message: `The registry does not hold ${socle}.` });
});

test('a registry killed in mid-push is named, shows no half image, and takes the whole one when it is back', async (t) => {
  const folder = await temporaryFolder(t);
  const target = await startDockerRegistry(t, { folder });
  const port = Number(target.host.split(':')[1]);
  let isDead = false;
  const proxy = await startFailingProxy(t, target.host, (sentBytes) => {
    if (sentBytes > 100_000 && !isDead) void target.kill();
    isDead ||= sentBytes > 100_000;
    return isDead;
  });
  const build = { ...(await prepared(t, target)), registry: proxy, tags: ['v1'], registryOptions: { attempts: 2, backOffMs: 10 } };
  await assert.rejects(buildApplication({ ...build, socle: build.socle.replace(target.host, proxy) }), {
    code: 'registry-unreachable',
    retry: true,
  });
  const revived = await startDockerRegistry(t, { folder, port });
  assert.deepEqual(await client(t, { registry: revived.host }).tags('team/app'), []);
  const whole = await buildApplication({ ...build, registry: revived.host });
  assert.equal((await client(t, { registry: revived.host }).manifest('team/app', 'v1')).digest, whole.digest);
});

/** A registry that holds a base and a socle, and an artifact to build. */
async function prepared(t: TestContext, target: TestRegistry): Promise<ApplicationBuild> {
  const folder = await temporaryFolder(t);
  const cache = new LayerCache(`${folder}/cache`);
  const registryOptions = target.credentials === undefined ? {} : { credentials: target.credentials };
  const registry = client(t, { registry: target.host, registryOptions });
  const layer = async (path: string, content: string) =>
    await cache.layer({
      name: path,
      entries: [folderEntry(path.split('/')[0] ?? ''), textEntry(path, content)],
      owner: root,
      compression: 'gzip',
    });
  const run = { environment: { PATH: '/bin', HOME: '/' } };
  const vendor = assemble({
    layers: [{ layer: await layer('bin/vendor', 'program'), storey: 'vendor', from: 'base' }],
    run,
    annotations: { kept: 'by all' },
  });
  await pushImage(vendor, registry, 'vendor/test', { tags: ['1'] });
  const settings = { layer: await layer('etc/socle', 'hardened'), storey: 'socle', from: 'settings' } as const;
  const socle = assemble({ base: { image: vendor, name: 'vendor/test:1' }, layers: [settings] });
  await pushImage(socle, registry, 'socle/test', { tags: ['1'] });
  const artifact = `${folder}/artifact`;
  writeTree(artifact, [
    ['src/index.js', { kind: 'file', content: 'console.log(1);\n', executable: false }],
    ['node_modules/.bin/tool', { kind: 'link', target: '../tool/index.js' }],
    ['node_modules/tool/index.js', { kind: 'file', content: noise(300_000), executable: true }],
  ]);
  rmSync(`${folder}/cache`, { recursive: true });
  const socleName = `${target.host}/socle/test:1`;
  return { folder: artifact, socle: socleName, registry: target.host, repository: 'team/app', cache: `${folder}/cache`, registryOptions };
}

/** Text that does not compress to nothing, the same every time. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => String.fromCharCode(33 + ((state = (state * 48_271) % 2_147_483_647) % 90))).join('');
}

function summaryOf(built: { readonly layers: readonly { readonly storey: string; readonly pushed: boolean }[] }): readonly string[] {
  return built.layers.map((layer) => `${layer.storey} ${layer.pushed ? 'pushed' : 'held'}`);
}

async function sizeOfWhatChanged(t: TestContext, build: ApplicationBuild, digest: string): Promise<number> {
  const registry = client(t, build);
  const { bytes } = await registry.manifest('team/app', digest);
  const manifest = JSON.parse(bytes.toString('utf8')) as Manifest;
  const config = await registry.smallBlob('team/app', manifest.config.digest);
  assert.equal((JSON.parse(config.toString('utf8')) as ImageConfig).rootfs.diff_ids.length, manifest.layers.length);
  return bytes.length + config.length + (manifest.layers.at(-1)?.size ?? 0);
}

function client(t: TestContext, { registry, registryOptions = {} }: Pick<ApplicationBuild, 'registry' | 'registryOptions'>): Registry {
  const opened = new Registry(registry, { backOffMs: 10, ...registryOptions });
  t.after(() => opened.close());
  return opened;
}
