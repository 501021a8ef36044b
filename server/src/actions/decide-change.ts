/**
 * What people say about a change that has not begun: yes to its plan, no to it, or that it is called off.
 *
 * A yes is an approval of the plan like one that was asked for beforehand, bound to the same hash; there is one record of both.
 */
import type { Change } from '../domain/changes/change.ts';
import { BelugaError } from '../errors.ts';
import { askForApproval, decideApproval } from './approve-plan.ts';
import { cancelDeployment } from './cancel-deployment.ts';
import type { Context } from './context.ts';
import { findChange } from './review-change.ts';
import { settleHeld } from './settle-held.ts';

export type ChangeWish = {
  /** The change, or its deployment. */
  readonly id: string;
  /** Of the plan that was looked at. */
  readonly planHash: string;
  readonly reason?: string | undefined;
};

/** Throws `own-request` from whoever asked for it, `plan-changed` when it is another plan by now, `not-decidable` when nobody is waited for. */
export function approveChange(context: Context, who: string, wish: ChangeWish): Promise<Change> {
  return decide(context, who, wish, 'approved');
}

/** Ends what waits for it. Throws as `approveChange` does. */
export function refuseChange(context: Context, who: string, wish: ChangeWish): Promise<Change> {
  return decide(context, who, wish, 'rejected');
}

/** Ends its deployment: at once where that waits, else by putting back what served. Throws `not-cancellable`. */
export async function cancelChange(context: Context, who: string, wish: { readonly id: string; readonly reason: string }): Promise<Change> {
  const change = await findChange(context, wish.id);
  await cancelDeployment(context, who, change.deployment, wish.reason);
  return findChange(context, change.id);
}

async function decide(context: Context, who: string, wish: ChangeWish, decision: 'approved' | 'rejected'): Promise<Change> {
  const change = await findChange(context, wish.id);
  const { id, deployment, state, facts } = change;
  const { component, version, environment, requestedBy } = facts;
  if (requestedBy === who) throw new BelugaError('own-request', { who, id });
  if (state !== 'assessed' || (await context.store.holds.find(deployment)) === null)
    throw new BelugaError('not-decidable', { id, state: change.closure ?? state });
  const approval = await askForApproval(context, requestedBy, { component, version, environment });
  if (wish.planHash !== approval.planHash) throw new BelugaError('plan-changed', { release: `${component}@${version}`, environment, id });
  await decideApproval(context, who, { id: approval.id, decision, reason: wish.reason });
  await settleHeld(context, deployment);
  return findChange(context, id);
}
