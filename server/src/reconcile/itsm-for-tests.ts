/** Many installations in production while the ITSM tool misbehaves, in the time of a story of hours: for a test, and for the full count. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformOf } from '@beluga/contract/platform';
import { registerRelease } from '../actions/register-release.ts';
import { requestDeployment } from '../actions/request-deployment.ts';

import { createSimulatedEngine } from '../drivers/engine/simulated/simulated.ts';
import { createPost } from '../drivers/http/fetch/post.ts';
import { type ServiceNowServer, startServiceNow, template } from '../drivers/itsm/servicenow/server-for-tests.ts';
import { createServiceNow } from '../drivers/itsm/servicenow/servicenow.ts';
import { BelugaError } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { deliverDue } from './delivery.ts';
import { createPlane, quickPace, specOf } from './for-tests.ts';
import { startLoop } from './loop.ts';

export type Story = {
  readonly records: number;
  readonly calls: number;
  readonly virtualMinutes: number;
  readonly closures: Readonly<Record<string, number>>;
};

/** Every tenth installation is a service, every hundredth of them all fails. The tool is away for 20 minutes of the story. */
export async function installWithFaults(count: number): Promise<Story> {
  const database = await withDatabase();
  const clock = createClock();
  const chance = seeded(7);
  // Away for 20 minutes from the moment when a quarter of the records are there.
  let goneAt: number | null = null;
  const away = (): boolean => {
    if (goneAt === null && server.rows.size >= count / 4) goneAt = clock.minutes();
    return goneAt !== null && clock.minutes() < goneAt + 20;
  };
  const server: ServiceNowServer = await startServiceNow({
    fails: () => chance() < 0.3,
    forgets: () => chance() < 0.1,
    doubles: () => chance() < 0.1,
    away,
  });
  const itsm = createServiceNow({
    url: server.url,
    user: 'beluga',
    password: 'secret',
    standardTemplate: template,
    post: createPost(2_000),
  });
  const platform = platformOf({ apiVersion: 'beluga/v1', kind: 'Platform', environments: [{ name: 'prod', gates: { approvals: 0 } }] });
  const engine = createSimulatedEngine({
    behaves: ({ component }, step) =>
      component.endsWith('00') && step === 'ready' ? new BelugaError('crashes', { instance: component, exitCode: 1 }) : null,
  });
  const { context } = createPlane(database, engine, { environments: ['prod'], platform });
  const telling = { ...context, now: clock.now, outlets: { itsm, channels: [] } };
  const loop = startLoop(context, 'server-1', { ...quickPace, width: 12, driftMs: 600_000 });
  await sleep(50);
  await deliverDue(telling);
  const pump = keepDelivering(database, telling, clock);
  try {
    // No more at once than the connections to the database that the loop and the deliveries leave.
    await inWaves(count, 8, (number) => install(context, number));
    await settled(database, count);
    await loop.stop();
    await pump.finish();
  } finally {
    pump.giveUp();
    await loop.stop();
    await server.close();
  }
  return told(context, server, count, clock.minutes());
}

type Plane = ReturnType<typeof createPlane>['context'];

async function install(context: Plane, number: number): Promise<void> {
  const name = `c${number}`;
  const kind = number % 10 === 0 ? ('Service' as const) : ('Job' as const);
  const spec = specOf(name, { kind, ...(kind === 'Job' ? { run: { schedule: '0 3 1 1 *' } } : {}) });
  const image = `127.0.0.1:4600/${name}@${context.hash(name)}`;
  await registerRelease(context, 'lea', { spec, version: '1.0.0', image, layers: [], commit: null });
  await requestDeployment(context, 'lea', { component: name, environment: 'prod', version: '1.0.0' });
}

async function inWaves(count: number, width: number, work: (number: number) => Promise<void>): Promise<void> {
  for (let from = 1; from <= count; from += width)
    await Promise.all(Array.from({ length: Math.min(width, count - from + 1) }, (_, index) => work(from + index)));
}

async function settled(database: Database, count: number): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query<{ ended: string }>("select count(*)::text as ended from change where state = 'closed'");
    if (Number(rows[0]?.ended) >= count) return;
    await sleep(100);
  }
}

/** Brings what is due; when nothing is, time goes on. */
function keepDelivering(database: Database, context: Plane, clock: ReturnType<typeof createClock>) {
  let [finishing, givenUp] = [false, false];
  const bring = async (): Promise<'over' | 'open'> => {
    while ((await deliverDue(context)) > 0);
    if (finishing && (await context.store.deliveries.list({ state: 'waiting', limit: 1 })).length === 0) return 'over';
    const { rows } = await database.pool.query<{ next: string | null }>(
      "select min(next_at) as next from delivery where state = 'waiting'",
    );
    const next = rows[0]?.next ?? null;
    if (next !== null) clock.add(Math.max(1_000, new Date(next).getTime() - clock.now().epochMilliseconds));
    return 'open';
  };
  const work = (async () => {
    while (!givenUp) {
      // As the loop of a server does: a database that is too busy to answer is asked again.
      if ((await bring().catch(() => 'busy')) === 'over') return;
      // While installations go on, time passes slowly: looking costs them what they need.
      await sleep(finishing ? 2 : 150);
    }
  })();
  return {
    /** After a failure: nothing is left running. */
    giveUp() {
      givenUp = true;
    },
    async finish() {
      finishing = true;
      await work;
    },
  };
}

async function told(context: Plane, server: ServiceNowServer, count: number, minutes: number): Promise<Story> {
  const changes = await context.store.changes.list({ limit: 2 * count });
  const byId = new Map([...server.rows.values()].map((row) => [row['correlation_id'], row]));
  const closures: Record<string, number> = {};
  for (const { id, closure, kind } of changes) {
    const row = byId.get(id);
    closures[closure ?? 'open'] = (closures[closure ?? 'open'] ?? 0) + 1;
    assert.deepEqual(
      [row?.['state'], row?.['close_code'], row?.['type']],
      ['3', closure === 'successful' ? 'successful' : 'unsuccessful', kind],
      id,
    );
  }
  assert.deepEqual([changes.length, server.rows.size, byId.size], [count, count, count]);
  assert.deepEqual(server.breaches, []);
  assert.deepEqual(await context.store.deliveries.list({ state: 'dead', limit: 1 }), []);
  return { records: server.rows.size, calls: server.calls(), virtualMinutes: minutes, closures };
}

function createClock() {
  const start = Temporal.Instant.from('2027-03-02T08:00:00Z');
  let now = start;
  return {
    now: () => now,
    add: (milliseconds: number) => {
      now = now.add({ milliseconds });
    },
    minutes: () => (now.epochMilliseconds - start.epochMilliseconds) / 60_000,
  };
}

/** The same throws in every run (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
