/**
 * The order of the stages: nothing reaches an environment unless the same digest was verified in the one before.
 *
 * A rollback goes back to what was verified in the environment itself: it must not depend on what happened below since.
 */
import type { GateFacts } from './gates.ts';
import type { Verdict } from './verdict.ts';

export function orderGate(facts: GateFacts): Verdict {
  const release = `${facts.component}@${facts.version}`;
  if (facts.purpose === 'rollback' && facts.verifiedIn.includes(facts.environment)) {
    return open(`${release} was verified in ${facts.environment} before.`);
  }
  const before = facts.environments[facts.environments.indexOf(facts.environment) - 1];
  if (before === undefined) return open(`${facts.environment} is the first environment.`);
  if (facts.verifiedIn.includes(before)) return open(`${release} is verified in ${before}.`);
  const revoked = facts.revokedIn[before];
  const reason =
    revoked === undefined
      ? `${release} is not verified in ${before}.`
      : `The verification of ${release} in ${before} was revoked: ${revoked}`;
  return {
    gate: 'order',
    verdict: 'closed',
    reason,
    remedy: `Take it there first, stage by stage: beluga deploy ${release} --to ${next(facts)}.`,
    opensAt: null,
  };
}

/** The earliest environment that still misses a verification: where the road goes on. */
function next(facts: GateFacts): string {
  const road = facts.environments.slice(0, facts.environments.indexOf(facts.environment));
  return road.find((environment) => !facts.verifiedIn.includes(environment)) ?? facts.environment;
}

function open(reason: string): Verdict {
  return { gate: 'order', verdict: 'open', reason, remedy: null, opensAt: null };
}
