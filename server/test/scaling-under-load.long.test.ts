import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../dev/until.ts';
import type { Context } from '../src/actions/context.ts';
import { registerRelease } from '../src/actions/register-release.ts';
import { servesWell } from '../src/domain/instance.ts';
import { startLoad } from '../src/drivers/engine/docker/rig/load.ts';
import { openSubject, type RealSubject } from '../src/drivers/engine/docker/rig/subject.ts';
import { createPlane, deploy, quickPace, specOf } from '../src/reconcile/for-tests.ts';
import { type Loop, startLoop } from '../src/reconcile/loop.ts';
import { withDatabase } from '../src/store/postgres/for-tests.ts';

const database = await withDatabase();
const place = { component: 'elastic', environment: 'dev' };
const run = {
  command: ['node', '/app/app.js'],
  health: { path: '/up', withinMs: 15_000, minReadyMs: 0 },
  replicas: { min: 1, max: 4 },
  stopGraceMs: 3_000,
  scaling: {
    ...{ cpuPercent: null, memoryPercent: null, requests: 20, concurrency: null },
    ...{ upAfterMs: 0, downAfterMs: 2_000 },
  },
};

describe('a component that follows its load, on a real engine,', () => {
  let subject: RealSubject;
  let context: Context;
  let loop: Loop;
  before(async () => {
    subject = await openSubject('docker');
    await subject.engine.prepare(['dev']);
    ({ context } = createPlane(database, undefined, { engine: subject.engine }));
    loop = startLoop(context, 'server-1', { ...quickPace, leaseMs: 4_000, driftMs: 2_000, healthMs: 500, scalingMs: 500 });
    const release = { spec: specOf('elastic', { run }), version: '1.0.0', image: subject.image, layers: [], commit: null };
    await registerRelease(context, 'lea', release);
    assert.equal((await deploy(context, 'elastic', '1.0.0', 'dev')).reason, null);
  });
  after(async () => {
    await loop?.stop();
    await subject?.close();
  });
  const serving = async () => (await subject.engine.observe(place)).instances.filter(servesWell).length;
  const untilServing = (count: number) => until(async () => (await serving()) === count, 100);

  it('gets instances for a peak and gives them back after it, and no request fails on the way', async () => {
    assert.equal(await serving(), 1);
    const url = `${await subject.engine.address(place)}/`;
    const trough = startLoad({ url, kept: 4, fresh: 2, connections: 2 });
    const peak = startLoad({ url, kept: 90, fresh: 20, connections: 8 });
    await untilServing(4);
    const busy = await peak.stop();
    const there = async () => (await subject.engine.observe(place)).instances.length;
    while ((await there()) !== 1) await sleep(100);
    const quiet = await trough.stop();
    assert.deepEqual([busy.failures, quiet.failures], [{}, {}]);
    assert.ok(busy.sent > 100 && quiet.sent > 20);
    assert.equal(await serving(), 1);
    assert.match((await context.store.scale.of(place))?.reason ?? '', /requests/);
  });
});
