/**
 * The rollout: which steps lead from what runs to what is wanted.
 *
 * The same function for a first installation, a new release, new configuration only, more or fewer replicas and a dead replica; after a
 * crash the steps are computed again from what runs. Every strategy starts what is missing beside what serves, waits until each is ready
 * and checked, and only then moves traffic:
 *
 *   blue-green  all new, one shift, all former
 *   canary      all new, a small share of the requests in steps, each compared with the former version, then as blue-green
 *   rolling     `batch` new, a shift, as many former; and again
 */
import { type Instance, instanceName, type Observed, servesWell } from '../instance.ts';
import type { Workload } from '../workload.ts';
import type { Step } from './step.ts';

/** How many instances must serve. */
export function asked(desired: Workload): number {
  return desired.kind === 'Job' ? 0 : desired.replicas.min;
}

/** The steps from `observed` to `desired`; null takes the component out of the environment. Empty when all is as wanted. */
export function plan(desired: Workload | null, observed: Observed): readonly Step[] {
  if (desired === null) return retire(observed.instances);
  if (desired.kind === 'Job') return scheduling(desired, observed);
  const change = changeOf(desired, observed);
  if (desired.rollout.strategy === 'rolling') return [...pull(change), ...rolling(change)];
  return [...pull(change), ...arrive(change, change.arriving), ...trial(change), ...move(change, change.arriving, change.leaving)];
}

type Change = {
  readonly desired: Workload;
  /** Not running yet. */
  readonly start: readonly string[];
  /** Not serving well yet, those to start among them. */
  readonly arriving: readonly string[];
  readonly leaving: readonly Instance[];
  /** The share of the requests that those which arrive have on trial already. */
  readonly percent: number;
};

function changeOf(desired: Workload, { instances, canaryPercent = 0 }: Observed): Change {
  const altered = instances.filter((instance) => instance.altered === true).map(({ name }) => name);
  const wanted = wantedNames(desired, altered);
  const known = new Map(instances.map((instance) => [instance.name, instance]));
  const arriving = wanted.filter((name) => !works(known.get(name)));
  return {
    desired,
    start: wanted.filter((name) => known.get(name)?.state !== 'running'),
    arriving,
    leaving: instances.filter((instance) => !wanted.includes(instance.name)),
    percent: arriving.every((name) => known.get(name)?.traffic === 'canary') ? canaryPercent : 0,
  };
}

/** The instances that must serve. One that is `altered` cannot be made anew under its name while it serves: the next free name takes its place. */
export function wantedNames(desired: Workload, altered: readonly string[] = []): readonly string[] {
  const names = Array.from({ length: asked(desired) + altered.length }, (_, ordinal) => instanceName(desired, desired.generation, ordinal));
  return names.filter((name) => !altered.includes(name)).slice(0, asked(desired));
}

function pull({ desired, start }: Change): readonly Step[] {
  return start.length === 0 ? [] : [{ kind: 'pull', image: desired.image }];
}

/** Start these, those that do not run; wait for all of them, and check. */
function arrive({ desired, start }: Change, arriving: readonly string[]): readonly Step[] {
  if (arriving.length === 0) return [];
  const steps: Step[] = [];
  const missing = arriving.filter((name) => start.includes(name));
  if (missing.length > 0) steps.push({ kind: 'start', instances: missing });
  steps.push({ kind: 'ready', instances: arriving, health: desired.health });
  if (desired.check !== null) steps.push({ kind: 'check', instances: arriving, check: desired.check });
  return steps;
}

/**
 * The steps of a canary that are not behind it. Without a former instance that serves well there is nothing to compare with and nobody to
 * protect; where some of the set serve already, it was judged before.
 */
function trial({ desired, arriving, leaving, percent }: Change): readonly Step[] {
  const { strategy, steps, analysis } = desired.rollout;
  if (strategy !== 'canary' || arriving.length < asked(desired) || !leaving.some(servesWell)) return [];
  return steps
    .filter(({ weight }) => weight >= percent)
    .flatMap(({ weight, forMs }): readonly Step[] => [
      { kind: 'weigh', instances: arriving, percent: weight },
      { kind: 'analyse', instances: arriving, forMs, analysis },
    ]);
}

function move({ desired }: Change, add: readonly string[], leaving: readonly Instance[]): readonly Step[] {
  return [...shift(add, serving(leaving)), ...leave(leaving, desired.stopGraceMs)];
}

/** After each batch as many former ones stay as the new ones cannot replace yet; those that do not serve well leave first. */
function rolling(change: Change): readonly Step[] {
  const { arriving, desired } = change;
  const { batch } = desired.rollout;
  if (arriving.length === 0) return move(change, [], change.leaving);
  const steps: Step[] = [];
  let left = change.leaving.toSorted((a, b) => Number(servesWell(a)) - Number(servesWell(b)));
  for (let from = 0; from < arriving.length; from += batch) {
    const some = arriving.slice(from, from + batch);
    const stillToCome = Math.max(0, arriving.length - from - batch);
    const away = left.slice(0, Math.max(0, left.length - stillToCome));
    left = left.slice(away.length);
    steps.push(...arrive(change, some), ...move(change, some, away));
  }
  return steps;
}

function retire(instances: readonly Instance[]): readonly Step[] {
  const remove = serving(instances);
  const step: readonly Step[] = remove.length === 0 ? [] : [{ kind: 'shift', add: [], remove, retire: true }];
  return [...step, ...leave(instances, defaultGraceMs)];
}

const defaultGraceMs = 10_000;

/** An engine keeps no schedule, so a job is always pulled and scheduled; both change nothing when repeated. */
function scheduling(desired: Workload, observed: Observed): readonly Step[] {
  const steps: Step[] = [{ kind: 'pull', image: desired.image }];
  if (desired.schedule !== null) steps.push({ kind: 'schedule', cron: desired.schedule });
  return [...steps, ...retire(observed.instances)];
}

export function shift(add: readonly string[], remove: readonly string[]): readonly Step[] {
  return add.length + remove.length === 0 ? [] : [{ kind: 'shift', add, remove }];
}

/** Drain those that still have traffic, then stop all. */
export function leave(leaving: readonly Instance[], graceMs: number): readonly Step[] {
  if (leaving.length === 0) return [];
  const busy = names(leaving.filter((instance) => instance.traffic !== 'none'));
  const drain: readonly Step[] = busy.length === 0 ? [] : [{ kind: 'drain', instances: busy, graceMs }];
  return [...drain, { kind: 'stop', instances: names(leaving), graceMs }];
}

/** Those that get new requests, whether all of theirs or a canary's share. */
export function serving(instances: readonly Instance[]): readonly string[] {
  return names(instances.filter(({ traffic }) => traffic === 'serving' || traffic === 'canary'));
}

function names(instances: readonly Instance[]): readonly string[] {
  return instances.map((instance) => instance.name);
}

function works(instance: Instance | undefined): boolean {
  return instance !== undefined && servesWell(instance);
}
