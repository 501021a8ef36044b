import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { platformOf } from '@beluga/contract/platform';
import { type Attempt, type Figure, type Measures, measuresOf } from '../domain/measures/measures.ts';
import { BelugaError } from '../errors.ts';
import { createPlane, deploy, quickPace, release } from '../reconcile/for-tests.ts';
import { startLoop } from '../reconcile/loop.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import type { EventView } from '../store/views/views.ts';
import { measureDelivery } from './measure-delivery.ts';
import { rollBack } from './roll-back.ts';

const period = { from: Temporal.Instant.from('2027-03-01T00:00:00Z'), to: Temporal.Instant.from('2027-03-11T00:00:00Z') };
let counter = 0;
const attempt = (at: string, changes: Partial<Attempt> = {}): Attempt => ({
  ...{
    deployment: `dep-${(counter += 1)}`,
    component: 'web',
    system: 'contrats',
    version: String(counter),
    purpose: 'deploy',
    incident: null,
    state: 'succeeded',
  },
  ...{
    requestedAt: at,
    startedAt: at,
    endedAt: Temporal.Instant.from(at).add({ minutes: 6 }).toString(),
    commitsAt: [],
    failedRequests: 0,
    closedGates: [],
    holds: [],
  },
  ...changes,
});
const figure = (measures: Measures, name: Figure['name']) => measures.figures.find((one) => one.name === name);

describe('the measures', () => {
  it('count a failure once, by rule: what failed by itself, and what a rollback followed within a day', () => {
    const good = attempt('2027-03-02T09:00:00Z', { component: 'api' });
    const bad = attempt('2027-03-02T09:00:00Z');
    const back = attempt('2027-03-02T12:00:00Z', { purpose: 'rollback' });
    const worse = attempt('2027-03-03T09:00:00Z', { state: 'rolled-back' });
    const measures = measuresOf([good, bad, back, worse], period);
    assert.deepEqual(figure(measures, 'change-failure-rate')?.deployments, [bad.deployment, worse.deployment]);
    assert.equal(figure(measures, 'change-failure-rate')?.value, 0.5);
    assert.deepEqual(figure(measures, 'rework-rate')?.deployments, [back.deployment]);
    assert.equal(figure(measures, 'time-to-restore')?.value, (3 + 0.1) / 2);
    assert.equal(figure(measures, 'deployment-frequency')?.value, 0.3);
  });

  it('take the lead time from each commit to its installation, and the daytime from the clock of Paris', () => {
    const night = attempt('2027-03-02T20:00:00Z', { commitsAt: ['2027-03-02T10:06:00Z'] });
    const noon = attempt('2027-03-03T11:00:00Z', { commitsAt: ['2027-03-03T09:06:00Z', '2027-03-02T23:06:00Z'] });
    const broken = attempt('2027-03-04T07:30:00Z', { failedRequests: 3 });
    const measures = measuresOf([night, noon, broken], period);
    assert.equal(figure(measures, 'lead-time')?.value, 10);
    assert.deepEqual(figure(measures, 'daytime-without-interruption')?.deployments, [noon.deployment]);
    assert.equal(figure(measures, 'daytime-without-interruption')?.value, 0.5);
  });

  it('tell where time is lost: how long each gate held a release', () => {
    const refused = { state: 'refused', startedAt: null, version: '9' } as const;
    const first = attempt('2027-03-02T09:00:00Z', { ...refused, closedGates: ['soak', 'calendar'] });
    const second = attempt('2027-03-02T11:00:00Z', { ...refused, closedGates: ['calendar'] });
    const third = attempt('2027-03-02T15:00:00Z', { version: '9', startedAt: '2027-03-02T15:30:00Z' });
    assert.deepEqual(
      measuresOf([first, second, third], period).waits.map(({ gate, hours, deployments }) => [gate, hours, deployments.length]),
      [
        ['calendar', 6, 2],
        ['soak', 2, 1],
        ['turn', 0.5, 1],
      ],
    );
  });

  it('tell how long one that waited was held by each gate, and then by its turn', () => {
    const holds = [
      { gate: 'approval', from: '2027-03-02T09:00:00Z', to: '2027-03-02T10:00:00Z' },
      { gate: 'calendar', from: '2027-03-02T09:00:00Z', to: '2027-03-02T19:00:00Z' },
    ];
    const held = attempt('2027-03-02T09:00:00Z', { holds, startedAt: '2027-03-02T19:15:00Z' });
    assert.deepEqual(
      measuresOf([held], period).waits.map(({ gate, hours }) => [gate, hours]),
      [
        ['calendar', 10],
        ['approval', 1],
        ['turn', 0.25],
      ],
    );
  });

  it('have no value without anything to compute it from', () => {
    assert.ok(measuresOf([], period).figures.every(({ value }) => value === null || value === 0));
  });

  it('that are shown are those that the log of events gives', async () => {
    const written = [{ name: 'dev' }, { name: 'prod', gates: { approvals: 0 } }];
    const platform = platformOf({ apiVersion: 'beluga/v1', kind: 'Platform', environments: written });
    const { context, engine } = createPlane(await withDatabase(), undefined, { environments: ['dev', 'prod'], platform });
    const loop = startLoop(context, 'server-1', quickPace);
    for (const version of ['1.0.0', '2.0.0']) {
      await release(context, 'web', version);
      await deploy(context, 'web', version, 'prod');
      await deploy(context, 'web', version, 'dev');
      await deploy(context, 'web', version, 'prod');
    }
    const { id } = await rollBack(context, 'lea', { component: 'web', environment: 'prod' });
    while ((await context.store.views.deployment(id))?.endedAt === null) await context.pause(20);
    await release(context, 'web', '3.0.0');
    await deploy(context, 'web', '3.0.0', 'dev');
    engine.fail({ on: 'ready', matching: 'web.prod', error: new BelugaError('crashes', { instance: 'web', exitCode: 1 }) });
    await deploy(context, 'web', '3.0.0', 'prod');
    await loop.stop();
    const shown = await measureDelivery(context, { days: 1, slices: 4 });
    const events = await context.store.views.events({ after: 0, limit: 10_000 });
    const computed = measuresOf(attemptsIn(events, 'prod'), {
      from: Temporal.Instant.from(shown.from),
      to: Temporal.Instant.from(shown.to),
    });
    const withoutOrigin = (measures: Measures) => ({ ...measures, waits: measures.waits.filter(({ gate }) => gate === 'turn') });
    const { environment: _environment, from: _from, to: _to, slices, ...displayed } = shown;
    assert.deepEqual(withoutOrigin(displayed), withoutOrigin(computed));
    assert.equal(shown.installations, 4);
    assert.deepEqual(
      slices.map(({ installations }) => installations),
      [0, 0, 0, 4],
    );
    assert.ok(shown.waits.some(({ gate }) => gate === 'order'));
  });
});

