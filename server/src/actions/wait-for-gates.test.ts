import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformOf } from '@beluga/contract/platform';
import { entry } from '../domain/calendar/for-tests.ts';
import type { GateSettings } from '../domain/platform.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError, type ErrorCode } from '../errors.ts';
import { createPlane, deploy, ended, quickPace, release } from '../reconcile/for-tests.ts';
import { startLoop } from '../reconcile/loop.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { decideApproval, listApprovals, requestApproval } from './approve-plan.ts';
import type { Context } from './context.ts';
import { approveChange, cancelChange, refuseChange } from './decide-change.ts';
import { addEntry, previewEntry, removeEntry } from './edit-calendar.ts';
import { approveOverride, requestOverride } from './override-gates.ts';
import { requestDeployment } from './request-deployment.ts';
import { findChange, reviewChange } from './review-change.ts';
import { revokeVerification } from './revoke-verification.ts';
import { resumeLine, stopLine } from './stop-line.ts';

const database = await withDatabase();
const environments = ['re7', 'prod'];
const opening = Temporal.Instant.from('2031-03-04T19:00:00Z');

/** A platform whose production opens at 20:00, with a clock of its own that stands at 15:00 until it is set. */
async function evening(gates: Partial<GateSettings> = {}) {
  const usual = platformOf(null);
  const stages = usual.environments
    .filter(({ name }) => environments.includes(name))
    .map((one) => (one.name === 'prod' ? { ...one, gates: { ...one.gates, ...gates } } : one));
  let now = Temporal.Instant.from('2031-03-04T14:00:00Z');
  const platform = { ...usual, environments: stages };
  const plane = createPlane(database, undefined, { platform, environments, now: () => now });
  const { context } = plane;
  await addEntry(context, 'ines', {
    kind: 'window',
    entry: {
      ...{ name: 'evening', reason: null, environments: ['prod'], systems: null, criticality: null },
      ...{ start: '2031-03-04T20:00:00', end: '2031-03-04T22:00:00', rule: 'FREQ=DAILY', on: [], except: [], skip: [] },
      timeZone: 'Europe/Paris',
    },
  });
  const set = (time: Temporal.Instant) => {
    now = time;
  };
  return { ...plane, set };
}

async function moving(context: Context, work: () => Promise<void>, servers = 1): Promise<void> {
  const loops = Array.from({ length: servers }, (_, index) => startLoop(context, `server-${index}`, quickPace));
  try {
    await work();
  } finally {
    await Promise.all(loops.map((loop) => loop.stop()));
  }
}

/** Installs a release of each in the first stage. */
async function ready(context: Context, ...components: readonly string[]): Promise<void> {
  await moving(context, async () => {
    await Promise.all(
      components.map(async (component) => {
        await release(context, component, '1.0.0');
        assert.equal((await deploy(context, component, '1.0.0', 're7')).state, 'succeeded');
      }),
    );
  });
}

const waitFor = (context: Context, component: string) =>
  requestDeployment(context, 'lea', { component, version: '1.0.0', environment: 'prod', waitForGates: true });
const refused = (code: ErrorCode, work: Promise<unknown>) =>
  assert.rejects(work, (error) => error instanceof BelugaError && error.code === code);
const stateOf = async (context: Context, id: string) => (await context.store.views.deployment(id))?.state;

