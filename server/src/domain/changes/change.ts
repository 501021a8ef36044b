/**
 * A change: the record of one production deployment, opened by the platform and moved with it (ITIL 4, change enablement).
 *
 *   new ──▶ assessed ──▶ authorised ──▶ scheduled ──▶ implementing ──▶ reviewing ──▶ closed: successful | unsuccessful | backed-out
 *    └──────────┴────────────┴──────────────┴───────────────┴──▶ cancelled (nothing was changed in production)
 *
 * A scheduled one is authorised again when its window closes before its turn comes.
 *
 * A deployment that waits for an approval has an assessed change, one that waits for time an authorised one, one that waits for its turn
 * a scheduled one; a running one has a change that is implemented, an ended one a change that is closed or cancelled. The database
 * refuses a change that is ahead of its deployment or behind it.
 */
import type { DeploymentPurpose } from '../deployment.ts';
import type { Waiting } from '../gates/hold.ts';
import type { Ledger } from '../ledger.ts';
import type { Criticality } from '../release.ts';
import type { Delta } from './delta.ts';
import type { Risk } from './risk.ts';

export type ChangeState = 'new' | 'assessed' | 'authorised' | 'scheduled' | 'implementing' | 'reviewing' | 'closed' | 'cancelled';
export type ChangeClosure = 'successful' | 'unsuccessful' | 'backed-out';
export type ChangeKind = 'standard' | 'normal' | 'emergency';

/** Which states may follow; the terminal ones have none. */
export const changeTransitions: Readonly<Record<ChangeState, readonly ChangeState[]>> = {
  new: ['assessed', 'cancelled'],
  assessed: ['authorised', 'cancelled'],
  authorised: ['scheduled', 'cancelled'],
  scheduled: ['implementing', 'authorised', 'cancelled'],
  implementing: ['reviewing', 'cancelled'],
  reviewing: ['closed'],
  closed: [],
  cancelled: [],
};

/** What the change of a deployment is while that waits. */
export function stateWhile(waiting: Waiting | null): 'assessed' | 'authorised' | 'scheduled' {
  if (waiting === null) return 'scheduled';
  return waiting.approval ? 'assessed' : 'authorised';
}

/** The states on the road to one, in order and both included; throws where no road leads. */
export function roadTo(from: ChangeState, to: ChangeState): readonly ChangeState[] {
  if (from === to) return [from];
  const next = changeTransitions[from];
  if (next.includes(to)) return [from, to];
  const [onward] = next;
  if (onward === undefined) throw new Error(`a change that is ${from} never gets ${to}`);
  return [from, ...roadTo(onward, to)];
}

/** When a change came into each of its states, RFC 3339. */
export type ChangeTimes = Readonly<Partial<Record<ChangeState, string>>>;

/** One condition under which a change is pre-authorised, met or not, in a sentence. */
export type Condition = { readonly name: string; readonly met: boolean; readonly reason: string };

export type Neighbour = {
  readonly component: string;
  readonly system: string;
  readonly criticality: Criticality;
  readonly distance: number;
};

export type RollbackPlan = {
  /** What is installed again; null: there is nothing to go back to. */
  readonly version: string | null;
  readonly steps: readonly string[];
  readonly proof: 'rehearsed' | 'available' | 'none';
  readonly reason: string;
};

/** An open change next to this one in the dependency graph, at the time it was opened. */
export type Conflict = { readonly change: string; readonly component: string; readonly version: string; readonly relation: string };

export type ChangeEvidence = { readonly kind: string; readonly outcome: string; readonly summary: string; readonly recordedAt: string };
export type ChangeVerification = { readonly environment: string; readonly deployment: string; readonly at: string };
export type ChangeApproval = {
  readonly who: string;
  readonly decision: 'approved' | 'rejected';
  readonly at: string;
  readonly reason: string | null;
};
/** The override it starts with: one person asked for it, another one approved it, and it is used up. */
export type ChangeOverride = {
  readonly id: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string | null;
};
export type ChangeVerdict = { readonly gate: string; readonly verdict: string; readonly reason: string };

/** A gate's answer as a change keeps it. */
export function verdictInChange({ gate, verdict, reason }: ChangeVerdict): ChangeVerdict {
  return { gate, verdict, reason };
}

/** What was known when the change was opened: facts, none of them typed in by anybody. */
export type ChangeFacts = {
  readonly component: string;
  readonly system: string;
  readonly team: string | null;
  readonly criticality: Criticality;
  readonly environment: string;
  readonly version: string;
  readonly releaseDigest: string;
  readonly image: string;
  readonly formerVersion: string | null;
  readonly purpose: DeploymentPurpose;
  /** The incident it mends, where one was named. */
  readonly incident: string | null;
  readonly requestedBy: string;
  readonly conditions: readonly Condition[];
  readonly delta: Delta;
  readonly neighbours: readonly Neighbour[];
  readonly risk: Risk;
  readonly plan: { readonly hash: string; readonly steps: readonly string[] };
  readonly rollback: RollbackPlan;
  readonly verifications: readonly ChangeVerification[];
  readonly evidence: readonly ChangeEvidence[];
  readonly approvals: readonly ChangeApproval[];
  readonly override: ChangeOverride | null;
  readonly verdicts: readonly ChangeVerdict[];
  readonly conflicts: readonly Conflict[];
};

/** A look back at a change that has ended, by a person. */
export type ChangeReview = { readonly by: string; readonly at: string; readonly note: string };

export type Change = {
  readonly id: string;
  readonly deployment: string;
  readonly kind: ChangeKind;
  readonly state: ChangeState;
  readonly closure: ChangeClosure | null;
  /** Why it ended so; null while it has not, or when nothing needs to be said. */
  readonly note: string | null;
  readonly facts: ChangeFacts;
  readonly times: ChangeTimes;
  /** What was measured while it was implemented. */
  readonly ledger: Ledger | null;
  /** Null: none was made. */
  readonly review: ChangeReview | null;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
};

/** Whether somebody still has to look back at it: after an emergency, and after what did not succeed. */
export function needsReview({ kind, state, closure, review }: Pick<Change, 'kind' | 'state' | 'closure' | 'review'>): boolean {
  return state === 'closed' && review === null && (kind === 'emergency' || closure !== 'successful');
}

/** How the change of a deployment ends; `touched` says whether anything in production was begun. */
export function endOf(
  ended: 'succeeded' | 'rolled-back' | 'failed' | 'refused' | 'cancelled',
  touched: boolean,
): { readonly state: 'closed' | 'cancelled'; readonly closure: ChangeClosure | null } {
  if (ended === 'succeeded') return { state: 'closed', closure: 'successful' };
  if (ended === 'rolled-back') return { state: 'closed', closure: 'backed-out' };
  if (ended === 'failed') return { state: 'closed', closure: 'unsuccessful' };
  return touched ? { state: 'closed', closure: 'backed-out' } : { state: 'cancelled', closure: null };
}
