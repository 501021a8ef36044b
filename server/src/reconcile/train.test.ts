import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformOf } from '@beluga/contract/platform';
import type { Context } from '../actions/context.ts';
import { moveTrain, showTrain } from '../actions/move-train.ts';
import { boardTrain, cancelTrain, createTrain, findTrain, leaveTrain, lockTrain, reopenTrain } from '../actions/plan-train.ts';
import type { TrainState, TripKind } from '../domain/trains/train.ts';
import { createSimulatedEngine, type SimulatedEngine } from '../drivers/engine/simulated/simulated.ts';
import { BelugaError } from '../errors.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { createPlane, deploy, quickPace, release } from './for-tests.ts';
import { type Loop, startLoop } from './loop.ts';

const database = await withDatabase();
const stages = [{ name: 'preprod' }, { name: 'prod', gates: { dependencies: true } }];
const platform = platformOf({ apiVersion: 'beluga/v1', kind: 'Platform', environments: stages });
const [day, opensAt] = ['2090-01-03T00:00:00Z', '2020-01-01T00:00:00Z'];
const dates = { opensAt, locksAt: day, rehearsalAt: day, departsAt: day };
/** The day of departure. */
const thatDay = () => Temporal.Instant.from(day);

function plane(engine: SimulatedEngine = createSimulatedEngine(), now = thatDay): Context {
  return createPlane(database, engine, { environments: ['preprod', 'prod'], platform, now }).context;
}

async function withLoop(context: Context, work: () => Promise<void>): Promise<void> {
  const loop = startLoop(context, `server-${Math.random()}`, quickPace);
  try {
    await work();
  } finally {
    await loop.stop();
  }
}

/** An api in 1.0.0 and a web that requires it, in both environments; and their next versions, which go together only. */
async function pair(context: Context, name: string): Promise<{ readonly api: string; readonly web: string }> {
  const [api, web] = [`${name}-api`, `${name}-web`];
  const needs = (range: string) => ({ requires: [{ component: api, contract: api, range }] });
  await release(context, api, '1.0.0');
  await release(context, api, '2.0.0');
  await release(context, web, '1.0.0', needs('^1'));
  await release(context, web, '2.0.0', needs('^2'));
  await Promise.all([api, web].map((component) => arrived(context, component, '1.0.0', 'preprod')));
  for (const component of [api, web]) await arrived(context, component, '1.0.0', 'prod');
  return { api, web };
}

async function arrived(context: Context, component: string, version: string, environment: string): Promise<void> {
  const { state, reason } = await deploy(context, component, version, environment);
  assert.equal(state, 'succeeded', `${component}@${version} in ${environment}: ${reason}`);
}

async function trainWith(context: Context, name: string, releases: readonly (readonly [string, string])[]): Promise<void> {
  await createTrain(context, 'lea', { name, ...dates });
  for (const [component, version] of releases) await boardTrain(context, 'lea', { train: name, component, version });
  await lockTrain(context, 'lea', name);
}

async function moved(
  context: Context,
  name: string,
  kind: TripKind,
): Promise<{ readonly state: TrainState; readonly reason: string | null }> {
  await moveTrain(context, 'lea', name, kind);
  return atRest(context, name);
}

async function atRest(context: Context, name: string): Promise<{ readonly state: TrainState; readonly reason: string | null }> {
  for (;;) {
    const train = await findTrain(context, name);
    if (!['rehearsing', 'departing', 'rolling-back'].includes(train.state)) return train;
    await sleep(20);
  }
}

async function versions(context: Context, environment: string, ...components: readonly string[]): Promise<readonly (string | undefined)[]> {
  const parties = await context.store.neighbours.parties(environment);
  return components.map((name) => parties.find(({ component }) => component === name)?.version);
}

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

