import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { moveTrain, showTrain } from '../actions/move-train.ts';
import { cancelTrain, createTrain } from '../actions/plan-train.ts';
import { createSimulatedEngine } from '../drivers/engine/simulated/simulated.ts';
import { BelugaError } from '../errors.ts';
import { deploy, quickPace, release } from './for-tests.ts';
import { type Loop, startLoop } from './loop.ts';
import { arrived, dates, moved, pair, plane, stages, trainWith, versions, withLoop } from './train-for-tests.ts';

const sick = (component: string, version: string) =>
  createSimulatedEngine({
    behaves: (workload, step) =>
      workload.component === component && workload.version === version && step === 'ready'
        ? new BelugaError('crashes', { instance: `${component}@${version}`, exitCode: 1 })
        : null,
  });

describe('a train', () => {
  it('is rehearsed in preprod, departs to prod in the order of dependencies, and is rolled back, as one', () => {
    const context = plane();
    return withLoop(context, async () => {
      const { api, web } = await pair(context, 'whole');
      await trainWith(context, 'whole', [
        [web, '2.0.0'],
        [api, '2.0.0'],
      ]);
      assert.equal((await moved(context, 'whole', 'rehearsal')).state, 'rehearsed');
      assert.deepEqual(await versions(context, 'preprod', api, web), ['2.0.0', '2.0.0']);
      assert.deepEqual(await versions(context, 'prod', api, web), ['1.0.0', '1.0.0']);
      const shown = await showTrain(context, 'lea', 'whole');
      assert.deepEqual(
        shown.prognosis.members.map(({ component, wave, verdicts }) => [component, wave, verdicts]),
        [
          [api, 1, []],
          [web, 2, []],
        ],
      );
      assert.match(shown.prognosis.warnings.join(' '), /^Between wave 1 and 2: whole-web@1.0.0 requires whole-api \^1/);
      assert.ok(shown.prognosis.ready);
      assert.equal((await moved(context, 'whole', 'departure')).state, 'arrived');
      const [trip] = (await showTrain(context, 'lea', 'whole')).trips;
      const [first, second] = await Promise.all(
        (trip?.members ?? []).map(({ deploymentId }) => context.store.views.deployment(deploymentId ?? '')),
      );
      assert.ok((first?.endedAt ?? '') <= (second?.startedAt ?? ''), 'the second wave begins after the first');
      assert.equal((await moved(context, 'whole', 'rollback')).state, 'rolled-back');
      assert.deepEqual(await versions(context, 'prod', api, web), ['1.0.0', '1.0.0']);
    });
  });

  it('that one release cannot make puts back all that had moved, and says why', () => {
    const engine = sick('half-web', '2.0.0');
    const context = plane(engine);
    return withLoop(context, async () => {
      const { api, web } = await pair(context, 'half');
      await trainWith(context, 'half', [
        [web, '2.0.0'],
        [api, '2.0.0'],
      ]);
      const { state, reason } = await moved(context, 'half', 'rehearsal');
      assert.equal(state, 'locked');
      assert.match(reason ?? '', /^half-web: .*half-web@2.0.0/);
      assert.deepEqual(await versions(context, 'preprod', api, web), ['1.0.0', '1.0.0']);
    });
  });

  it('takes back with it what came since and cannot live without it', () => {
    const context = plane();
    return withLoop(context, async () => {
      const { api, web } = await pair(context, 'late');
      await release(context, 'late-app', '1.0.0', { requires: [{ component: api, contract: api, range: '>=1' }] });
      await release(context, 'late-app', '1.1.0', { requires: [{ component: api, contract: api, range: '>=2' }] });
      for (const { name } of stages) await arrived(context, 'late-app', '1.0.0', name);
      await trainWith(context, 'late', [
        [web, '2.0.0'],
        [api, '2.0.0'],
      ]);
      await moved(context, 'late', 'rehearsal');
      await moved(context, 'late', 'departure');
      for (const { name } of stages) await arrived(context, 'late-app', '1.1.0', name);
      assert.equal((await moved(context, 'late', 'rollback')).state, 'rolled-back');
      assert.deepEqual(await versions(context, 'prod', api, web, 'late-app'), ['1.0.0', '1.0.0', '1.0.0']);
    });
  });

  it('is carried on by the next server when one is killed, and never left half', () => {
    const engine = createSimulatedEngine();
    const context = plane(engine);
    return withLoop(context, async () => {
      const { api, web } = await pair(context, 'killed');
      await trainWith(context, 'killed', [
        [web, '2.0.0'],
        [api, '2.0.0'],
      ]);
      await moved(context, 'killed', 'rehearsal');
    }).then(async () => {
      await moveTrain(context, 'lea', 'killed', 'departure');
      for (let round = 0; (await context.store.trips.movingIn('prod')) !== null; round += 1) {
        const loop: Loop = startLoop(context, `killed-${round}`, quickPace);
        await sleep(15 * round);
        await loop.stop();
        assert.ok(round < 100, 'the trip ends');
      }
      assert.equal((await showTrain(context, 'lea', 'killed')).train.state, 'arrived');
      assert.deepEqual(await versions(context, 'prod', 'killed-api', 'killed-web'), ['2.0.0', '2.0.0']);
      const { items } = { items: await context.store.views.deployments({ environment: 'prod', component: 'killed-api', limit: 50 }) };
      assert.equal(items.filter(({ version }) => version === '2.0.0').length, 1, 'nothing was asked for twice');
    });
  });

  it('lets nobody write who lost the trip', async () => {
    const context = plane();
    await createTrain(context, 'lea', { name: 'fenced', ...dates });
    const trip = {
      id: 'trip-fenced',
      train: 'fenced',
      kind: 'rehearsal',
      environment: 'nowhere',
      direction: 'forward',
      reason: null,
      incident: null,
    } as const;
    const from = ['open'] as const;
    assert.ok(await context.store.trips.begin({ ...trip, requestedBy: 'lea', members: [], before: {}, at: dates.opensAt, from }));
    const first = await context.store.trips.claim('server-1', -1_000);
    const second = await context.store.trips.claim('server-2', 60_000);
    assert.ok(first !== null && second !== null && second.epoch > first.epoch);
    const end = { state: 'succeeded', reason: null } as const;
    await assert.rejects(context.store.trips.end(first, 'rehearsal', end, dates.opensAt), { code: 'lease-lost' });
    await context.store.trips.end(second, 'rehearsal', end, dates.opensAt);
    await cancelTrain(context, 'lea', 'fenced');
  });
});

