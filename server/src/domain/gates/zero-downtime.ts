/**
 * Fitness to be installed without interruption: more than one replica, a proof of readiness, time to end.
 *
 * A component of a criticality below the bound bears an interruption; a job serves nobody while it is installed.
 */
import { type Patch, type Unfit, unfitFor } from '../fitness.ts';
import type { Criticality } from '../release.ts';
import { type GateFacts, nameOf } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

const order: readonly Criticality[] = ['low', 'medium', 'high', 'critical'];
const words: Readonly<Record<Unfit['lack'], string>> = {
  replica: 'one replica',
  readiness: 'no readiness path',
  grace: 'no time to end',
};

export function zeroDowntimeGate(facts: GateFacts): Verdict | null {
  const { settings, release, environment } = facts;
  if (settings.zeroDowntime === 'never' || release.kind === 'Job') return null;
  if (order.indexOf(release.criticality) < order.indexOf(settings.zeroDowntime)) {
    return opened('zero-downtime', `${release.component} is of ${release.criticality} criticality: an interruption is borne.`);
  }
  const unfit = unfitFor(release, environment);
  if (unfit.length === 0) return opened('zero-downtime', `${nameOf(facts)} is fit to be installed without interruption.`);
  const reason = `${nameOf(facts)} cannot be installed in ${environment} without interruption: ${unfit.map(({ lack }) => words[lack]).join(', ')}.`;
  const remedy = `Merge into beluga.yaml and release it anew: ${flowOf(unfit.map(({ patch }) => patch).reduce(merged, {}))}`;
  return closed('zero-downtime', reason, remedy, 'the team of the component');
}

function merged(one: Patch, other: Patch): Patch {
  const both = Object.entries(other).map(([key, value]) => {
    const before = one[key];
    return [key, typeof before === 'object' && typeof value === 'object' ? merged(before, value) : value] as const;
  });
  return { ...one, ...Object.fromEntries(both) };
}

/** YAML on one line. */
function flowOf(patch: Patch): string {
  const entries = Object.entries(patch).map(([key, value]) => `${key}: ${typeof value === 'object' ? flowOf(value) : value}`);
  return `{ ${entries.join(', ')} }`;
}
