/**
 * Waiting at the gates: a deployment that was asked to wait starts by itself when they open.
 *
 * It waits for what time opens, for the approval of its plan, and for a release that proves itself where it would go. Whatever else is closed somebody has to bring, and that ends it: what
 * nobody expects any more must not start in the night.
 */
import { rejectionOf } from './approval.ts';
import type { GateFacts } from './facts.ts';
import { isOpen, type Verdict } from './verdict.ts';

/** One gate that held a deployment: from when until when, RFC 3339; `to` is null while it does. */
export type Hold = { readonly gate: string; readonly from: string; readonly to: string | null };

/** What a deployment waits for. */
export type Waiting = {
  /** RFC 3339: when time will have opened what time opens; null when only people are waited for. */
  readonly opensAt: string | null;
  /** Whether people have to approve the plan. */
  readonly approval: boolean;
};

/** Null: every gate is open, or one is closed that is not waited for. */
export function waitingFor(facts: Pick<GateFacts, 'approvals' | 'planHash' | 'now'>, verdicts: readonly Verdict[]): Waiting | null {
  if (isOpen(verdicts) || rejectionOf(facts) !== undefined) return null;
  const unmet = verdicts.filter(({ verdict }) => verdict !== 'open');
  return unmet.every(({ gate, verdict }) => verdict === 'waiting' || gate === 'approval' || gate === 'slot') ? waitingIn(unmet) : null;
}

/** What is waited for by verdicts that were found to be such. */
export function waitingIn(verdicts: readonly Verdict[]): Waiting {
  const unmet = verdicts.filter(({ verdict }) => verdict !== 'open');
  const dates = unmet.map(({ opensAt }) => opensAt).filter((opensAt) => opensAt !== null);
  return { opensAt: dates.toSorted().at(-1) ?? null, approval: unmet.some(({ gate }) => gate === 'approval') };
}

/** The holds after the gates were asked once more. */
export function holdsAfter(holds: readonly Hold[], verdicts: readonly Verdict[], at: string): readonly Hold[] {
  const unmet = [...new Set(verdicts.filter(({ verdict }) => verdict !== 'open').map(({ gate }) => gate))];
  const known = holds.map((hold) => (hold.to === null && !unmet.includes(hold.gate) ? { ...hold, to: at } : hold));
  const fresh = unmet.filter((gate) => !known.some((hold) => hold.gate === gate && hold.to === null));
  return [...known, ...fresh.map((gate) => ({ gate, from: at, to: null }))];
}
