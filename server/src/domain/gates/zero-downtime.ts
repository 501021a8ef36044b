/**
 * Fitness to be installed without interruption: more than one replica, a readiness path, time to end.
 *
 * A component of a criticality below the bound bears an interruption; a job serves nobody while it is installed.
 */
import type { Criticality } from '../release.ts';
import { type GateFacts, nameOf } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

const order: readonly Criticality[] = ['low', 'medium', 'high', 'critical'];
const leastGraceMs = 1_000;

export function zeroDowntimeGate(facts: GateFacts): Verdict | null {
  const { settings, release, environment } = facts;
  if (settings.zeroDowntime === 'never' || release.kind === 'Job') return null;
  if (order.indexOf(release.criticality) < order.indexOf(settings.zeroDowntime)) {
    return opened('zero-downtime', `${release.component} is of ${release.criticality} criticality: an interruption is borne.`);
  }
  const unfit = [
    release.replicas.min < 2 ? { problem: 'one replica', patch: `environments: { ${environment}: { replicas: 2 } }` } : null,
    release.healthPath === null ? { problem: 'no readiness path', patch: 'run: { health: { path: /healthz } }' } : null,
    release.stopGraceMs < leastGraceMs ? { problem: 'no time to end', patch: 'run: { stop: { grace: 10s } }' } : null,
  ].filter((one) => one !== null);
  if (unfit.length === 0) return opened('zero-downtime', `${nameOf(facts)} is fit to be installed without interruption.`);
  const reason = `${nameOf(facts)} cannot be installed in ${environment} without interruption: ${unfit.map(({ problem }) => problem).join(', ')}.`;
  const remedy = `Put into beluga.yaml and release it anew: ${patchOf(unfit.map(({ patch }) => patch))}`;
  return closed('zero-downtime', reason, remedy, 'the team of the component');
}

/** What stands under one key is written under one key. */
function patchOf(patches: readonly string[]): string {
  const inner = patches.map((patch) => /^(\w+): \{ (.*) \}$/.exec(patch)).filter((found) => found !== null);
  const keys = [...new Set(inner.map(([, key]) => key))];
  return keys
    .map(
      (key) =>
        `${key}: { ${inner
          .filter((one) => one[1] === key)
          .map((one) => one[2])
          .join(', ')} }`,
    )
    .join('; ');
}