describe('a deployment that was asked to wait for its gates', () => {
  it('says what it waits for and until when, starts by itself when time opens them, on one server of several, once', async () => {
    const { context, set } = await evening();
    await ready(context, 'web');
    assert.equal((await requestDeployment(context, 'lea', { component: 'web', version: '1.0.0', environment: 'prod' })).state, 'refused');
    const waiting = await waitFor(context, 'web');
    assert.deepEqual([waiting.state, waiting.waitsFor], ['waiting', { opensAt: stamp(opening), approval: false }]);
    const freeze = entry({ start: '2031-03-04T18:00', end: '2031-03-06T08:00' });
    const [held] = (await previewEntry(context, { kind: 'freeze', entry: freeze })).holdsUp;
    assert.deepEqual([held?.deployment, held?.startsAt, held?.movesTo].map(String), [waiting.id, String(opening), '2031-03-06T19:00:00Z']);
    assert.equal((await findChange(context, waiting.id)).state, 'authorised');
    await moving(
      context,
      async () => {
        set(opening.subtract({ milliseconds: 1 }));
        await sleep(quickPace.pollMs * 5);
        assert.equal(await stateOf(context, waiting.id), 'waiting');
        set(opening);
        const last = await ended(context, waiting.id);
        assert.equal(last.state, 'succeeded', last.reason ?? '');
        assert.deepEqual(last.holds, [{ gate: 'calendar', from: '2031-03-04T14:00:00.000Z', to: stamp(opening) }]);
      },
      3,
    );
    const told = await context.store.views.events({ after: 0, subject: `deployment/${waiting.id}`, limit: 100 });
    const starts = told.filter(({ type }) => type === 'deployment.let-go' || type === 'deployment.started').map(({ type }) => type);
    assert.deepEqual(starts, ['deployment.let-go', 'deployment.started']);
    const { times } = await findChange(context, waiting.id);
    assert.deepEqual([times.authorised, times.scheduled], ['2031-03-04T14:00:00.000Z', stamp(opening)]);
  });

  it('is refused at once for what time does not open', async () => {
    const { context } = await evening({ evidence: ['tests'] });
    await ready(context, 'untested');
    const { state, reason, waitsFor } = await waitFor(context, 'untested');
    assert.deepEqual([state, waitsFor], ['refused', null]);
    assert.match(reason ?? '', /lacks evidence: no tests/);
  });

  it('is ended by a revocation, by the stop button for good, by a newer request and by a person, each with its reason', async () => {
    const { context, set } = await evening();
    await ready(context, 'revoked', 'stopped', 'replaced', 'cancelled');
    const [revoked, replaced, cancelled] = await Promise.all(['revoked', 'replaced', 'cancelled'].map((name) => waitFor(context, name)));
    await revokeVerification(context, 'ines', { component: 'revoked', version: '1.0.0', environment: 're7', reason: 'a re-test failed' });
    const newer = await waitFor(context, 'replaced');
    await cancelChange(context, 'marc', { id: cancelled?.id ?? '', reason: 'the partner is not ready' });
    const endings = await Promise.all([revoked, replaced, cancelled].map((one) => ended(context, one?.id ?? '')));
    assert.deepEqual(
      endings.map(({ state }) => state),
      ['refused', 'cancelled', 'cancelled'],
    );
    assert.match(endings[0]?.reason ?? '', /was revoked: a re-test failed\./);
    assert.match(endings[1]?.reason ?? '', /A newer request took its place: 1\.0\.0/);
    assert.equal(endings[2]?.reason, 'Cancelled by marc: the partner is not ready.');
    await cancelChange(context, 'lea', { id: newer.id, reason: 'no longer wanted' });
    const stopped = await waitFor(context, 'stopped');
    await moving(context, async () => {
      await stopLine(context, 'ines', 'Payments fail.');
      const last = await ended(context, stopped.id);
      assert.deepEqual([last.state, last.reason], ['cancelled', 'Cancelled by ines: the line was stopped, Payments fail.']);
      await resumeLine(context, 'ines');
      set(opening);
      await sleep(quickPace.pollMs * 5);
    });
    for (const component of ['revoked', 'stopped', 'replaced', 'cancelled']) {
      const changes = await context.store.changes.list({ component, limit: 100 });
      assert.ok(changes.length > 0 && changes.every(({ state }) => state === 'cancelled'));
      assert.equal(await context.store.deployments.current(component, 'prod'), null);
    }
  });

  it('waits again when its window closes before its turn comes, and starts in the next one', async () => {
    const { context, set } = await evening();
    await ready(context, 'queued');
    set(opening);
    const waiting = await waitFor(context, 'queued');
    assert.deepEqual([waiting.state, waiting.waitsFor, (await findChange(context, waiting.id)).state], ['waiting', null, 'scheduled']);
    set(opening.add({ hours: 2 }));
    await moving(context, async () => {
      const tomorrow = opening.add({ hours: 24 });
      while ((await context.store.views.deployment(waiting.id))?.waitsFor?.opensAt !== stamp(tomorrow)) await sleep(10);
      assert.equal((await findChange(context, waiting.id)).state, 'authorised');
      set(tomorrow);
      assert.equal((await ended(context, waiting.id)).state, 'succeeded');
    });
    const told = await context.store.views.events({ after: 0, subject: `deployment/${waiting.id}`, limit: 100 });
    assert.deepEqual(
      told.map(({ type }) => type).filter((type) => type.startsWith('deployment.')),
      ['deployment.requested', 'deployment.held', 'deployment.let-go', 'deployment.started', 'deployment.succeeded'],
    );
  });

  it('waits on when the window is taken away and another one comes, and starts at once with an override of two people', async () => {
    const { context, set } = await evening();
    await ready(context, 'moved');
    const waiting = await waitFor(context, 'moved');
    const freeze = {
      ...{ name: 'closing', reason: 'The books are closed.', environments: ['prod'], systems: null, criticality: null },
      ...{ start: '2031-03-04T18:00:00', end: '2031-03-05T06:00:00', rule: null, on: [], except: [], skip: [], timeZone: 'Europe/Paris' },
    };
    const { entry } = await addEntry(context, 'ines', { kind: 'freeze', entry: freeze });
    await moving(context, async () => {
      set(opening.add({ minutes: 5 }));
      while ((await context.store.views.deployment(waiting.id))?.waitsFor?.opensAt !== '2031-03-05T19:00:00.000Z') await sleep(10);
      assert.equal(await stateOf(context, waiting.id), 'waiting');
      const wish = { component: 'moved', version: '1.0.0', environment: 'prod', reason: 'A partner waits for it.' };
      const { id } = await requestOverride(context, 'lea', wish);
      await approveOverride(context, 'marc', id);
      const last = await ended(context, waiting.id);
      assert.deepEqual([last.state, last.override], ['succeeded', id], last.reason ?? '');
    });
    await removeEntry(context, 'ines', entry.id);
  });
});

