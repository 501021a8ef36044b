import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { LayerCache } from './cache.ts';
import { root, textEntry } from './entry.ts';
import { assemble, type Image, sealed } from './image.ts';
import type { Compression } from './layer.ts';
import { unpackImage } from './pull.ts';
import { pushImage } from './push.ts';
import { rebased, rebaseImage, recogniseBase } from './rebase.ts';
import { Registry } from './registry.ts';
import { registries, type TestRegistry, temporaryFolder } from './registry-for-tests.ts';
import { fetchImage } from './remote.ts';
import { describeTree } from './tree-for-tests.ts';

for (const { name, start } of registries) {
  test(`in ${name}, an image moves to another base without a byte of its own being sent, and unpacks to both`, async (t) => {
    const { registry, images } = await pushed(t, await start(t));
    const report = await rebaseImage(registry, 'team/app', images.app, images.old, { image: images.next, name: 'socle/test:2' });
    assert.deepEqual(
      report.layers.map(({ storey, pushed: sent }) => `${storey} ${sent ? 'sent' : 'there'}`),
      ['vendor there', 'socle there', 'dependencies there', 'application there'],
    );
    assert.ok(report.sentBytes < 5_000, `${report.sentBytes} bytes were sent`);
    const moved = await fetchImage(registry, { registry: registry.host, repository: 'team/app', digest: report.digest });
    assert.deepEqual(moved.manifest.layers.slice(-2), images.app.manifest.layers.slice(-2));
    const out = await temporaryFolder(t);
    await unpackImage(moved, registry, out);
    assert.deepEqual(describeTree(out), ['app 644 "app"', 'packages 644 "packages"', 'socle 644 "patched"', 'vendor 644 "vendor"']);
  });
}

test('what the application took over from the former base comes from the new one; what is its own stays', async (t) => {
  const { app, old, next } = await made(t);
  const { config, manifest } = rebased(app, old, { image: next, name: 'socle/test:2' });
  assert.deepEqual(config.config?.Env, ['FIXED=yes', 'PATH=/new', 'MODE=fast']);
  assert.equal(config.config?.User, '65532:65532');
  assert.equal(config.config?.StopSignal, 'SIGQUIT');
  assert.deepEqual(config.config?.Cmd, ['node', 'app']);
  assert.equal(config.created, '2026-01-02T03:04:05Z');
  assert.deepEqual(
    config.history?.map((step) => step.created_by),
    ['beluga: vendor v', 'beluga: socle s2', 'beluga: dependencies d', 'beluga: application a'],
  );
  assert.equal(manifest.annotations?.['org.opencontainers.image.base.digest'], next.digest);
  assert.equal(manifest.annotations?.['org.opencontainers.image.base.name'], 'socle/test:2');
  assert.equal(manifest.annotations?.['org.opencontainers.image.version'], '1.0.0');
  assert.equal(config.config?.Labels?.['org.opencontainers.image.base.digest'], next.digest);
  assert.equal(config.config?.Labels?.['hardened'], 'twice');
});

test('moved twice from the same parts it is one digest, and moved back it is the image that it was', async (t) => {
  const { app, old, next } = await made(t);
  const once = rebased(app, old, { image: next, name: 'socle/test:2' });
  assert.equal(rebased(app, old, { image: next, name: 'socle/test:2' }).digest, once.digest);
  assert.equal(rebased(once, next, { image: old, name: 'socle/test:1' }).digest, app.digest);
});

test('a base is recognised by its layers, without any annotation, the nearest first', async (t) => {
  const { app, old, next, vendor } = await made(t);
  const bare = sealed(app.config, app.layers, {});
  const bases = [vendor, next, old].map((image, at) => ({ image, name: `base:${at}` }));
  assert.equal(recogniseBase(bare, bases)?.name, 'base:2');
  assert.equal(recogniseBase(vendor, [{ image: next, name: 'other' }]), undefined);
});

test('an image that stands on another base, or a base for another platform, is refused', async (t) => {
  const { app, old, next } = await made(t);
  assert.throws(() => rebased(app, next, { image: old, name: 'socle/test:1' }), { code: 'not-on-base' });
  const foreign = sealed({ ...next.config, architecture: 'riscv64' }, next.layers, {});
  assert.throws(() => rebased(app, old, { image: foreign, name: 'socle/test:2' }), { code: 'platform-missing' });
});

async function made(t: TestContext): Promise<Readonly<Record<'vendor' | 'old' | 'next' | 'app', Image>>> {
  const cache = new LayerCache(await temporaryFolder(t));
  const layer = (path: string, content: string, compression: Compression = 'gzip') =>
    cache.layer({ name: path, entries: [textEntry(path, content)], owner: root, compression });
  const vendor = assemble({ layers: [{ layer: await layer('vendor', 'vendor'), storey: 'vendor', from: 'v' }] });
  const socle = async (content: string, from: string, run: Parameters<typeof assemble>[0]['run'], annotations: Record<string, string>) =>
    assemble({
      base: { image: vendor, name: 'vendor/test:1' },
      layers: [{ layer: await layer('socle', content), storey: 'socle', from }],
      ...(run && { run }),
      annotations,
    });
  const old = await socle('first', 's1', { environment: { PATH: '/old' }, user: '65532:65532' }, { hardened: 'once' });
  const patched = await socle('patched', 's2', { environment: { PATH: '/new', FIXED: 'yes' }, user: '65532:65532' }, { hardened: 'twice' });
  const next = sealed({ ...patched.config, config: { ...patched.config.config, StopSignal: 'SIGQUIT' } }, patched.layers, {
    ...patched.manifest.annotations,
  });
  const app = assemble({
    base: { image: old, name: 'socle/test:1' },
    layers: [
      { layer: await layer('packages', 'packages', 'zstd'), storey: 'dependencies', from: 'd' },
      { layer: await layer('app', 'app'), storey: 'application', from: 'a' },
    ],
    run: { command: ['node', 'app'], environment: { MODE: 'fast' } },
    annotations: { 'org.opencontainers.image.version': '1.0.0' },
    created: new Date('2026-01-02T03:04:05Z'),
  });
  return { vendor, old, next, app };
}

async function pushed(t: TestContext, target: TestRegistry) {
  const registry = new Registry(target.host, target.credentials === undefined ? {} : { credentials: target.credentials });
  t.after(() => registry.close());
  const { vendor: _, ...images } = await made(t);
  const places = { old: 'socle/test', next: 'socle/test', app: 'team/app' } as const;
  const fetched = async (image: Image, repository: string) => {
    const { digest } = await pushImage(image, registry, repository);
    return await fetchImage(registry, { registry: target.host, repository, digest });
  };
  const old = await fetched(images.old, places.old);
  const next = await fetched(images.next, places.next);
  return { registry, images: { old, next, app: await fetched(images.app, places.app) } };
}
