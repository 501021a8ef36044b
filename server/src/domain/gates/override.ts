/**
 * An override: one installation of one release in one environment although gates are closed, with a reason and a second person.
 *
 *   asked ──▶ approved ──▶ consumed
 *     └─────────┴──▶ expired
 *
 * It is consumed when a deployment starts with it, once. It opens what people may answer for; the order of the stages, the change record
 * and the stop button are not among that.
 */
import type { Verdict } from './verdict.ts';

export type OverrideState = 'asked' | 'approved' | 'consumed' | 'expired';

export type Override = {
  readonly id: string;
  readonly component: string;
  readonly version: string;
  readonly releaseDigest: string;
  readonly environment: string;
  readonly reason: string;
  readonly requestedBy: string;
  /** RFC 3339, as the other times. */
  readonly requestedAt: string;
  readonly approvedBy: string | null;
  readonly approvedAt: string | null;
  readonly expiresAt: string;
  /** The deployment that started with it. */
  readonly consumedBy: string | null;
  readonly consumedAt: string | null;
};

export function stateOf(override: Override, now: Temporal.Instant): OverrideState {
  if (override.consumedBy !== null) return 'consumed';
  if (Temporal.Instant.compare(Temporal.Instant.from(override.expiresAt), now) <= 0) return 'expired';
  return override.approvedBy === null ? 'asked' : 'approved';
}

/** Whether a deployment may use it: nobody has yet, or it started with it itself. */
export function mayUse(override: Override, deployment: string | null, now: Temporal.Instant): boolean {
  return override.consumedBy === null ? stateOf(override, now) === 'approved' : override.consumedBy === deployment;
}

/** The verdict as it is with the override; one that people may not answer for stays closed. */
export function overridden(verdict: Verdict, override: Override): Verdict {
  const { id, requestedBy, approvedBy, reason } = override;
  const why = `${verdict.reason} Overridden by ${id} of ${requestedBy} and ${approvedBy}: ${reason.replace(/\.$/, '')}.`;
  return { gate: verdict.gate, verdict: 'open', reason: why, remedy: null, who: null, opensAt: null };
}