describe('a release that proves itself in a protected slot', () => {
  it('is replaced by the newest that waits once it has, and before that only by what is asked to take its place', async () => {
    const { context, set } = await evening({ soak: { forMs: 3_600_000, requests: 0, jobRuns: 0, protected: true } });
    await ready(context, 'soaked');
    for (const version of ['1.1.0', '1.2.0', '1.3.0']) await release(context, 'soaked', version);
    const into = (version: string, more: object = {}) =>
      requestDeployment(context, 'lea', { component: 'soaked', version, environment: 're7', ...more });
    assert.equal((await into('1.1.0')).state, 'refused');
    const first = await into('1.1.0', { waitForGates: true });
    assert.deepEqual(first.waitsFor, { opensAt: '2031-03-04T15:00:00.000Z', approval: false });
    const second = await into('1.2.0', { waitForGates: true });
    assert.equal(await stateOf(context, first.id), 'cancelled');
    await moving(context, async () => {
      set(Temporal.Instant.from('2031-03-04T15:00:00Z'));
      assert.equal((await ended(context, second.id)).state, 'succeeded');
      const third = await into('1.3.0', { replaceSoaking: true });
      assert.equal((await ended(context, third.id)).state, 'succeeded');
    });
  });
});

describe('a change that waits for approval', () => {
  it('is approved by another person for the plan that was looked at, and starts; what was asked for beforehand counts the same', async () => {
    const { context, set } = await evening({ approvals: 2 });
    set(opening);
    await ready(context, 'seen');
    const early = await requestApproval(context, 'lea', { component: 'seen', version: '1.0.0', environment: 'prod' });
    await decideApproval(context, 'paul', { id: early.id, decision: 'approved' });
    const waiting = await waitFor(context, 'seen');
    assert.deepEqual(waiting.waitsFor, { opensAt: null, approval: true });
    const { id, state, facts } = await findChange(context, waiting.id);
    assert.equal(state, 'assessed');
    const wish = { id, planHash: facts.plan.hash };
    await refused('own-request', approveChange(context, 'lea', wish));
    await refused('plan-changed', approveChange(context, 'marc', { id, planHash: `sha256:${'0'.repeat(64)}` }));
    await refused('unknown-change', approveChange(context, 'marc', { ...wish, id: 'chg-nobody' }));
    const approved = await approveChange(context, 'marc', { ...wish, reason: 'Looked at.' });
    assert.deepEqual([approved.state, approved.facts.approvals.map(({ who }) => who).toSorted()], ['scheduled', ['marc', 'paul']]);
    await refused('not-decidable', approveChange(context, 'ines', wish));
    await moving(context, async () => assert.equal((await ended(context, waiting.id)).state, 'succeeded'));
    assert.equal((await listApprovals(context, { component: 'seen' })).length, 1);
  });

  it('ends refused with the reason when somebody says no, and starts by no other way afterwards', async () => {
    const { context, set } = await evening({ approvals: 1 });
    set(opening);
    await ready(context, 'unwanted');
    const waiting = await waitFor(context, 'unwanted');
    const { id, facts } = await findChange(context, waiting.id);
    const after = await refuseChange(context, 'marc', { id, planHash: facts.plan.hash, reason: 'Not before Monday.' });
    assert.equal(after.state, 'cancelled');
    assert.match(after.note ?? '', /marc rejected the plan of unwanted@1\.0\.0: Not before Monday\./);
    const { state, verdicts } = await ended(context, waiting.id);
    const closed = [verdicts, after.facts.verdicts].map((one) => one.filter(({ verdict }) => verdict !== 'open').map(({ gate }) => gate));
    assert.deepEqual([state, closed], ['refused', [['approval'], ['approval']]]);
    assert.match(verdicts.find(({ gate }) => gate === 'approval')?.reason ?? '', /marc rejected the plan/);
    assert.equal((await waitFor(context, 'unwanted')).state, 'refused');
  });

  it('is asked for by a normal change only: a standard one goes without, an emergency one is looked back at by another person', async () => {
    const { context, set } = await evening({ approvals: 1 });
    set(opening);
    await ready(context, 'kinds');
    const first = await requestDeployment(context, 'lea', { component: 'kinds', version: '1.0.0', environment: 'prod' });
    assert.equal(first.state, 'refused');
    assert.match(first.reason ?? '', /lacks an approval\. Its change is normal\. Nothing is installed here to go back to\./);
    const { id } = await requestApproval(context, 'lea', { component: 'kinds', version: '1.0.0', environment: 'prod' });
    await decideApproval(context, 'marc', { id, decision: 'approved' });
    for (const version of ['1.1.0', '1.2.0']) await release(context, 'kinds', version);
    await moving(context, async () => {
      assert.equal((await deploy(context, 'kinds', '1.0.0', 'prod')).state, 'succeeded');
      for (const version of ['1.1.0', '1.2.0']) assert.equal((await deploy(context, 'kinds', version, 're7')).state, 'succeeded');
      const second = await deploy(context, 'kinds', '1.1.0', 'prod');
      assert.deepEqual([second.state, (await findChange(context, second.id)).kind], ['succeeded', 'standard'], second.reason ?? '');
      const mending = { component: 'kinds', version: '1.2.0', environment: 'prod', incident: 'INC0012345' };
      const third = await ended(context, (await requestDeployment(context, 'lea', mending)).id);
      assert.deepEqual([third.state, (await findChange(context, third.id)).kind], ['succeeded', 'emergency'], third.reason ?? '');
      await refused('own-request', reviewChange(context, 'lea', third.id, 'All went well.'));
      assert.equal((await reviewChange(context, 'marc', third.id, 'Seen.')).review?.by, 'marc');
    });
  });

  it('that is approved before its window opens waits for that', async () => {
    const { context, set } = await evening({ approvals: 1 });
    await ready(context, 'both');
    const waiting = await waitFor(context, 'both');
    assert.deepEqual(waiting.waitsFor, { opensAt: stamp(opening), approval: true });
    const { id, facts } = await findChange(context, waiting.id);
    assert.equal((await approveChange(context, 'marc', { id, planHash: facts.plan.hash })).state, 'authorised');
    await moving(context, async () => {
      set(opening);
      const last = await ended(context, waiting.id);
      assert.equal(last.state, 'succeeded');
      assert.deepEqual(
        last.holds.map(({ gate, to }) => [gate, to]),
        [
          ['calendar', stamp(opening)],
          ['approval', '2031-03-04T14:00:00.000Z'],
        ],
      );
    });
  });
});
