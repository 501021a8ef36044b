/**
 * The order of the stages: nothing reaches an environment unless the same digest is verified in every mandatory one before it.
 *
 * A rollback goes back to what was verified in the environment itself: it must not depend on what happened below since.
 */
import { type GateFacts, nameOf, type Stage } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

export function orderGate(facts: GateFacts): Verdict {
  const release = nameOf(facts);
  if (facts.purpose === 'rollback' && facts.verifiedIn.includes(facts.environment)) {
    return opened('order', `${release} was verified in ${facts.environment} before.`);
  }
  const road = facts.stages.slice(
    0,
    facts.stages.findIndex(({ name }) => name === facts.environment),
  );
  const missing = road.filter((stage) => stage.mandatory && !facts.verifiedIn.includes(stage.name));
  if (missing.length > 0) return closed('order', reasonOf(facts, missing), remedyOf(facts, missing), 'whoever ships the component');
  const before = road.findLast(({ name }) => facts.verifiedIn.includes(name));
  return opened(
    'order',
    before === undefined ? `${facts.environment} asks for no stage before it.` : `${release} is verified in ${before.name}.`,
  );
}

function reasonOf(facts: GateFacts, missing: readonly Stage[]): string {
  const revoked = missing.findLast(({ name }) => facts.revokedIn[name] !== undefined);
  if (revoked === undefined) return `${nameOf(facts)} is not verified in ${listed(missing.map(({ name }) => name))}.`;
  return revokedWords(nameOf(facts), [revoked.name], facts.revokedIn[revoked.name] ?? '');
}

function remedyOf(facts: GateFacts, missing: readonly Stage[]): string {
  const [next] = missing;
  return roadWords(nameOf(facts), next?.name ?? facts.environment);
}

/** What it says of a release, `web@1.4.0`, whose verifications in these environments are revoked while it waits to go further. */
export function revokedVerdict(release: string, environments: readonly string[], why: string): Verdict {
  const remedy = roadWords(release, environments[0] ?? '');
  return closed('order', revokedWords(release, environments, why), remedy, 'whoever ships the component');
}

function revokedWords(release: string, environments: readonly string[], why: string): string {
  return `The verification of ${release} in ${environments.join(' and ')} was revoked: ${why}`;
}

function roadWords(release: string, environment: string): string {
  return `Take it there first, stage by stage: beluga deploy ${release} --to ${environment}.`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
