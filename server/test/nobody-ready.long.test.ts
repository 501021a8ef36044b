import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../dev/until.ts';
import type { Workload } from '../src/domain/workload.ts';
import { startLoad } from '../src/drivers/engine/docker/rig/load.ts';
import { openSubject, type RealSubject } from '../src/drivers/engine/docker/rig/subject.ts';
import { install, testWorkload } from '../src/drivers/engine/subject.ts';

describe('when instances say that they are not ready,', () => {
  let subject: RealSubject;
  let desired: Workload;
  let address: string;
  before(async () => {
    subject = await openSubject('docker');
    await subject.engine.prepare(['dev']);
    desired = testWorkload(subject, 'weary', '1');
    await subject.engine.route(desired, subject.port());
    await install(subject.engine, desired);
    address = await subject.engine.address(desired);
  });
  after(() => subject?.close());
  const tell = async (ordinal: number, path: string) =>
    assert.equal(await subject.engine.probe(`weary.dev.g1.${ordinal}`, { path, timeoutMs: 2_000 }), null);
  /** How many answer, asked without anybody's help: nothing but the router is there between. */
  const answering = async () => {
    const said = await Promise.all(Array.from({ length: 12 }, async () => await (await fetch(`${address}/who`)).text()));
    return new Set(said.map((one) => (JSON.parse(one) as { readonly self: number }).self)).size;
  };
  const untilAnswering = (count: number) => until(async () => (await answering()) === count, 100);
  const readyOnes = async () =>
    (await subject.engine.observe(desired)).instances.flatMap(({ ordinal, healthy }) => (healthy ? [ordinal] : []));

  it('all at once, all go on answering; the first that is ready again takes over alone, then all are back', async () => {
    const load = startLoad({ url: `${address}/`, kept: 60, fresh: 20, connections: 8 });
    await Promise.all([tell(0, '/unready'), tell(1, '/unready')]);
    while ((await readyOnes()).length > 0) await sleep(100);
    for (let asked = 0; asked < 20; asked += 1) {
      assert.equal(await answering(), 2);
      await sleep(100);
    }
    await tell(1, '/ready');
    await untilAnswering(1);
    assert.deepEqual(await readyOnes(), [1]);
    await tell(0, '/ready');
    await untilAnswering(2);
    assert.deepEqual((await load.stop()).failures, {});
  });

  it('one after the other, the last that was ready is never taken out', async () => {
    const load = startLoad({ url: `${address}/`, kept: 60, fresh: 20, connections: 8 });
    await tell(0, '/unready');
    await untilAnswering(1);
    await tell(1, '/unready');
    await untilAnswering(2);
    assert.deepEqual((await load.stop()).failures, {});
  });
});
