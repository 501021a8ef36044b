/** Trains for tests: two environments, a pair of components whose next versions go together only, and what is done with them. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformOf } from '@beluga/contract/platform';
import type { Context } from '../actions/context.ts';
import { moveTrain } from '../actions/move-train.ts';
import { boardTrain, createTrain, findTrain, lockTrain } from '../actions/plan-train.ts';
import type { TrainState, TripKind } from '../domain/trains/train.ts';
import { createSimulatedEngine, type SimulatedEngine } from '../drivers/engine/simulated/simulated.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { createPlane, deploy, quickPace, release } from './for-tests.ts';
import { startLoop } from './loop.ts';

const database = await withDatabase();
export const stages = [{ name: 'preprod' }, { name: 'prod', gates: { dependencies: true, approvals: 0 } }];
const platform = platformOf({ apiVersion: 'beluga/v1', kind: 'Platform', environments: stages });
export const [day, opensAt] = ['2090-01-03T00:00:00Z', '2020-01-01T00:00:00Z'];
export const dates = { opensAt, locksAt: day, rehearsalAt: day, departsAt: day };
/** The day of departure. */
const thatDay = () => Temporal.Instant.from(day);

export function plane(engine: SimulatedEngine = createSimulatedEngine(), now = thatDay): Context {
  return createPlane(database, engine, { environments: ['preprod', 'prod'], platform, now }).context;
}

export async function withLoop(context: Context, work: () => Promise<void>): Promise<void> {
  const loop = startLoop(context, `server-${Math.random()}`, quickPace);
  try {
    await work();
  } finally {
    await loop.stop();
  }
}

/** An api in 1.0.0 and a web that requires it, in both environments; and their next versions, which go together only. */
export async function pair(context: Context, name: string): Promise<{ readonly api: string; readonly web: string }> {
  const [api, web] = [`${name}-api`, `${name}-web`];
  const needs = (range: string) => ({ requires: [{ component: api, contract: api, range }] });
  await release(context, api, '1.0.0');
  await release(context, api, '2.0.0');
  await release(context, web, '1.0.0', needs('^1'));
  await release(context, web, '2.0.0', needs('^2'));
  await Promise.all([api, web].map((component) => arrived(context, component, '1.0.0', 'preprod')));
  for (const component of [api, web]) await arrived(context, component, '1.0.0', 'prod');
  return { api, web };
}

export async function arrived(context: Context, component: string, version: string, environment: string): Promise<void> {
  const { state, reason } = await deploy(context, component, version, environment);
  assert.equal(state, 'succeeded', `${component}@${version} in ${environment}: ${reason}`);
}

export async function trainWith(context: Context, name: string, releases: readonly (readonly [string, string])[]): Promise<void> {
  await createTrain(context, 'lea', { name, ...dates });
  for (const [component, version] of releases) await boardTrain(context, 'lea', { train: name, component, version });
  await lockTrain(context, 'lea', name);
}

export async function moved(
  context: Context,
  name: string,
  kind: TripKind,
): Promise<{ readonly state: TrainState; readonly reason: string | null }> {
  await moveTrain(context, 'lea', name, kind);
  return atRest(context, name);
}

export async function atRest(context: Context, name: string): Promise<{ readonly state: TrainState; readonly reason: string | null }> {
  for (;;) {
    const train = await findTrain(context, name);
    if (!['rehearsing', 'departing', 'rolling-back'].includes(train.state)) return train;
    await sleep(20);
  }
}

export async function versions(
  context: Context,
  environment: string,
  ...components: readonly string[]
): Promise<readonly (string | undefined)[]> {
  const parties = await context.store.neighbours.parties(environment);
  return components.map((name) => parties.find(({ component }) => component === name)?.version);
}
