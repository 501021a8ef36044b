/**
 * Approval: other people have seen the plan and said yes.
 *
 * Where a change is needed it is asked for by the kind of that (ITIL 4, change enablement): a standard one is pre-authorised, a normal one
 * has to be approved, an emergency one is looked at afterwards. It is bound to the hash of the plan, so that a changed plan voids it.
 * Nobody's yes counts for what they asked for themselves.
 */
import { type GateFacts, nameOf } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

export type Decision = {
  readonly who: string;
  readonly decision: 'approved' | 'rejected';
  readonly at: string;
  readonly reason: string | null;
};

export type Approval = {
  readonly id: string;
  readonly component: string;
  readonly version: string;
  readonly releaseDigest: string;
  readonly environment: string;
  /** The plan that is asked about; no other one is approved by it. */
  readonly planHash: string;
  readonly requestedBy: string;
  /** RFC 3339, as `expiresAt`. */
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly decisions: readonly Decision[];
};

export function approvalGate(facts: GateFacts): Verdict | null {
  const wanted = facts.settings.approvals;
  if (wanted === 0) return null;
  const holding = holdingOf(facts);
  const rejection = rejectionOf(facts);
  const release = nameOf(facts);
  const ask = `beluga approval request ${release} --to ${facts.environment}`;
  if (rejection !== undefined) {
    const reason = `${rejection.who} rejected the plan of ${release}${rejection.reason === null ? '' : `: ${rejection.reason.replace(/\.$/, '')}`}.`;
    return closed('approval', reason, 'Change what was rejected and release it anew.', 'whoever ships the component');
  }
  const authorised = authorisedBy(facts);
  if (authorised !== null) return opened('approval', authorised);
  const approvers = approversOf(holding, facts.requester);
  if (approvers.length >= wanted) return opened('approval', `${approvers.join(' and ')} approved this plan.`);
  const missing = wanted - approvers.length;
  const lack = `The plan of ${release} lacks ${missing === 1 ? 'an approval' : `${missing} approvals`}${whyVoid(facts)}.`;
  const reason = facts.change === null ? lack : [lack, 'Its change is normal.', ...facts.change.lacks].join(' ');
  const [open] = holding;
  const remedy = open === undefined ? `Ask for it: ${ask}.` : `It is asked for as ${open.id}: beluga approval approve ${open.id}.`;
  return closed('approval', reason, remedy, `anybody but ${facts.requester}`);
}

/** Why nobody has to approve it beforehand; null when somebody has to. */
function authorisedBy({ change, incident }: GateFacts): string | null {
  if (change?.kind === 'standard') return 'Its change is standard, which is pre-authorised.';
  if (change?.kind === 'emergency') return `Its change mends incident ${incident} and is looked at afterwards.`;
  return null;
}

type Asked = Pick<GateFacts, 'approvals' | 'planHash' | 'now'>;

/** The no of somebody to this very plan. */
export function rejectionOf(facts: Asked): Decision | undefined {
  return holdingOf(facts)
    .flatMap(({ decisions }) => decisions)
    .find(({ decision }) => decision === 'rejected');
}

function holdingOf({ approvals, planHash: hash, now }: Asked): readonly Approval[] {
  return approvals.filter(({ planHash, expiresAt }) => planHash === hash && isAhead(expiresAt, now));
}

/** The people whose yes counts for a deployment that `requester` asks for. */
export function approversOf(approvals: readonly Approval[], requester: string): readonly string[] {
  const approved = approvals.flatMap(({ requestedBy, decisions }) =>
    decisions.filter(({ decision, who }) => decision === 'approved' && who !== requester && who !== requestedBy).map(({ who }) => who),
  );
  return [...new Set(approved)].toSorted();
}

function whyVoid({ approvals, planHash, now, requester }: GateFacts): string {
  const approved = approvals.filter(({ decisions }) => decisions.some(({ decision }) => decision === 'approved'));
  if (approved.length === 0) return '';
  if (approved.every((one) => one.planHash !== planHash)) return ': the plan changed since it was approved';
  if (approved.every(({ expiresAt }) => !isAhead(expiresAt, now))) return ': the approval has expired';
  return approversOf(approved, requester).length === 0 ? ': nobody approves what they ask for' : '';
}

export function isAhead(time: string, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(Temporal.Instant.from(time), now) > 0;
}
