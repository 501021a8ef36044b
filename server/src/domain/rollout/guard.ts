/**
 * The guard every engine applies before it takes traffic or life away: never remove the last healthy set.
 *
 * The planner keeps the rule already; the guard looks again at the moment it happens, when an instance that was ready may have
 * died since.
 */
import { BelugaError } from '../../errors.ts';
import { type Instance, type Observed, servesWell } from '../instance.ts';
import type { Place } from '../workload.ts';
import type { Step } from './step.ts';

/** Throws `would-stop-serving` when fewer would serve after the step than serve now, counted up to what is `asked` for. */
export function guardShift(place: Place, step: Step & { kind: 'shift' }, observed: Observed, asked: number): void {
  if (step.retire === true || step.remove.length === 0) return;
  const now = observed.instances.filter(servesWell).length;
  const then = observed.instances.filter((instance) => isThere(instance, step)).length;
  if (then < Math.min(asked, now)) throw refusal(place, step.remove);
}

/** Throws `would-stop-serving` while one of the instances still gets requests. */
export function guardStop(place: Place, instances: readonly string[], observed: Observed): void {
  const busy = observed.instances.filter((instance) => instances.includes(instance.name) && getsRequests(instance));
  if (busy.length > 0)
    throw refusal(
      place,
      busy.map((instance) => instance.name),
    );
}

function getsRequests({ traffic }: Instance): boolean {
  return traffic === 'serving' || traffic === 'canary';
}

function isThere(instance: Instance, step: Step & { kind: 'shift' }): boolean {
  if (step.remove.includes(instance.name)) return false;
  return servesWell(step.add.includes(instance.name) ? { ...instance, traffic: 'serving' } : instance);
}

function refusal(place: Place, instances: readonly string[]): BelugaError {
  return new BelugaError('would-stop-serving', {
    instances: instances.join(', '),
    component: place.component,
    environment: place.environment,
  });
}
