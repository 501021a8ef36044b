import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { registerRelease } from '../actions/register-release.ts';
import { rollBack } from '../actions/roll-back.ts';
import { createSimulatedRegistry } from '../drivers/registry/simulated/simulated-registry.ts';
import { BelugaError } from '../errors.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { createPlane, deploy, ended, quickPace, release, specOf } from './for-tests.ts';
import { startLoop } from './loop.ts';

const database = await withDatabase();

async function withLoop(
  work: (plane: ReturnType<typeof createPlane> & { readonly registry: ReturnType<typeof createSimulatedRegistry> }) => Promise<void>,
) {
  const registry = createSimulatedRegistry();
  const plane = createPlane(database, undefined, { registry });
  const loop = startLoop(plane.context, 'server-1', quickPace);
  try {
    await work({ ...plane, registry });
  } finally {
    await loop.stop();
  }
}

test('with the registry cut what runs restarts freely, a known release comes back, and a new one is refused', () =>
  withLoop(async ({ context, engine, registry }) => {
    for (const version of ['1.0.0', '2.0.0', '3.0.0']) await release(context, 'steady', version);
    for (const version of ['1.0.0', '2.0.0']) assert.equal((await deploy(context, 'steady', version, 'dev')).state, 'succeeded');
    registry.cut(true);

    const place = { component: 'steady', environment: 'dev' };
    const [first] = (await engine.observe(place)).instances;
    engine.kill(first?.name ?? '');
    for (;;) {
      const { instances } = await engine.observe(place);
      if (instances.filter((one) => one.state === 'running' && one.traffic === 'serving').length >= 2) break;
      await sleep(10);
    }

    const fresh = await deploy(context, 'steady', '3.0.0', 'dev');
    assert.equal(fresh.state, 'refused');
    assert.match(
      fresh.reason ?? '',
      /The registry did not give what was needed of 127.0.0.1:4600\/steady@sha256:[0-9a-f]+: it does not answer/,
    );
    const back = await ended(context, (await rollBack(context, 'lea', { component: 'steady', environment: 'dev' })).id);
    assert.deepEqual([back.state, back.version], ['succeeded', '1.0.0']);

    const image = `127.0.0.1:4600/steady@sha256:${'9'.repeat(64)}`;
    await assert.rejects(
      registerRelease(context, 'lea', { spec: specOf('steady'), version: '4.0.0', image, layers: [], commit: null }),
      (error) => error instanceof BelugaError && error.code === 'registry-failed' && error.retry,
    );
    registry.cut(false);
    assert.equal((await deploy(context, 'steady', '3.0.0', 'dev')).state, 'succeeded');
  }));

test('a release whose signature, SBOM or provenance was taken away, altered or swapped in the registry goes nowhere', () =>
  withLoop(async ({ context, engine, registry }) => {
    await release(context, 'other', '1.0.0');
    const other = (await context.store.releases.find('other', '1.0.0'))?.image ?? '';
    const foreign = await registry.attached(other, 'application/vnd.dev.sigstore.bundle.v0.3+json');
    const harms = {
      taken: () => [],
      altered: (documents: Parameters<Parameters<typeof registry.tamper>[1]>[0]) =>
        documents.map((one) => {
          const bundle = JSON.parse(Buffer.from(one.content).toString('utf8')) as { dsseEnvelope: { payload: string } };
          const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString('utf8').replace('"predicate"', ' "predicate"');
          bundle.dsseEnvelope.payload = Buffer.from(payload).toString('base64');
          return { ...one, content: Buffer.from(JSON.stringify(bundle)) };
        }),
      swapped: () => foreign,
      spoilt: (documents: Parameters<Parameters<typeof registry.tamper>[1]>[0]) =>
        documents.map((one) => ({ ...one, content: Buffer.from('{') })),
    };
    for (const [harm, change] of Object.entries(harms)) {
      await release(context, harm, '1.0.0');
      registry.tamper((await context.store.releases.find(harm, '1.0.0'))?.image ?? '', change);
      const deployment = await deploy(context, harm, '1.0.0', 'dev');
      assert.equal(deployment.state, 'refused', harm);
      const closed = deployment.verdicts.filter(({ verdict }) => verdict !== 'open').map(({ gate }) => gate);
      assert.deepEqual(closed, ['signature'], harm);
      assert.match(deployment.reason ?? '', /No signature of .* is signed by this platform: nothing valid is attached to it/);
      assert.deepEqual((await engine.observe({ component: harm, environment: 'dev' })).instances, []);
    }
  }));
