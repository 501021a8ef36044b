/**
 * The rollout: which steps lead from what runs to what is wanted.
 *
 * All of the new set first: pull, start what is missing side by side, wait until every one is ready, check, then one shift of the
 * traffic, and only then drain and stop the former. The same function for a first installation, a new release, new configuration
 * only, more or fewer replicas and a dead replica; after a crash the steps are computed again from what runs.
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
  const wanted = wantedNames(desired);
  const known = new Map(observed.instances.map((instance) => [instance.name, instance]));
  const start = wanted.filter((name) => known.get(name)?.state !== 'running');
  const arriving = wanted.filter((name) => !works(known.get(name)));
  const leaving = observed.instances.filter((instance) => !wanted.includes(instance.name));
  return [...arrive(desired, start, arriving), ...shift(arriving, serving(leaving)), ...leave(leaving, desired.stopGraceMs)];
}

function wantedNames(desired: Workload): readonly string[] {
  return Array.from({ length: asked(desired) }, (_, ordinal) => instanceName(desired, desired.generation, ordinal));
}

function arrive(desired: Workload, start: readonly string[], arriving: readonly string[]): readonly Step[] {
  if (arriving.length === 0) return [];
  const steps: Step[] = [];
  if (start.length > 0) steps.push({ kind: 'pull', image: desired.image }, { kind: 'start', instances: start });
  steps.push({ kind: 'ready', instances: arriving, health: desired.health });
  if (desired.check !== null) steps.push({ kind: 'check', instances: arriving, check: desired.check });
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

export function serving(instances: readonly Instance[]): readonly string[] {
  return names(instances.filter((instance) => instance.traffic === 'serving'));
}

function names(instances: readonly Instance[]): readonly string[] {
  return instances.map((instance) => instance.name);
}

function works(instance: Instance | undefined): boolean {
  return instance !== undefined && servesWell(instance);
}
