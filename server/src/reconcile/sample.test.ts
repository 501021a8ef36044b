import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSamples } from '../actions/read-samples.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { createPlane, deploy, quickPace, release } from './for-tests.ts';
import { startLoop } from './loop.ts';
import { type Readings, sampleAll, thinSamples } from './sample.ts';

const start = Temporal.Instant.from('2026-11-25T10:00:00Z');
let seconds = 0;
const now = (): Temporal.Instant => start.add({ seconds });
const { context, engine } = createPlane(await withDatabase(), undefined, { now });
const place = { component: 'drawn', environment: 'dev' };

test('jobs, which nobody calls, take no turn from what serves, however many there are', async () => {
  const database = await withDatabase();
  const { context: full } = createPlane(database);
  const loop = startLoop(full, 'server-1', quickPace);
  await release(full, 'drawn', '1.0.0');
  await release(full, 'a-job', '1.0.0', { kind: 'Job', run: { schedule: '0 6 1 1 *' } });
  await deploy(full, 'drawn', '1.0.0', 'dev');
  await deploy(full, 'a-job', '1.0.0', 'dev');
  await loop.stop();
  for (const [table, key] of [
    ['component', 'name'],
    ['release', 'component'],
    ['current_release', 'component'],
  ] as const) {
    const digest = table === 'release' ? 'digest' : 'release_digest';
    await database.pool.query(`
      insert into ${table} select (jsonb_populate_record(row, jsonb_build_object('${key}', 'a-job-' || n, '${digest}', 'job ' || n))).*
      from ${table} row, generate_series(1, 250) n where row.${key} = 'a-job'`);
  }
  const readings: Readings = new Map();
  await sampleAll(full, readings);
  assert.deepEqual([...readings.keys()], ['drawn.dev']);
});

test('what a component does and uses is kept from look to look, read in parts, thinned out and forgotten', async () => {
  const loop = startLoop(context, 'server-1', quickPace);
  await release(context, 'drawn', '1.0.0');
  await release(context, 'drawn-job', '1.0.0', { kind: 'Job', run: { schedule: '0 6 1 1 *' } });
  await deploy(context, 'drawn', '1.0.0', 'dev');
  await deploy(context, 'drawn-job', '1.0.0', 'dev');
  await loop.stop();
  const [first] = (await engine.observe(place)).instances;
  const readings: Readings = new Map();
  const look = async (at: number, requests: number, cpuMs: number): Promise<void> => {
    seconds = at;
    engine.gets(place, { requests, latencyMs: 8, failures: { 'status-5xx': requests / 100 } });
    engine.uses({ instance: first?.name ?? '', cpuMs, memoryBytes: 50_000_000 });
    await sampleAll(context, readings);
  };
  await look(0, 0, 0);
  await look(15, 300, 1_500);
  await look(30, 900, 3_000);
  assert.deepEqual([...readings.keys()], ['drawn.dev']);
  const { items, stepSeconds } = await readSamples(context, { ...place, from: start.toString(), to: now().add({ seconds: 1 }).toString() });
  assert.equal(stepSeconds, 15);
  const common = { latencyMs: 8, cpuMillis: 100, memoryBytes: 50_000_000, serving: 2 };
  assert.deepEqual(items, [
    { ...common, at: '2026-11-25T10:00:15.000Z', requestsPerSecond: 20, failedPerSecond: 0.2 },
    { ...common, at: '2026-11-25T10:00:30.000Z', requestsPerSecond: 40, failedPerSecond: 0.4 },
  ]);
  const whole = { ...place, from: start.toString(), to: start.add({ hours: 240 }).toString() };
  assert.equal((await readSamples(context, whole)).items[0]?.requestsPerSecond, 30, 'an hour of it is one part');
  seconds = 7 * 3_600;
  await thinSamples(context);
  const left = (await readSamples(context, { ...place, from: start.toString(), to: start.add({ seconds: 60 }).toString() })).items;
  assert.deepEqual(
    left.map(({ requestsPerSecond }) => requestsPerSecond),
    [20],
  );
  seconds = 8 * 24 * 3_600;
  await thinSamples(context);
  assert.deepEqual((await readSamples(context, whole)).items, []);
});
