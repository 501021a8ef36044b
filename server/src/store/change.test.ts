import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { platformOf } from '@beluga/contract/platform';
import fc from 'fast-check';
import { cancelDeployment } from '../actions/cancel-deployment.ts';
import { requestDeployment } from '../actions/request-deployment.ts';
import { findChange, reviewChange } from '../actions/review-change.ts';
import { createSimulatedRegistry } from '../drivers/registry/simulated/simulated-registry.ts';
import { BelugaError } from '../errors.ts';
import { createPlane, deploy, quickPace, release } from '../reconcile/for-tests.ts';
import { startLoop } from '../reconcile/loop.ts';
import { withDatabase } from './postgres/for-tests.ts';

const database = await withDatabase();
const onlyProduction = {
  environments: ['prod'],
  platform: platformOf({ apiVersion: 'beluga/v1', kind: 'Platform', environments: [{ name: 'prod', gates: { approvals: 0 } }] }),
};
const registry = createSimulatedRegistry();
const { context, engine } = createPlane(database, undefined, { ...onlyProduction, registry });
const packaged = (...names: readonly string[]) => ({
  packages: names.map((name) => ({ purl: `pkg:npm/${name}`, name, version: '', storey: 'dependencies' as const, layer: 'sha256:1' })),
});
const changesOf = (component: string) => context.store.changes.list({ component, limit: 100 });

