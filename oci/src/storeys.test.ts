import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBench } from './sbom/image-for-tests.ts';
import { withStoreys } from './storeys.ts';

const layer = (storey: 'vendor' | 'socle' | 'application', path: string) => ({ storey, files: { [path]: path } });

test('an image that an engine built on a socle has its storeys: those of the socle as they are there, its own above', async (t) => {
  const { make } = await openBench(t);
  const vendor = await make([layer('vendor', 'base')]);
  const socle = await make([layer('vendor', 'base'), layer('socle', 'hardening')]);
  const built = await make([layer('vendor', 'base'), layer('vendor', 'hardening'), layer('vendor', 'app')]);
  const bases = [
    { name: 'vendor/base:1', image: vendor },
    { name: 'socle/test', image: socle },
  ];
  const image = withStoreys(built, bases, 'application');
  assert.deepEqual(
    image.layers.map(({ storey }) => storey),
    ['vendor', 'socle', 'application'],
  );
  assert.deepEqual(
    image.layers.map(({ diffId }) => diffId),
    built.layers.map(({ diffId }) => diffId),
  );
  assert.equal(image.manifest.annotations?.['org.opencontainers.image.base.digest'], socle.digest);
  assert.equal(image.config.config?.Labels?.['org.opencontainers.image.base.name'], 'socle/test');
  assert.equal(withStoreys(built, bases, 'application').digest, image.digest);
});

test('an image that stands on nothing known is all its own', async (t) => {
  const { make } = await openBench(t);
  const built = await make([layer('vendor', 'app')]);
  const other = { name: 'other', image: await make([layer('vendor', 'other')]) };
  assert.deepEqual(
    withStoreys(built, [other], 'socle').layers.map(({ storey }) => storey),
    ['socle'],
  );
});
