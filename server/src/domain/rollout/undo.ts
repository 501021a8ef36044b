/**
 * Going back: the steps that leave what served before serving alone, computed from what runs and not from memory.
 *
 * A set that serves well is never given up for a smaller one: when too few of the former instances are left, the new ones that serve
 * stay, and only those without traffic are taken away; healing brings the former release back beside them. A rolling strategy has stopped
 * former instances on its way: they are started again, and the new ones serve until those are ready.
 */
import { type Instance, type Observed, servesWell } from '../instance.ts';
import type { Workload } from '../workload.ts';
import { asked, leave, plan, serving, shift } from './plan.ts';
import type { Step } from './step.ts';

/** `former` is what served before, null when it is not known or nothing did. */
export function undo(desired: Workload, observed: Observed, former: Workload | null = null): readonly Step[] {
  const fresh = observed.instances.filter((instance) => instance.generation === desired.generation);
  const rest = observed.instances.filter((instance) => instance.generation !== desired.generation);
  if (former !== null && isHalfReplaced(desired, former, fresh, rest)) return plan(atOnce(former), observed);
  if (!canTakeOver(rest, fresh, asked(desired))) return withoutThem(desired, fresh, rest);
  const back = rest.filter((instance) => canServe(instance) && instance.traffic !== 'serving');
  return [...shift(names(back), serving(fresh)), ...leave(fresh, desired.stopGraceMs)];
}

/** Whose instances a step of going back is about: those that are started again are the former's. */
export function subjectOf(step: Step, desired: Workload, former: Workload | null): Workload {
  const arriving = step.kind === 'shift' ? step.add : 'instances' in step ? step.instances : [];
  const theirs = former !== null && arriving.length > 0 && arriving.every((name) => name.includes(`.${former.generation}.`));
  return theirs ? former : desired;
}

function isHalfReplaced(desired: Workload, former: Workload, fresh: readonly Instance[], rest: readonly Instance[]): boolean {
  const rolled = desired.rollout.strategy === 'rolling' && former.generation !== desired.generation && former.kind === 'Service';
  return rolled && fresh.some(servesWell) && rest.filter(canServe).length < asked(former);
}

function atOnce(former: Workload): Workload {
  return { ...former, rollout: { ...former.rollout, strategy: 'blue-green' } };
}

/** The former ones cannot take over: a canary that is well gets all requests when nothing else serves well, and leaves otherwise. */
function withoutThem(desired: Workload, fresh: readonly Instance[], rest: readonly Instance[]): readonly Step[] {
  const trial = fresh.filter(({ traffic }) => traffic === 'canary');
  const rescued = [...fresh, ...rest].some(servesWell) ? [] : trial.filter(canServe);
  const idle = spare(fresh, rest).filter((instance) => !rescued.includes(instance));
  return [...shift(names(rescued), names(trial.filter((one) => !rescued.includes(one)))), ...leave(idle, desired.stopGraceMs)];
}

/** Former ones that can serve are as many as all that serve now, counted up to what is asked for. */
function canTakeOver(former: readonly Instance[], fresh: readonly Instance[], asked: number): boolean {
  const able = former.filter(canServe).length;
  return able > 0 && able >= Math.min(asked, [...former, ...fresh].filter(servesWell).length);
}

function canServe(instance: Instance): boolean {
  return instance.state === 'running' && instance.healthy;
}

/** New ones that do not serve. Where former ones fell away meanwhile, one that is well and only drains is still the best there is. */
function spare(fresh: readonly Instance[], former: readonly Instance[]): readonly Instance[] {
  const idle = fresh.filter((instance) => instance.traffic !== 'serving');
  return former.length === 0 ? idle : idle.filter((instance) => instance.traffic !== 'drain' || !canServe(instance));
}

function names(instances: readonly Instance[]): readonly string[] {
  return instances.map((instance) => instance.name);
}
