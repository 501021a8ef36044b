/** Whose the requests of a place are now. */
import { type Instance, type Observed, servesWell } from '../instance.ts';

/** Which share of the new requests each instance gets, in percent: those on trial part the canary's, those that serve well the rest. */
export function sharesOf({ instances, canaryPercent = 0 }: Observed): ReadonlyMap<string, number> {
  const trial = instances.filter(isOnTrial);
  const others = instances.filter(servesWell);
  const tried = trial.length === 0 ? 0 : canaryPercent;
  return new Map([...parted(trial, tried), ...parted(others, 100 - tried)]);
}

/** Of the instances of one version together, in whole percent; null while nobody gets a request. */
export function shareOfVersion(observed: Observed, version: string): number | null {
  const shares = sharesOf(observed);
  if (shares.size === 0) return null;
  const ours = observed.instances.filter((instance) => instance.version === version);
  return Math.round(ours.reduce((sum, { name }) => sum + (shares.get(name) ?? 0), 0));
}

/** Whether it gets a canary's share of the requests and answers them. */
export function isOnTrial(instance: Instance): boolean {
  return instance.state === 'running' && instance.healthy && instance.traffic === 'canary';
}

function parted(instances: readonly Instance[], percent: number): readonly (readonly [string, number])[] {
  return instances.map(({ name }) => [name, percent / instances.length]);
}
