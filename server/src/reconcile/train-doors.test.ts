import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformOf } from '@beluga/contract/platform';
import { approveTrain, showWithPlan } from '../actions/approve-train.ts';
import { previewEntry } from '../actions/edit-calendar.ts';
import { moveTrain, showTrain } from '../actions/move-train.ts';
import { boardTrain, cancelTrain, createTrain, findTrain, leaveTrain, lockTrain, reopenTrain } from '../actions/plan-train.ts';
import { resumeLine, stopLine } from '../actions/stop-line.ts';
import { entry } from '../domain/calendar/for-tests.ts';
import { createSimulatedEngine } from '../drivers/engine/simulated/simulated.ts';
import { BelugaError } from '../errors.ts';
import { release } from './for-tests.ts';
import { arrived, atRest, dates, day, moved, opensAt, pair, plane, trainWith, versions, withLoop } from './train-for-tests.ts';

describe('a train that people hold up', () => {
  it('stands while the line is stopped, and goes on from there; taken back for an incident it moves all the same, and every change names that', () => {
    const engine = createSimulatedEngine();
    const context = plane(engine);
    const perform = engine.perform.bind(engine);
    let pressed = false;
    engine.perform = async (...given) => {
      const outcome = await perform(...given);
      const [subject, { kind }] = given;
      const arrives =
        'version' in subject && `${subject.component}@${subject.version}` === 'stopped-api@2.0.0' && subject.environment === 'prod';
      if (arrives && kind === 'shift' && !pressed) await stopLine(context, 'ines', 'Payments fail.');
      pressed ||= arrives && kind === 'shift';
      return outcome;
    };
    return withLoop(context, async () => {
      const { api, web } = await pair(context, 'stopped');
      await trainWith(context, 'stopped', [
        [web, '2.0.0'],
        [api, '2.0.0'],
      ]);
      await moved(context, 'stopped', 'rehearsal');
      await moveTrain(context, 'lea', 'stopped', 'departure');
      while ((await versions(context, 'prod', api))[0] !== '2.0.0') await sleep(20);
      await sleep(600);
      assert.equal((await findTrain(context, 'stopped')).state, 'departing');
      assert.deepEqual(await versions(context, 'prod', api, web), ['2.0.0', '1.0.0']);
      const asked = await context.store.views.deployments({ environment: 'prod', component: web, limit: 50 });
      assert.deepEqual(
        asked.map(({ version }) => version),
        ['1.0.0'],
      );
      await resumeLine(context, 'ines');
      assert.equal((await atRest(context, 'stopped')).state, 'arrived');
      assert.deepEqual(await versions(context, 'prod', api, web), ['2.0.0', '2.0.0']);
      await stopLine(context, 'ines', 'Premiums are wrong.');
      const [reason, incident] = ['Premiums are computed twice.', 'INC0012345'];
      await moveTrain(context, 'lea', 'stopped', 'rollback', { reason, incident });
      const back = await atRest(context, 'stopped');
      await resumeLine(context, 'ines');
      assert.deepEqual([back.state, back.reason], ['rolled-back', reason]);
      assert.deepEqual(await versions(context, 'prod', api, web), ['1.0.0', '1.0.0']);
      const [trip] = (await showTrain(context, 'lea', 'stopped')).trips;
      assert.deepEqual([trip?.reason, trip?.incident], [reason, incident]);
      for (const component of [api, web]) {
        const [change] = await context.store.changes.list({ component, environment: 'prod', limit: 1 });
        assert.deepEqual([change?.kind, change?.facts.incident, change?.closure], ['emergency', incident, 'successful']);
      }
      const [told] = (await context.store.views.audit({ after: 0, limit: 10_000 })).filter(({ what }) => what === 'train.rolling-back');
      assert.partialDeepStrictEqual(told?.detail, { reason, incident });
    });
  });

  it('is approved as one by another person than who made it, and departs', async () => {
    const asking = (approvals: number) =>
      platformOf({
        ...{ apiVersion: 'beluga/v1', kind: 'Platform' },
        environments: [{ name: 'preprod' }, { name: 'prod', gates: { approvals, zeroDowntime: 'never' } }],
      });
    const usual = { ...plane(), platform: asking(0) };
    const context = { ...usual, platform: asking(1) };
    const names = ['seen-api', 'seen-web'];
    await withLoop(usual, async () => {
      for (const name of names) {
        for (const version of ['1.0.0', '2.0.0']) await release(usual, name, version, { run: { replicas: { min: 1, max: 1 } } });
        for (const environment of ['preprod', 'prod']) await arrived(usual, name, '1.0.0', environment);
      }
    });
    await withLoop(context, async () => {
      await trainWith(
        context,
        'seen',
        names.map((name) => [name, '2.0.0'] as const),
      );
      await moved(context, 'seen', 'rehearsal');
      const closed = async (who: string) =>
        (await showTrain(context, who, 'seen')).prognosis.members.flatMap(({ verdicts }) => verdicts.map(({ gate }) => gate));
      assert.deepEqual(await closed('lea'), ['approval', 'approval']);
      await assert.rejects(moveTrain(context, 'lea', 'seen', 'departure'), /lacks an approval\. Its change is normal\./);
      await assert.rejects(approveTrain(context, 'lea', { train: 'seen' }), { code: 'own-request' });
      const asked = async (who: string) => {
        const { plan, mayApprove } = await showWithPlan(context, who, 'seen');
        return { hash: plan?.planHash ?? '', lacking: plan?.members.filter(({ lacks }) => lacks).length, may: mayApprove.code ?? 'yes' };
      };
      const { hash: planHash, ...forLea } = await asked('lea');
      assert.deepEqual(forLea, { lacking: 2, may: 'own-train' });
      assert.deepEqual(await asked('marc'), { hash: planHash, lacking: 2, may: 'yes' });
      const other = { train: 'seen', planHash: context.hash('another plan') };
      await assert.rejects(approveTrain(context, 'marc', other), { code: 'train-plan-changed' });
      assert.equal((await asked('lea')).lacking, 2);
      await approveTrain(context, 'marc', { train: 'seen', planHash, reason: 'Seen in preprod.' });
      assert.deepEqual(await asked('marc'), { hash: planHash, lacking: 0, may: 'nothing-lacks' });
      assert.deepEqual([await closed('lea'), await closed('marc')], [[], ['approval', 'approval']]);
      assert.equal((await moved(context, 'seen', 'departure')).state, 'arrived');
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
    await refused(board('early', 'door-api'), 'train-closed', /opens on 2090-01-03 13:00/);
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
      await refused(moveTrain(before, 'lea', 'day', 'rehearsal'), 'train-held', /cannot rehearse yet: Its day is 2090-01-02 01:00\./);
      await refused(moveTrain(before, 'lea', 'day', 'departure'), 'train-closed', /Train day is locked, so it cannot depart\./);
      assert.equal((await showTrain(before, 'lea', 'day')).prognosis.opensAt, '2090-01-02T00:00:00.000Z');
      const freeze = entry({ start: '2090-01-02T12:00', end: '2090-01-05T08:00', environments: ['preprod', 'prod'] });
      const { trains } = await previewEntry(before, { kind: 'freeze', entry: freeze });
      assert.deepEqual(
        trains.filter(({ train }) => train === 'day').map(({ startsAt, movesTo, ...move }) => [move, String(startsAt), String(movesTo)]),
        [[{ train: 'day', kind: 'departure', environment: 'prod' }, '2090-01-03T00:00:00Z', '2090-01-05T07:00:00Z']],
        'its rehearsal is before the freeze',
      );
      await cancelTrain(before, 'lea', 'day');
    });
  });
});
