/**
 * Soak: the release has proven itself in the environment before, by time and by what it did there.
 *
 * The digest of a release covers its configuration, so that what is counted was done by the same bytes with the same settings. Time
 * without traffic proves nothing.
 */
import { stamp } from '../stamp.ts';
import { type GateFacts, nameOf, type SoakFacts } from './facts.ts';
import { opened, type Verdict } from './verdict.ts';

type Wanted = NonNullable<GateFacts['settings']['soak']>;

export function soakGate(facts: GateFacts): Verdict | null {
  const { soak, settings } = facts;
  if (settings.soak === null || soak === null) return null;
  const work = missingWork(facts.release, settings.soak, soak);
  const missingMs = Math.max(0, settings.soak.forMs - soak.residedMs);
  if (work === null && missingMs === 0)
    return opened('soak', `${nameOf(facts)} ran ${spanOf(soak.residedMs)} in ${soak.environment}, ${workOf(facts, soak)}.`);
  const time =
    missingMs === 0
      ? null
      : `${spanOf(settings.soak.forMs)} in ${soak.environment} are asked for, and it has been there ${spanOf(soak.residedMs)}`;
  const reason = `${nameOf(facts)} has not proven itself: ${[time, work].filter((part) => part !== null).join('; ')}.`;
  if (!soak.resides) {
    const remedy = `Another release is in ${soak.environment} now: install this one there again with beluga deploy ${nameOf(facts)} --to ${soak.environment}.`;
    return { gate: 'soak', verdict: 'closed', reason, remedy, who: 'whoever ships the component', opensAt: null };
  }
  if (work !== null) {
    const remedy = `Leave it in ${soak.environment} under real use until then; without traffic it is not proven.`;
    return { gate: 'soak', verdict: 'closed', reason, remedy, who: `whoever uses ${soak.environment}`, opensAt: null };
  }
  const opensAt = stamp(facts.now.add({ milliseconds: missingMs }));
  return { gate: 'soak', verdict: 'waiting', reason, remedy: `Leave it in ${soak.environment} until then.`, who: null, opensAt };
}

/** What it has not done yet, in words; null when it has done enough. */
export function missingWork({ kind }: Pick<GateFacts['release'], 'kind'>, wanted: Wanted, soak: SoakFacts): string | null {
  if (kind === 'Job') {
    if (soak.jobRuns >= wanted.jobRuns) return null;
    return `${wanted.jobRuns} successful runs are asked for, and it has ${soak.jobRuns}`;
  }
  if (soak.requests >= wanted.requests) return null;
  return `${wanted.requests} requests are asked for, and it has answered ${soak.requests}`;
}

function workOf({ release }: GateFacts, soak: SoakFacts): string {
  return release.kind === 'Job' ? `with ${soak.jobRuns} successful runs` : `answering ${soak.requests} requests`;
}

/** `90 s`, `30 min`, `26 h`: rounded down. */
export function spanOf(ms: number): string {
  if (ms < 120_000) return `${Math.floor(ms / 1000)} s`;
  return ms < 7_200_000 ? `${Math.floor(ms / 60_000)} min` : `${Math.floor(ms / 3_600_000)} h`;
}