describe('the change of a production deployment', () => {
  it('tells by itself what changes, how risky it is and how to go back, and closes with the deployment', async () => {
    const loop = startLoop(context, 'server-1', quickPace);
    registry.hold(packaged('express@4.1.0', 'left@1.0.0'));
    await release(context, 'told', '1.0.0');
    registry.hold(packaged('express@4.2.0', 'right@1.0.0'));
    await release(context, 'told', '2.0.0');
    registry.hold({});
    await deploy(context, 'told', '1.0.0', 'prod');
    const { id } = await deploy(context, 'told', '2.0.0', 'prod');
    await loop.stop();
    const change = await findChange(context, id);
    assert.deepEqual([change.kind, change.state, change.closure], ['standard', 'closed', 'successful']);
    assert.equal(change.facts.formerVersion, '1.0.0');
    assert.deepEqual(
      change.facts.delta.packages?.changes.map(({ package: name, before, after }) => [name, before, after]),
      [
        ['pkg:npm/express', '4.1.0', '4.2.0'],
        ['pkg:npm/left', '1.0.0', null],
        ['pkg:npm/right', null, '1.0.0'],
      ],
    );
    assert.deepEqual([change.facts.rollback.version, change.facts.rollback.proof], ['1.0.0', 'available']);
    assert.ok(change.facts.plan.steps.length > 0 && change.facts.rollback.steps.length > 0);
    assert.deepEqual(Object.keys(change.times).toSorted(), [
      ...['assessed', 'authorised', 'closed', 'implementing', 'new', 'reviewing', 'scheduled'],
    ]);
    assert.equal(change.ledger?.failed, 0);
    const events = await context.store.views.events({ after: 0, subject: `change/${change.id}`, limit: 10 });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['change.opened', 'change.implementing', 'change.closed'],
    );
  });

  it('is cancelled when it is refused, and can be looked back at once', async () => {
    const plane = createPlane(database);
    await release(plane.context, 'early', '1.0.0');
    const { id, state } = await requestDeployment(plane.context, 'lea', { component: 'early', environment: 'prod', version: '1.0.0' });
    assert.equal(state, 'refused');
    const change = await findChange(context, id);
    assert.deepEqual([change.state, change.closure, change.kind], ['cancelled', null, 'normal']);
    assert.match(change.note ?? '', /not verified in .*preprod/);
    assert.equal((await reviewChange(context, 'marc', change.id, 'Too early.')).review?.by, 'marc');
    await assert.rejects(reviewChange(context, 'marc', change.id, 'Again.'), /takes no review: it is reviewed by marc/);
  });

  it('is not opened below production', async () => {
    const plane = createPlane(database);
    await release(plane.context, 'below', '1.0.0');
    await requestDeployment(plane.context, 'lea', { component: 'below', environment: 'dev', version: '1.0.0' });
    assert.deepEqual(await changesOf('below'), []);
  });

  it('shows the open changes of what it depends on', async () => {
    const loop = startLoop(context, 'server-1', quickPace);
    await release(context, 'base-api', '1.0.0');
    await release(context, 'base-web', '1.0.0', { dependsOn: ['base-api'] });
    await deploy(context, 'base-api', '1.0.0', 'prod');
    await deploy(context, 'base-web', '1.0.0', 'prod');
    await loop.stop();
    await release(context, 'base-web', '2.0.0', { dependsOn: ['base-api'] });
    await release(context, 'base-api', '2.0.0');
    await requestDeployment(context, 'lea', { component: 'base-web', environment: 'prod', version: '2.0.0' });
    const { id } = await requestDeployment(context, 'lea', { component: 'base-api', environment: 'prod', version: '2.0.0' });
    const { facts } = await findChange(context, id);
    assert.deepEqual(facts.neighbours, [{ component: 'base-web', system: 'contrats', criticality: 'medium', distance: 1 }]);
    assert.deepEqual(
      facts.conflicts.map(({ component, relation }) => `${component}: ${relation}`),
      ['base-web: it depends on base-api'],
    );
  });

  it('is what the database insists on: no production deployment is committed without it, or out of step with it', async () => {
    const refusedBy = (work: Promise<unknown>) => assert.rejects(work, /deployment_has_its_change|has no change/);
    const [change] = await changesOf('told');
    assert.ok(change !== undefined);
    await refusedBy(
      database.kysely
        .updateTable('change')
        .set({ state: 'implementing', closure: null, closed_at: null })
        .where('id', '=', change.id)
        .execute(),
    );
    await refusedBy(database.kysely.updateTable('deployment').set({ state: 'running' }).where('id', '=', change.deployment).execute());
    await refusedBy(database.kysely.deleteFrom('change').where('id', '=', change.id).execute());
    await assert.rejects(database.kysely.updateTable('change').set({ closure: null }).where('id', '=', change.id).execute(), /check/);
  });

  it('never stays open, whatever people and the engine do', async () => {
    await release(context, 'walked', '1.0.0');
    await release(context, 'walked', '2.0.0');
    const move = fc.constantFrom('ask 1.0.0', 'ask 2.0.0', 'cancel', 'break', 'mend', 'work');
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 3, maxLength: 8 }), async (moves) => {
        const loop = startLoop(context, 'server-1', quickPace);
        let mend = (): void => {};
        for (const one of moves) {
          if (one.startsWith('ask'))
            await requestDeployment(context, 'lea', { component: 'walked', environment: 'prod', version: one.slice(4) });
          if (one === 'cancel') await cancelNewest();
          if (one === 'break')
            mend = engine.fail({ on: 'ready', matching: 'walked', error: new BelugaError('crashes', { instance: 'walked', exitCode: 1 }) });
          if (one === 'mend') mend();
          if (one === 'work') await settled();
        }
        mend();
        await settled();
        await loop.stop();
        const deployments = await context.store.views.deployments({ component: 'walked', limit: 1000 });
        const changes = await changesOf('walked');
        assert.equal(changes.length, Math.min(100, deployments.length));
        assert.ok(changes.every(({ state }) => state === 'closed' || state === 'cancelled'));
      }),
      { numRuns: 6 },
    );
  });
});

async function cancelNewest(): Promise<void> {
  const [newest] = await context.store.views.deployments({ component: 'walked', limit: 1 });
  if (newest !== undefined) await cancelDeployment(context, 'marc', newest.id).catch(() => undefined);
}

async function settled(): Promise<void> {
  for (;;) {
    const states = (await context.store.views.deployments({ component: 'walked', limit: 1000 })).map(({ state }) => state);
    if (!states.includes('waiting') && !states.includes('running')) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
