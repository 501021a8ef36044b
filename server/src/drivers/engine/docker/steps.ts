/** One step of a rollout, done to the engine and the router. Each looks at what is there first, so that doing it again changes nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { guardShift, guardStop } from '../../../domain/rollout/guard.ts';
import { asked } from '../../../domain/rollout/plan.ts';
import { counted } from '../../../domain/rollout/sentence.ts';
import type { Step } from '../../../domain/rollout/step.ts';
import type { Place, Workload } from '../../../domain/workload.ts';
import { BelugaError } from '../../../errors.ts';
import type { StepOutcome } from '../engine.ts';
import { analyse } from './analyse.ts';
import { type Client, change } from './client.ts';
import { type Container, listInstances } from './containers.ts';
import type { Environments } from './environments.ts';
import type { Farewell } from './farewell.ts';
import { type FileRoots, removeFiles } from './files.ts';
import { placeKey, reachable } from './labels.ts';
import { addressOf, observe } from './observe.ts';
import { performCheck, waitReady } from './readiness.ts';
import type { Router } from './router/router.ts';
import { removeContainer, startInstance } from './start.ts';

export type StepGround = {
  readonly client: Client;
  readonly platform: string;
  readonly roots: FileRoots;
  readonly router: Router;
  readonly environments: Environments;
  readonly farewell: Farewell;
};
type InstanceStep = Exclude<Step, { kind: 'pull' | 'schedule' }>;

const sideBySide = 8;
const drainEveryMs = 25;

export async function performStep(
  ground: StepGround,
  desired: Workload | Place,
  step: InstanceStep,
  signal: AbortSignal,
): Promise<StepOutcome> {
  switch (step.kind) {
    case 'start':
      return await start(ground, needWorkload(desired), step.instances, signal);
    case 'ready':
      return await ready(ground, desired, step, signal);
    case 'check':
      return await check(ground, desired, step);
    case 'weigh':
      return await weigh(ground, desired, step);
    case 'analyse':
      return await analysis(ground, desired, step, signal);
    case 'shift':
      return await shift(ground, desired, step);
    case 'drain':
      return await drain(ground, desired, step, signal);
    case 'stop':
      return await stop(ground, desired, step);
  }
}

async function start(ground: StepGround, workload: Workload, instances: readonly string[], signal: AbortSignal): Promise<StepOutcome> {
  const { client, platform, roots, environments, router } = ground;
  const [network, limits] = await Promise.all([environments.network(workload.environment), environments.limits()]);
  const known = await containersOf(ground, workload);
  const missing = instances.filter((instance) => !known.has(instance));
  const given = await environments.takeAddresses(workload.environment, missing.length);
  await inBatches(instances, signal, async (instance) => {
    const ip = known.get(instance)?.ip ?? given[missing.indexOf(instance)] ?? '';
    await router.allow(ip, reachable(workload));
    await startInstance({ client, platform, roots, network, limits }, workload, instance, ip);
  });
  return { sentence: `Started ${counted(instances)}.` };
}

async function ready(ground: StepGround, place: Place, step: InstanceStep & { kind: 'ready' }, signal: AbortSignal): Promise<StepOutcome> {
  const began = performance.now();
  const containers = await find(ground, place, step.instances);
  const first = new AbortController();
  const either = AbortSignal.any([signal, first.signal]);
  try {
    await Promise.all(containers.map((container) => waitReady(ground.client, container, step.health, either)));
  } finally {
    first.abort();
  }
  return { sentence: `${counted(step.instances)} ready after ${((performance.now() - began) / 1000).toFixed(1)} s.` };
}

async function check(ground: StepGround, place: Place, step: InstanceStep & { kind: 'check' }): Promise<StepOutcome> {
  const containers = await find(ground, place, step.instances);
  await Promise.all(containers.map((container) => performCheck(ground.client, container, step.check)));
  return { sentence: `${counted(step.instances)} answered ${step.check.path} as declared.` };
}

async function weigh(ground: StepGround, place: Place, step: InstanceStep & { kind: 'weigh' }): Promise<StepOutcome> {
  const addresses = (await find(ground, place, step.instances)).map(addressOf);
  await ground.router.weigh(placeKey(place), addresses, step.percent, healthPathOf(place));
  return { sentence: `${counted(step.instances)} get ${step.percent} % of the requests.` };
}

async function analysis(
  { router }: StepGround,
  place: Place,
  step: InstanceStep & { kind: 'analyse' },
  signal: AbortSignal,
): Promise<StepOutcome> {
  const reason = await analyse(router.socket, router.poolName(placeKey(place)) ?? '', step, signal);
  return { sentence: `${counted(step.instances)} as good as the former: ${reason}.` };
}

async function shift(ground: StepGround, desired: Workload | Place, step: InstanceStep & { kind: 'shift' }): Promise<StepOutcome> {
  const { client, platform, router } = ground;
  const key = placeKey(desired);
  const add = (await find(ground, desired, step.add)).map(addressOf);
  const known = await containersOf(ground, desired);
  const remove = step.remove.flatMap((name) => known.get(name) ?? []).map(addressOf);
  if (add.length > 0) await router.introduce(key, add, healthPathOf(desired));
  guardShift(desired, step, await observe(client, platform, router, desired), 'generation' in desired ? asked(desired) : 1);
  await router.shift(key, add, remove);
  return { sentence: `${counted(step.add)} serve, ${counted(step.remove)} leave.` };
}

async function drain(ground: StepGround, place: Place, step: InstanceStep & { kind: 'drain' }, signal: AbortSignal): Promise<StepOutcome> {
  const key = placeKey(place);
  const known = await containersOf(ground, place);
  const addresses = step.instances.flatMap((name) => known.get(name) ?? []).map(addressOf);
  const left = await waitIdle(ground.router, key, addresses, step.graceMs, signal);
  if (left !== 0) await ground.router.cut(key, addresses);
  await ground.router.forget(key, addresses);
  const end =
    left === 0 ? 'no request was cut' : `${left === 'unknown' ? 'what was' : left} still open after ${step.graceMs / 1000} s was cut`;
  return { sentence: `${counted(step.instances)} drained; ${end}.` };
}

/** What is in flight when it was nothing twice in a row, or when the grace is over. */
async function waitIdle(
  router: Router,
  key: string,
  addresses: readonly string[],
  graceMs: number,
  signal: AbortSignal,
): Promise<number | 'unknown'> {
  const end = performance.now() + graceMs;
  for (let idle = 0; ; ) {
    const left = await router.inFlight(key, addresses);
    idle = left === 0 ? idle + 1 : 0;
    if (idle >= 2 || performance.now() > end) return left;
    await sleep(drainEveryMs, undefined, { signal });
  }
}