type Told = {
  readonly component: string;
  readonly environment: string;
  readonly version: string;
  readonly purpose: Attempt['purpose'];
  readonly ledger?: { failed: number } | null;
};

/** The attempts as the events tell them, read by nothing that the store shares. */
function attemptsIn(events: readonly EventView[], environment: string): readonly Attempt[] {
  const found = new Map<string, Attempt>();
  for (const { type, subject, time, data } of events) {
    const deployment = subject.replace('deployment/', '');
    const [noun, verb = ''] = type.split('.');
    if (noun !== 'deployment') continue;
    const told = data as Told;
    const known = found.get(deployment);
    if (known === undefined) {
      if (told.environment !== environment) continue;
      const { component, version, purpose } = told;
      const blank = {
        system: 'contrats',
        incident: null,
        startedAt: null,
        endedAt: null,
        commitsAt: [],
        failedRequests: null,
        closedGates: [],
        holds: [],
      };
      const refused = verb === 'refused' ? { state: 'refused' as const, endedAt: time } : { state: 'waiting' as const };
      found.set(deployment, { ...blank, deployment, component, version, purpose, requestedAt: time, ...refused });
    } else if (verb === 'started') found.set(deployment, { ...known, startedAt: time });
    else if (told.ledger !== undefined)
      found.set(deployment, { ...known, state: verb as Attempt['state'], endedAt: time, failedRequests: told.ledger?.failed ?? null });
  }
  return [...found.values()];
}
