/**
 * Going back: the steps that leave what served before serving alone, computed from what runs and not from memory.
 *
 * A set that serves well is never given up for a smaller one: when the former instances are gone or unhealthy, the new ones that
 * serve stay, and only those without traffic are taken away.
 */
import { type Instance, type Observed, servesWell } from '../instance.ts';
import type { Workload } from '../workload.ts';
import { leave, serving, shift } from './plan.ts';
import type { Step } from './step.ts';

export function undo(desired: Workload, observed: Observed): readonly Step[] {
  const fresh = observed.instances.filter((instance) => instance.generation === desired.generation);
  const former = observed.instances.filter((instance) => instance.generation !== desired.generation);
  if (!canTakeOver(former, fresh)) return leave(spare(fresh, former), desired.stopGraceMs);
  const back = former.filter((instance) => canServe(instance) && instance.traffic !== 'serving').map((instance) => instance.name);
  return [...shift(back, serving(fresh)), ...leave(fresh, desired.stopGraceMs)];
}

/** Former ones that can serve are at least as many as the new ones that serve now. */
function canTakeOver(former: readonly Instance[], fresh: readonly Instance[]): boolean {
  const able = former.filter(canServe).length;
  return able > 0 && able >= fresh.filter(servesWell).length;
}

function canServe(instance: Instance): boolean {
  return instance.state === 'running' && instance.healthy;
}

/** New ones that do not serve. Where former ones fell away meanwhile, one that is well and only drains is still the best there is. */
function spare(fresh: readonly Instance[], former: readonly Instance[]): readonly Instance[] {
  const idle = fresh.filter((instance) => instance.traffic !== 'serving');
  return former.length === 0 ? idle : idle.filter((instance) => instance.traffic === 'none' || !canServe(instance));
}
