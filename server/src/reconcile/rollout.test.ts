import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listInstances } from '../actions/list-instances.ts';
import { showDeployment } from '../actions/show-deployment.ts';
import type { Deployment } from '../domain/deployment.ts';
import { usualRollout } from '../domain/workload.ts';
import { BelugaError } from '../errors.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { createPlane, deploy, quickPace, release } from './for-tests.ts';
import { startLoop } from './loop.ts';

const database = await withDatabase();

describe('a rollout', () => {
  async function withLoop(work: (plane: ReturnType<typeof createPlane>) => Promise<void>): Promise<void> {
    const plane = createPlane(database);
    const loop = startLoop(plane.context, 'server-1', quickPace);
    try {
      await work(plane);
    } finally {
      await loop.stop();
    }
  }
  const kinds = ({ steps }: Deployment) => steps.map(({ kind, state }) => `${kind} ${state}`);
  const canary = { ...usualRollout, strategy: 'canary' as const, steps: [{ weight: 10, forMs: 1 }] };
  const rolling = { ...usualRollout, strategy: 'rolling' as const };

  it('as a canary is compared with the former version before it takes over', () =>
    withLoop(async ({ context, engine }) => {
      await release(context, 'tried', '1.0.0', { run: { rollout: canary } });
      await release(context, 'tried', '2.0.0', { run: { rollout: canary } });
      assert.deepEqual(kinds(await deploy(context, 'tried', '1.0.0', 'dev')), ['pull done', 'start done', 'ready done', 'shift done']);
      const mend = engine.fail({ on: 'analyse', error: new BelugaError('canary-worse', { reason: '5 of 50 requests failed, 0 of 450' }) });
      const refused = await deploy(context, 'tried', '2.0.0', 'dev');
      mend();
      assert.equal(refused.state, 'rolled-back');
      assert.match(refused.reason ?? '', /worse than the former version: 5 of 50/);
      assert.deepEqual(kinds(refused).slice(-4), ['analyse failed', 'shift done', 'drain done', 'stop done']);
      const taken = await deploy(context, 'tried', '2.0.0', 'dev');
      assert.equal(taken.state, 'succeeded');
      assert.deepEqual(kinds(taken).slice(3, 6), ['weigh done', 'analyse done', 'shift done']);
    }));

  it('tells of each instance whether it comes, serves or leaves, and which share of the requests it gets, on the way there and back', () =>
    withLoop(async ({ context, engine }) => {
      for (const version of ['1.0.0', '2.0.0']) await release(context, 'shared', version, { run: { rollout: canary } });
      await deploy(context, 'shared', '1.0.0', 'dev');
      const perform = engine.perform.bind(engine);
      const seen = new Map<string, readonly string[]>();
      engine.perform = async (...given) => {
        const instances = await listInstances(context, { component: 'shared', environment: 'dev' });
        const [moving] = await context.store.views.deployments({ component: 'shared', state: 'running', limit: 1 });
        const { traffic } = await showDeployment(context, moving?.id ?? '');
        const told = instances.map(({ version, state, trafficPercent }) => `${version} ${state} ${trafficPercent}`);
        seen.set(given[1].kind, [...new Set(told), `${traffic?.percent} for 2.0.0`]);
        return perform(...given);
      };
      const mend = engine.fail({ on: 'analyse', error: new BelugaError('canary-worse', { reason: '5 of 50 requests failed, 0 of 450' }) });
      assert.equal((await deploy(context, 'shared', '2.0.0', 'dev')).state, 'rolled-back');
      mend();
      assert.deepEqual(seen.get('ready'), ['1.0.0 serving 50', '2.0.0 starting 0', '0 for 2.0.0']);
      assert.deepEqual(seen.get('analyse'), ['1.0.0 serving 45', '2.0.0 serving 5', '10 for 2.0.0']);
      assert.deepEqual(seen.get('stop'), ['1.0.0 serving 50', '2.0.0 draining 0', '0 for 2.0.0']);
      const { id } = await deploy(context, 'shared', '2.0.0', 'dev');
      assert.deepEqual(seen.get('drain'), ['1.0.0 draining 0', '2.0.0 serving 50', '100 for 2.0.0']);
      assert.deepEqual(seen.get('stop'), ['1.0.0 draining 0', '2.0.0 serving 50', '100 for 2.0.0']);
      assert.equal((await showDeployment(context, id)).traffic, null);
    }));

  it('as a rolling one that stops half way brings back the former instances it had stopped', () =>
    withLoop(async ({ context, engine }) => {
      await release(context, 'rolled', '1.0.0');
      await release(context, 'rolled', '2.0.0', { run: { rollout: rolling } });
      await deploy(context, 'rolled', '1.0.0', 'dev');
      const words = { instance: 'rolled', seconds: 5, problem: 'refused', port: 8080 };
      const mend = engine.fail({ on: 'ready', matching: '.1', times: 1, error: new BelugaError('never-ready', words) });
      const second = await deploy(context, 'rolled', '2.0.0', 'dev');
      mend();
      assert.equal(second.state, 'rolled-back');
      const { instances } = await engine.observe({ component: 'rolled', environment: 'dev' });
      assert.deepEqual(instances.map(({ version, traffic }) => `${version} ${traffic}`).toSorted(), ['1.0.0 serving', '1.0.0 serving']);
    }));

  it('that is not done by its deadline goes back by itself', () =>
    withLoop(async ({ context, engine }) => {
      await release(context, 'late', '1.0.0');
      await release(context, 'late', '2.0.0', { run: { rollout: { ...usualRollout, deadlineMs: 500 } } });
      await deploy(context, 'late', '1.0.0', 'dev');
      const mend = engine.fail({ on: 'ready', error: new BelugaError('engine-unreachable', { socket: 'memory', problem: 'slow' }) });
      const second = await deploy(context, 'late', '2.0.0', 'dev');
      mend();
      assert.equal(second.state, 'rolled-back');
      assert.match(second.reason ?? '', /not done within 0.5 s/);
      const { instances } = await engine.observe({ component: 'late', environment: 'dev' });
      assert.deepEqual(
        instances.map(({ version }) => version),
        ['1.0.0', '1.0.0'],
      );
    }));
});
