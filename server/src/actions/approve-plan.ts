/** Asks others to approve a plan, and takes what they say. */
import { type Approval, isAhead } from '../domain/gates/approval.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { expiryOf } from './expiry.ts';
import { findEnvironment, findRelease } from './find-release.ts';
import { planHash } from './gather-facts.ts';

export type ApprovalState = 'asked' | 'approved' | 'rejected' | 'expired' | 'void';
export type ApprovalView = Approval & { readonly state: ApprovalState };
export type ApprovalWish = {
  readonly component: string;
  readonly version: string;
  readonly environment: string;
  readonly expiresAt?: string | undefined;
};

const usualHours = 24;
const mostHours = 14 * 24;

/** Of the plan as it is now. Asking again for the same plan gives the same request. */
export async function requestApproval(context: Context, who: string, wish: ApprovalWish): Promise<ApprovalView> {
  const { component, version, environment } = wish;
  findEnvironment(context, environment);
  const release = await findRelease(context, component, version);
  const hash = await planHash(context, release, environment);
  const now = context.now();
  const known = await context.store.approvals.list({ releaseDigest: release.digest, environment });
  const open = known.find((one) => one.planHash === hash && one.requestedBy === who && isAhead(one.expiresAt, now) && !isRejected(one));
  if (open !== undefined) return viewOf(context, open);
  const id = context.newId('app');
  const expiresAt = expiryOf(now, wish.expiresAt, usualHours, mostHours);
  await context.store.approvals.request({
    ...{ id, component, version, environment, releaseDigest: release.digest, planHash: hash },
    ...{ requestedBy: who, requestedAt: stamp(now), expiresAt },
  });
  return findApproval(context, id);
}

/** For a deployment that waits for it: as long as one may be asked for. */
export function askForApproval(context: Context, who: string, { component, version, environment }: ApprovalWish): Promise<ApprovalView> {
  const expiresAt = stamp(context.now().add({ hours: mostHours }));
  return requestApproval(context, who, { component, version, environment, expiresAt });
}

export type DecisionWish = { readonly id: string; readonly decision: 'approved' | 'rejected'; readonly reason?: string | undefined };

/** Throws `own-request` from whoever asked, `plan-changed` and `no-longer-open` when there is nothing to approve any more. */
export async function decideApproval(context: Context, who: string, wish: DecisionWish): Promise<ApprovalView> {
  const approval = await findApproval(context, wish.id);
  const { id, component, version, environment, requestedBy, state } = approval;
  if (requestedBy === who) throw new BelugaError('own-request', { who, id });
  if (state === 'void') throw new BelugaError('plan-changed', { release: `${component}@${version}`, environment, id });
  if (state === 'expired') throw new BelugaError('no-longer-open', { id, state });
  const { decision, reason = null } = wish;
  const at = stamp(context.now());
  await context.store.approvals.decide(approval, { who, decision, reason, at });
  await context.store.holds.lookAgain(at);
  return findApproval(context, id);
}

/** The newest first. */
export async function listApprovals(
  context: Context,
  filter: { readonly component?: string | undefined; readonly environment?: string | undefined },
): Promise<readonly ApprovalView[]> {
  const { component, environment } = filter;
  const found = await context.store.approvals.list({ component, environment });
  return Promise.all(found.map((one) => viewOf(context, one)));
}

async function findApproval(context: Context, id: string): Promise<ApprovalView> {
  const approval = await context.store.approvals.find(id);
  if (approval === null) throw new BelugaError('unknown-approval', { id });
  return viewOf(context, approval);
}

async function viewOf(context: Context, approval: Approval): Promise<ApprovalView> {
  return { ...approval, state: await stateOf(context, approval) };
}

async function stateOf(context: Context, approval: Approval): Promise<ApprovalState> {
  const { decisions, environment, expiresAt } = approval;
  if (isRejected(approval)) return 'rejected';
  if (!isAhead(expiresAt, context.now())) return 'expired';
  if (!context.environments.includes(environment)) return 'void';
  const release = await context.store.releases.byDigest(approval.releaseDigest);
  if ((await planHash(context, release, environment)) !== approval.planHash) return 'void';
  return decisions.some(({ decision }) => decision === 'approved') ? 'approved' : 'asked';
}

function isRejected({ decisions }: Approval): boolean {
  return decisions.some(({ decision }) => decision === 'rejected');
}
