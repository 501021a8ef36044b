/** Release control on a running platform: a train over kill -9, the stop button under way, a right that is taken away. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeploymentView } from '@beluga/contract';
import { Platform } from './platform.ts';

const file = `
apiVersion: beluga/v1
kind: Platform
environments:
  - { name: int, mandatory: false }
  - name: preprod
  - { name: prod, gates: { approvals: 0, zeroDowntime: never } }
`;
const server = `
const { createServer } = require('node:http');
createServer((_, response) => response.end(process.env.BELUGA_VERSION)).listen(process.env.PORT);
process.on('SIGTERM', () => process.exit(0));
`;
const manifestOf = (name: string, system: string, needs = '') => `
apiVersion: beluga/v1
kind: Service
metadata: { name: ${name}, system: ${system} }
dependsOn: [${needs}]
run:
  command: [node, server.js]
  replicas: 1
  health: { path: /healthz, within: 30s }
  stop: { grace: 1s }
`;
const stages = ['preprod', 'prod'] as const;
const systems = { facture: 'contrats', sinistre: 'sinistres', tarif: 'tarifs' } as const;
const others = Object.keys(systems) as (keyof typeof systems)[];

describe('release control on a running platform', () => {
  let platform: Platform;
  const release = (name: string, version: string): Promise<void> => {
    const needs = name === 'web' ? `{ name: api, version: ^${version.slice(0, 1)} }` : '';
    const system = name in systems ? systems[name as keyof typeof systems] : 'train';
    return platform.release(version, manifestOf(name, system, needs), { 'server.js': server });
  };
  const arrived = async (name: string, version: string, environment: string): Promise<void> => {
    const { state, reason } = await platform.deploy(name, version, environment);
    assert.equal(state, 'succeeded', `${name}@${version} in ${environment}: ${reason}`);
  };
  const inProd = async (component: string): Promise<readonly DeploymentView[]> =>
    (await platform.client().listDeployments({ component, environment: 'prod' })).items;
  const current = async (component: string, environment: string): Promise<readonly string[]> => {
    const { items } = await platform.client().listInstances({ component, environment });
    return items.map(({ version, state }) => `${version} ${state}`);
  };
  const trainState = async (): Promise<string> => (await platform.client().showTrain({ train: 'avril' })).train.state;
  const rests = async (): Promise<string> => {
    for (;;) {
      const state = await trainState().catch(() => 'departing');
      if (!['rehearsing', 'departing', 'rolling-back'].includes(state)) return state;
      await sleep(100);
    }
  };

  before(async () => {
    platform = await Platform.open({}, file);
    for (const name of ['api', 'web', ...others]) await release(name, '1.0.0');
    for (const environment of stages) {
      await arrived('api', '1.0.0', environment);
      await Promise.all(['web', ...others].map((name) => arrived(name, '1.0.0', environment)));
    }
    for (const name of ['api', 'web']) await release(name, '2.0.0');
    const soon = new Date(Date.now() + 4_000).toISOString();
    const dates = { opensAt: '2026-01-01T00:00:00Z', locksAt: soon, rehearsalAt: soon, departsAt: soon };
    await platform.client().createTrain({ name: 'avril', ...dates });
    for (const component of ['web', 'api']) await platform.client().boardTrain({ train: 'avril', component, version: '2.0.0' });
    await platform.client().lockTrain({ train: 'avril' });
    while (new Date().toISOString() < soon) await sleep(100);
    await platform.client().moveTrain({ train: 'avril', kind: 'rehearsal' });
    assert.equal(await rests(), 'rehearsed');
  });
  after(() => platform?.close());

  /** Kills the server with -9 as soon as so many steps of a component's deployment in prod were told, and starts it again. */
  async function killedAfter(component: string, steps: number): Promise<void> {
    for (let seen = 0; seen < steps; await sleep(20)) {
      const [newest] = await inProd(component);
      seen =
        newest?.state === 'running' || newest?.state === 'succeeded' ? newest.steps.filter(({ state }) => state !== 'planned').length : 0;
      if (newest?.state === 'succeeded' && newest.version !== '1.0.0' && seen < steps) break;
    }
    await platform.kill();
    await platform.start();
  }

  it('a train under way goes on after kill -9 of the server, each release once, in the order of what they depend on', async () => {
    await platform.client().moveTrain({ train: 'avril', kind: 'departure' });
    const asked = async (name: string) =>
      (await inProd(name)).filter(({ version, purpose }) => version === '2.0.0' && purpose === 'deploy');
    for (const [name, steps] of [
      ['api', 3],
      ['web', 2],
    ] as const) {
      while ((await asked(name)).length === 0) await sleep(20);
      await killedAfter(name, steps);
    }
    assert.equal(await rests(), 'arrived');
    const [api, web] = [await asked('api'), await asked('web')];
    assert.deepEqual(
      [api, web].map((all) => all.map(({ state }) => state)),
      [['succeeded'], ['succeeded']],
    );
    assert.ok((api[0]?.endedAt ?? '') <= (web[0]?.startedAt ?? ''), 'web goes after api');
    for (const name of ['api', 'web']) assert.deepEqual(await current(name, 'prod'), ['2.0.0 serving']);
  });

  it('and is taken back as one unit, over another kill -9, in the opposite order', async () => {
    await platform.client().moveTrain({ train: 'avril', kind: 'rollback' });
    const back = async (name: string) => (await inProd(name)).filter(({ purpose }) => purpose === 'rollback');
    while ((await back('web')).length === 0) await sleep(20);
    await killedAfter('web', 2);
    assert.equal(await rests(), 'rolled-back');
    const [api, web] = [await back('api'), await back('web')];
    assert.deepEqual(
      [api, web].map((all) => all.map(({ state, version }) => `${version} ${state}`)),
      [['1.0.0 succeeded'], ['1.0.0 succeeded']],
    );
    assert.ok((web[0]?.endedAt ?? '') <= (api[0]?.startedAt ?? ''), 'api goes back after web');
    for (const name of ['api', 'web']) assert.deepEqual(await current(name, 'prod'), ['1.0.0 serving']);
    const { items } = await platform.client().listChanges({});
    assert.ok(items.length > 0 && items.every(({ state }) => state === 'closed' || state === 'cancelled'));
  });

  it('the stop button: two seconds later nothing starts, in no environment, no system and no train; all goes on when it is released', async (t) => {
    const client = platform.client();
    for (const name of others) for (const version of ['1.1.0', '1.2.0']) await release(name, version);
    await client.moveTrain({ train: 'avril', kind: 'departure' });
    const ask = async (version: string) => {
      for (const component of others)
        for (const environment of ['int', 'preprod']) await client.requestDeployment({ component, version, environment });
    };
    const running = async () => (await client.listDeployments({ state: 'running' })).items;
    await ask('1.1.0');
    while ((await running()).length < 2 * others.length) await sleep(20);
    await ask('1.2.0');
    const { stopped } = await client.stopLine({ reason: 'Payments fail.' });
    const at = Date.parse(stopped?.at ?? '');
    while ((await running()).length > 0) await sleep(100);
    await sleep(2_500);
    const all = [...(await client.listDeployments({ limit: 200 })).items];
    const lateMs = all.flatMap(({ startedAt }) => (startedAt === null ? [] : [Date.parse(startedAt) - at])).filter((ms) => ms > 0);
    const queued = all.filter(({ state }) => state === 'waiting');
    t.diagnostic(`the last start came ${Math.max(0, ...lateMs)} ms after the button; ${queued.length} deployments waited on`);
    assert.deepEqual(
      lateMs.filter((ms) => ms >= 2_000),
      [],
    );
    assert.ok(
      new Set(queued.map(({ environment }) => environment)).size === 2 && new Set(queued.map(({ component }) => component)).size >= 3,
    );
    assert.equal(await trainState(), 'departing');
    await client.resumeLine();
    for (const { id } of queued) assert.equal((await platform.ended(id)).state, 'succeeded');
    assert.equal(await rests(), 'arrived');
  });

  it('a failed re-test takes the right to go further away within a second: from what waits for its gates, and from what moves', async (t) => {
    const client = platform.client();
    for (const name of ['facture', 'sinistre']) assert.deepEqual(await current(name, 'preprod'), ['1.2.0 serving']);
    const inAMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 16);
    const freeze = { name: 'closing', systems: ['contrats'], start: '2026-01-01T00:00', end: inAMonth };
    await client.addCalendarEntry({ kind: 'freeze', entry: freeze });
    const held = await client.requestDeployment({ component: 'facture', version: '1.2.0', environment: 'prod', waitForGates: true });
    assert.equal(held.state, 'waiting', held.reason ?? '');
    const moving = await client.requestDeployment({ component: 'sinistre', version: '1.2.0', environment: 'prod' });
    while ((await client.showDeployment({ id: moving.id })).steps.length === 0) await sleep(10);
    const since = Date.now();
    for (const component of ['facture', 'sinistre'])
      await client.recordEvidence({ component, version: '1.2.0', kind: 'tests', outcome: 'failed', summary: '3 of 120 failed' });
    const refused = await client.showDeployment({ id: held.id });
    t.diagnostic(`revoked, and the queue empty, ${Date.now() - since} ms after two failed re-tests were sent`);
    assert.equal(refused.state, 'refused');
    assert.match(
      refused.reason ?? '',
      /The verification of facture@1\.2\.0 in int and preprod was revoked: its tests failed \(3 of 120 failed\)\./,
    );
    assert.ok(Date.parse(refused.endedAt ?? '') - since < 1_000);
    const stopped = await platform.ended(moving.id);
    assert.equal(stopped.state, 'refused', stopped.reason ?? '');
    for (const name of ['facture', 'sinistre']) assert.deepEqual(await current(name, 'prod'), ['1.0.0 serving']);
  });
});