describe('the two clocks', () => {
  it('refuse an installation that would break the train to come, naming the contract and the date', () => {
    const context = plane();
    return withLoop(context, async () => {
      const { api, web } = await pair(context, 'clock');
      const needs = (range: string) => ({ requires: [{ component: api, contract: api, range }] });
      await release(context, 'clock-app', '1.0.0', needs('>=1'));
      await release(context, 'clock-app', '1.1.0', needs('^1'));
      await release(context, 'clock-app', '1.2.0', needs('>=2'));
      for (const { name } of stages) await arrived(context, 'clock-app', '1.0.0', name);
      await trainWith(context, 'clock', [
        [web, '2.0.0'],
        [api, '2.0.0'],
      ]);
      for (const version of ['1.1.0', '1.2.0']) await arrived(context, 'clock-app', version, 'preprod').catch(() => {});
      const train = await deploy(context, 'clock-app', '1.1.0', 'prod');
      assert.equal(train.state, 'refused');
      assert.match(
        train.reason ?? '',
        /clock-app@1.1.0 would break train clock of 2090-01-03: clock-app@1.1.0 requires clock-api \^1 of clock-api, and clock-api@2.0.0 provides 2.0.0\./,
      );
      const today = await deploy(context, 'clock-app', '1.2.0', 'prod');
      assert.match(today.reason ?? '', /in prod clock-app@1.2.0 requires clock-api >=2 of clock-api, and clock-api@1.0.0 provides 1.0.0\./);
      await cancelTrain(context, 'lea', 'clock');
      assert.equal((await deploy(context, 'clock-app', '1.1.0', 'prod')).state, 'succeeded');
    });
  });
});