describe('the doors of a train', () => {
  const refused = (work: Promise<unknown>, code: string, sentence: RegExp) =>
    assert.rejects(work, (error) => error instanceof BelugaError && error.code === code && sentence.test(error.message));

  it('are closed before it opens, after it is locked, and to sets that do not fit together', async () => {
    const context = plane();
    const early = {
      ...dates,
      opensAt: '2090-01-03T12:00:00Z',
      locksAt: '2091-01-01T00:00:00Z',
      rehearsalAt: '2091-01-02T00:00:00Z',
      departsAt: '2091-01-03T00:00:00Z',
    };
    await release(context, 'door-api', '1.0.0');
    await release(context, 'door-web', '1.0.0', { requires: [{ component: 'door-api', contract: 'door-api', range: '^2' }] });
    await release(context, 'door-ring', '1.0.0', { dependsOn: ['door-round'] });
    await release(context, 'door-round', '1.0.0', { dependsOn: ['door-ring'] });
    const board = (train: string, component: string) => boardTrain(context, 'lea', { train, component, version: '1.0.0' });
    await createTrain(context, 'lea', { name: 'early', ...early });
    await refused(board('early', 'door-api'), 'train-closed', /opens on 2090-01-03T12:00:00/);
    await createTrain(context, 'lea', { name: 'doors', ...dates });
    await refused(createTrain(context, 'lea', { name: 'doors', ...dates }), 'train-exists', /doors/);
    await refused(
      createTrain(context, 'lea', { name: 'x', ...dates, locksAt: '2095-01-01T00:00:00Z' }),
      'train-dates',
      /rehearsalAt is before locksAt/,
    );
    await refused(lockTrain(context, 'lea', 'doors'), 'train-unfit', /It carries no release\./);
    await board('doors', 'door-api');
    await board('doors', 'door-web');
    await refused(
      lockTrain(context, 'lea', 'doors'),
      'train-unfit',
      /door-web@1.0.0 requires door-api \^2 of door-api, and door-api@1.0.0 provides 1.0.0\./,
    );
    await leaveTrain(context, 'lea', { train: 'doors', component: 'door-web' });
    await board('doors', 'door-ring');
    await board('doors', 'door-round');
    await refused(
      lockTrain(context, 'lea', 'doors'),
      'train-unfit',
      /door-ring depends on door-round depends on door-ring: none of them can go first\./,
    );
    await leaveTrain(context, 'lea', { train: 'doors', component: 'door-ring' });
    assert.equal((await lockTrain(context, 'lea', 'doors')).state, 'locked');
    await refused(board('doors', 'door-web'), 'train-closed', /Train doors is locked, so it cannot let releases on\./);
    assert.equal((await reopenTrain(context, 'lea', { train: 'doors', locksAt: '2090-01-02T20:00:00Z' })).state, 'open');
    for (const name of ['doors', 'early']) await cancelTrain(context, 'lea', name);
  });

  it('close by themselves on their date, and a train leaves on its day only, with all that is in its way told', () => {
    const before = plane(createSimulatedEngine(), () => Temporal.Instant.from('2090-01-01T12:00:00Z'));
    return withLoop(before, async () => {
      await release(before, 'day', '1.0.0');
      const days = { opensAt, locksAt: '2090-01-01T00:00:00Z', rehearsalAt: '2090-01-02T00:00:00Z', departsAt: day };
      await createTrain(before, 'lea', { name: 'day', ...days });
      await boardTrain(before, 'lea', { train: 'day', component: 'day', version: '1.0.0' });
      while ((await findTrain(before, 'day')).state === 'open') await sleep(10);
      await refused(moveTrain(before, 'lea', 'day', 'rehearsal'), 'train-held', /cannot rehearse yet: Its day is 2090-01-02T00:00:00/);
      await refused(moveTrain(before, 'lea', 'day', 'departure'), 'train-closed', /Train day is locked, so it cannot depart\./);
      assert.equal((await showTrain(before, 'lea', 'day')).prognosis.opensAt, '2090-01-02T00:00:00Z');
      await cancelTrain(before, 'lea', 'day');
    });
  });
});
