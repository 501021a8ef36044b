/** What stands below the server goes away: the engine, the router, the server itself. What runs goes on serving. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../../../../dev/until.ts';
import { servesWell } from '../../../domain/instance.ts';
import { BelugaError } from '../../../errors.ts';
import type { EngineChange } from '../engine.ts';
import { install, testWorkload } from '../subject.ts';
import { startLoad } from './rig/load.ts';
import { openSubject, type RealSubject } from './rig/subject.ts';
import { paths } from './router/configuration.ts';
import { livingRouter, supervisorOf } from './router/process.ts';

for (const kind of ['docker', 'podman'] as const) {
  describe(`${kind}: an outage below interrupts nothing:`, () => {
    let subject: RealSubject;
    before(async () => {
      subject = await openSubject(kind);
      await subject.engine.prepare(['dev']);
    });
    after(() => subject?.close());
    const installed = async (component: string) => {
      const desired = testWorkload(subject, component, '1');
      await subject.engine.route(desired, subject.port());
      await install(subject.engine, desired);
      return { desired, address: await subject.engine.address(desired) };
    };

    test('the engine goes away and comes back: applications go on, calls say so, changes say so', async (t) => {
      const { desired, address } = await installed('lasting');
      const stopped = new AbortController();
      t.after(() => stopped.abort());
      const seen: EngineChange[] = [];
      const followed = (async () => {
        for await (const change of subject.engine.changes(stopped.signal)) seen.push(change);
      })();
      const load = startLoad({ url: `${address}/`, kept: 40, fresh: 10 });
      await sleep(300);
      await subject.real.crash();
      await assert.rejects(subject.engine.observe(desired), unreachable);
      await assert.rejects(subject.engine.info(), unreachable);
      const pull = { kind: 'pull', image: desired.image } as const;
      await assert.rejects(subject.engine.perform(desired, pull, new AbortController().signal), unreachable);
      await until(() => seen.some((change) => change.kind === 'engine-down'));
      await subject.real.start();
      await until(() => seen.some((change) => change.kind === 'engine-up'));
      stopped.abort();
      await followed;
      await install(subject.engine, testWorkload(subject, 'lasting', '2'));
      assert.deepEqual((await load.stop()).failures, {});
    });

    test('a killed router is back by itself with the same routes, and connections that come meanwhile wait for it', async () => {
      const { desired, address } = await installed('routed');
      const files = paths(`${subject.home}/router`);
      const former = await livingRouter(files);
      const load = startLoad({ url: `${address}/`, kept: 0, fresh: 20 });
      process.kill(former ?? 0, 'SIGKILL');
      await until(async () => ![null, former].includes(await livingRouter(files)));
      await sleep(300);
      const report = await load.stop();
      assert.ok(report.failed <= 1, `${report.failed} failed, more than can have been on their way`);
      assert.equal((await subject.engine.observe(desired)).instances.filter(servesWell).length, 2);
      await install(subject.engine, testWorkload(subject, 'routed', '2'));
      assert.equal(await (await fetch(address)).text(), 'v2');
    });

    test('a router that was killed with its supervisor is started again from what was recorded', async () => {
      const { desired, address } = await installed('recorded');
      const files = paths(`${subject.home}/router`);
      process.kill((await supervisorOf(files)) ?? 0, 'SIGKILL');
      process.kill((await livingRouter(files)) ?? 0, 'SIGKILL');
      const next = subject.again();
      assert.equal((await next.observe(desired)).instances.filter(servesWell).length, 2);
      assert.equal(await next.address(desired), address);
      assert.equal(await (await fetch(address)).text(), 'v1');
    });

    test('a new environment changes the router while it serves', async () => {
      const { address } = await installed('lively');
      const load = startLoad({ url: `${address}/`, kept: 60, fresh: 20 });
      await sleep(200);
      await subject.engine.prepare(['dev', 'extra']);
      await install(subject.engine, testWorkload(subject, 'lively', '2'));
      await sleep(200);
      assert.deepEqual((await load.stop()).failures, {});
    });
  });
}

function unreachable(error: unknown): boolean {
  return error instanceof BelugaError && error.code === 'engine-unreachable' && error.retry;
}
