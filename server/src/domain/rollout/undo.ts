/**
 * Going back: the steps that leave what served before serving alone, computed from what runs and not from memory.
 *
 * A set that serves well is never given up for a smaller one: when too few of the former instances are left, the new ones that serve
 * stay, and only those without traffic are taken away; healing brings the former release back beside them.
 */
import { type Instance, type Observed, servesWell } from '../instance.ts';
import type { Workload } from '../workload.ts';
import { asked, leave, serving, shift } from './plan.ts';
import type { Step } from './step.ts';

export function undo(desired: Workload, observed: Observed): readonly Step[] {
  const fresh = observed.instances.filter((instance) => instance.generation === desired.generation);
  const former = observed.instances.filter((instance) => instance.generation !== desired.generation);
  if (!canTakeOver(former, fresh, asked(desired))) return leave(spare(fresh, former), desired.stopGraceMs);
  const back = former.filter((instance) => canServe(instance) && instance.traffic !== 'serving').map((instance) => instance.name);
  return [...shift(back, serving(fresh)), ...leave(fresh, desired.stopGraceMs)];
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
  return former.length === 0 ? idle : idle.filter((instance) => instance.traffic === 'none' || !canServe(instance));
}
