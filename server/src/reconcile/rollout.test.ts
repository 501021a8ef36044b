import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
