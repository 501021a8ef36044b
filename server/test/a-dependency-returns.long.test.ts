import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../dev/until.ts';
import type { Context } from '../src/actions/context.ts';
import { registerRelease } from '../src/actions/register-release.ts';
import { servesWell } from '../src/domain/instance.ts';
import { openSubject, type RealSubject } from '../src/drivers/engine/docker/rig/subject.ts';
import { createPlane, deploy, quickPace, specOf } from '../src/reconcile/for-tests.ts';
import { type Loop, startLoop, usualPace } from '../src/reconcile/loop.ts';
import { withDatabase } from '../src/store/postgres/for-tests.ts';

const database = await withDatabase();
/** The issue's own bound: back by then. */
const backWithinMs = 10_000;
const health = { path: '/up', withinMs: 15_000, minReadyMs: 0 };

describe('a component that cannot do without another one, on a real engine,', () => {
  let subject: RealSubject;
  let context: Context;
  let loop: Loop;
  /** The clock is set forward over back-offs that grow to minutes. */
  let aheadMs = 0;
  before(async () => {
    subject = await openSubject('docker');
    await subject.engine.prepare(['dev']);
    const now = () => Temporal.Now.instant().add({ milliseconds: aheadMs });
    ({ context } = createPlane(database, undefined, { engine: subject.engine, now }));
    loop = startLoop(context, 'server-1', { ...usualPace, cleanMs: quickPace.cleanMs });
    await install('source', { START_MS: '1000' }, []);
    await install('user', { START_MS: '1000', NEEDS: 'http://source/up' }, ['source']);
  });
  after(async () => {
    await loop?.stop();
    await subject?.close();
  });
  const install = async (component: string, env: Readonly<Record<string, string>>, dependsOn: readonly string[]) => {
    const spec = specOf(component, { run: { command: ['node', '/app/app.js'], health, stopGraceMs: 1_000 }, dependsOn });
    const config = { env, files: [], secrets: [] };
    await registerRelease(context, 'lea', { spec: { ...spec, config }, version: '1.0.0', image: subject.image, layers: [], commit: null });
    assert.equal((await deploy(context, component, '1.0.0', 'dev')).reason, null);
  };
  const place = (component: string) => ({ component, environment: 'dev' });
  const instances = async (component: string) => (await subject.engine.observe(place(component))).instances;
  const serving = async (component: string) => (await instances(component)).filter(servesWell).length;

  it('waits for it, says so once, and is back in time after it, one instance after the other', async () => {
    const over = new AbortController();
    const keptDown = (async () => {
      while (!over.signal.aborted) {
        for (const { name, state } of await instances('source')) {
          if (state === 'running') await subject.kill(name).catch(() => {});
        }
        await sleep(100);
      }
    })();
    // Its back-off grows beyond anybody's patience: it is the return that brings it back.
    await until(async () => {
      const { instances: known, waitingFor } = await context.store.placeHealth.of(place('user'));
      const all = Object.values(known);
      if (waitingFor === 'source' && all.length === 2 && all.every(({ crashes }) => crashes >= 5)) return true;
      aheadMs += 500;
      return false;
    });
    over.abort();
    await keptDown;
    const { instances: held } = await context.store.placeHealth.of(place('source'));
    const untils = Object.values(held).flatMap(({ heldUntil }) => (heldUntil === null ? [] : [Date.parse(heldUntil)]));
    aheadMs = Math.max(aheadMs, ...untils.map((end) => end - Date.now()));
    await until(async () => (await serving('source')) > 0);
    const returned = performance.now();
    await until(async () => (await serving('user')) === 2);
    assert.ok(performance.now() - returned < backWithinMs, `${Math.round(performance.now() - returned)} ms`);
    const events = await context.store.views.events({ after: 0, subject: 'place/user.', limit: 1_000 });
    assert.equal(events.filter(({ type }) => type === 'component.waiting').length, 1);
  });
});
