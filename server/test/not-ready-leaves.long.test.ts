/** An instance that is not ready any more, by its command or by its port, leaves the router and comes back, with the whole loop and real engines. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../dev/until.ts';
import { registerRelease } from '../src/actions/register-release.ts';
import type { Health } from '../src/domain/release.ts';
import { startLoad } from '../src/drivers/engine/docker/rig/load.ts';
import { openSubject, type RealSubject } from '../src/drivers/engine/docker/rig/subject.ts';
import { createPlane, deploy, quickPace, specOf } from '../src/reconcile/for-tests.ts';
import { type Loop, startLoop, usualPace } from '../src/reconcile/loop.ts';
import { withDatabase } from '../src/store/postgres/for-tests.ts';

const commanded: Health = {
  ...{ path: null, withinMs: 15_000, minReadyMs: 0 },
  command: ['node', '-e', 'fetch("http://127.0.0.1:8080/up").then((answer) => process.exit(answer.ok ? 0 : 1))'],
};
const byPort: Health = { path: null, withinMs: 15_000, minReadyMs: 0 };
const databases = { docker: await withDatabase(), podman: await withDatabase() };

for (const kind of ['docker', 'podman'] as const) {
  describe(`on ${kind}, one that is not ready any more`, () => {
    let subject: RealSubject;
    let loop: Loop;
    let install: (component: string, health: Health) => Promise<string>;
    before(async () => {
      subject = await openSubject(kind);
      await subject.engine.prepare(['dev']);
      const { context } = createPlane(databases[kind], undefined, { engine: subject.engine });
      loop = startLoop(context, 'server-1', { ...quickPace, leaseMs: 4_000, driftMs: 2_000, healthMs: usualPace.healthMs });
      install = async (component, health) => {
        const spec = specOf(component, { run: { command: ['node', '/app/app.js'], health, stopGraceMs: 3_000 } });
        await registerRelease(context, 'lea', { spec, version: '1.0.0', image: subject.image, layers: [], commit: null });
        assert.equal((await deploy(context, component, '1.0.0', 'dev')).reason, null);
        return await subject.engine.address({ component, environment: 'dev' });
      };
    });
    after(async () => {
      await loop?.stop();
      await subject?.close();
    });
    const tell = async (component: string, ordinal: number, path: string) => {
      const { instances } = await subject.engine.observe({ component, environment: 'dev' });
      const name = instances.find((instance) => instance.ordinal === ordinal)?.name ?? '';
      assert.equal(await subject.engine.probe(name, { path, timeoutMs: 2_000 }), null);
    };
    const answering = async (address: string) => {
      const said = await Promise.all(Array.from({ length: 12 }, async () => await (await fetch(`${address}/who`)).text()));
      return new Set(said.map((one) => (JSON.parse(one) as { readonly self: number }).self)).size;
    };
    const untilAnswering = (address: string, count: number) => until(async () => (await answering(address)) === count, 100);
    const unseen = async (address: string, work: () => Promise<void>) => {
      const load = startLoad({ url: `${address}/`, kept: 60, fresh: 20, connections: 8 });
      await work();
      assert.deepEqual((await load.stop()).failures, {});
    };

    it('by its own command leaves and comes back; when nobody is, all go on, and no request fails', async () => {
      const address = await install('inside', commanded);
      await unseen(address, async () => {
        await untilAnswering(address, 2);
        await tell('inside', 0, '/unready');
        await untilAnswering(address, 1);
        await tell('inside', 1, '/unready');
        await untilAnswering(address, 2);
        await tell('inside', 1, '/ready');
        await untilAnswering(address, 1);
        await tell('inside', 0, '/ready');
        await untilAnswering(address, 2);
      });
    });

    it('by its port leaves and comes back, and no request fails', async () => {
      const address = await install('ported', byPort);
      await unseen(address, async () => {
        await untilAnswering(address, 2);
        await tell('ported', 0, '/close?ms=3000');
        await untilAnswering(address, 1);
        await untilAnswering(address, 2);
      });
    });
  });
}