async function stop(ground: StepGround, place: Place, step: InstanceStep & { kind: 'stop' }): Promise<StepOutcome> {
  const { client, platform, router, roots, farewell } = ground;
  guardStop(place, step.instances, await observe(client, platform, router, place));
  const known = await containersOf(ground, place);
  const containers = step.instances.flatMap((name) => known.get(name) ?? []);
  await router.forget(placeKey(place), containers.map(addressOf));
  await Promise.all(
    containers.map(async (container) => {
      await change(client, (docker) => docker.getContainer(container.id).stop({ t: Math.ceil(step.graceMs / 1000) }));
      await farewell(container);
      await removeContainer(client, container.id);
      await router.allow(container.ip, {});
    }),
  );
  await Promise.all(step.instances.map((instance) => removeFiles(roots, instance)));
  return { sentence: `Stopped ${counted(step.instances)}.` };
}

async function containersOf(ground: StepGround, place: Place): Promise<ReadonlyMap<string, Container>> {
  const found = await listInstances(ground.client, ground.platform, { component: place.component, environment: place.environment });
  return new Map(found.map((container) => [container.instance, container]));
}

/** The containers of these instances; one that is not there throws `start-failed`. */
async function find(ground: StepGround, place: Place, instances: readonly string[]): Promise<readonly Container[]> {
  const known = await containersOf(ground, place);
  return instances.map((instance) => {
    const container = known.get(instance);
    if (container === undefined) throw new BelugaError('start-failed', { instance, problem: 'its container was removed' });
    return container;
  });
}

async function inBatches<T>(items: readonly T[], signal: AbortSignal, work: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += sideBySide) {
    signal.throwIfAborted();
    await Promise.all(items.slice(from, from + sideBySide).map(work));
  }
}

/** A command is run in the instance, which the router cannot. */
function healthPathOf(desired: Workload | Place): string | null {
  return 'generation' in desired ? desired.health.path : null;
}

function needWorkload(desired: Workload | Place): Workload {
  if ('generation' in desired) return desired;
  throw new BelugaError('internal', { problem: 'a start needs the whole workload' });
}
