/**
 * One yes to a whole train: to the plan of every release on it that lacks an approval for the next move. Each is recorded as an approval of
 * that very plan, so that a release or a configuration that changes afterwards voids its own.
 */
import { approversOf, isAhead } from '../domain/gates/approval.ts';
import type { MemberPrognosis } from '../domain/trains/prognosis.ts';
import { canonical } from '../domain/workload.ts';
import { BelugaError } from '../errors.ts';
import { askForApproval, decideApproval } from './approve-plan.ts';
import type { Context } from './context.ts';
import { settingsOf } from './gather-facts.ts';
import { type ShownTrain, showTrain } from './move-train.ts';

export type TrainApproval = {
  readonly train: string;
  /** Of the plan that was looked at; the one it has now unless said. */
  readonly planHash?: string | undefined;
  readonly reason?: string | undefined;
};

type PlannedMember = Pick<MemberPrognosis, 'component' | 'version'> & {
  readonly planHash: string;
  /** Whether somebody still has to say yes to it. */
  readonly lacks: boolean;
  /** Whose yes counts, when whoever made the train lets it go. */
  readonly approvedBy: readonly string[];
};
/** What the next move of a train installs, under one hash. */
export type TrainPlan = { readonly environment: string; readonly planHash: string; readonly members: readonly PlannedMember[] };

const obstacles = {
  'own-train': 'Who made the train cannot approve it.',
  'said-yes': 'You have approved it; another person has to, too.',
  'nothing-lacks': 'No release on it lacks an approval.',
} as const;
type May = { readonly allowed: boolean; readonly code: keyof typeof obstacles | null; readonly reason: string | null };

/** A train with the plan that a yes to it is bound to, and whether whoever looks may give it. */
export type ApprovableTrain = ShownTrain & { readonly plan: TrainPlan | null; readonly mayApprove: May };

export async function showWithPlan(context: Context, who: string, name: string): Promise<ApprovableTrain> {
  return withPlan(context, who, await showTrain(context, who, name));
}

export async function withPlan(context: Context, who: string, shown: ShownTrain): Promise<ApprovableTrain> {
  const plan = await planOf(context, shown);
  return { ...shown, plan, mayApprove: mayOf(who, shown, plan) };
}

/** Throws `own-request` from whoever made the train, `train-closed` where no move comes next, `train-plan-changed` when it is another plan by now. */
export async function approveTrain(context: Context, who: string, wish: TrainApproval): Promise<ApprovableTrain> {
  const shown = await showTrain(context, who, wish.train);
  const { train } = shown;
  const plan = await planOf(context, shown);
  if (train.createdBy === who) throw new BelugaError('own-request', { who, id: train.name });
  if (plan === null) throw new BelugaError('train-closed', { train: train.name, state: `is ${train.state}`, what: 'be approved' });
  if (wish.planHash !== undefined && wish.planHash !== plan.planHash) throw new BelugaError('train-plan-changed', { train: train.name });
  for (const { component, version, planHash, lacks, approvedBy } of plan.members) {
    if (!lacks || approvedBy.includes(who)) continue;
    const approval = await askForApproval(context, train.createdBy, { component, version, environment: plan.environment });
    if (approval.planHash !== planHash) throw new BelugaError('train-plan-changed', { train: train.name });
    await decideApproval(context, who, { id: approval.id, decision: 'approved', reason: wish.reason ?? `For train ${train.name}.` });
  }
  return showWithPlan(context, who, train.name);
}

function mayOf(who: string, { train }: ShownTrain, plan: TrainPlan | null): May {
  const lacking = plan?.members.filter(({ lacks }) => lacks) ?? [];
  if (lacking.length === 0) return no('nothing-lacks');
  if (train.createdBy === who) return no('own-train');
  return lacking.every(({ approvedBy }) => approvedBy.includes(who)) ? no('said-yes') : { allowed: true, code: null, reason: null };
}

function no(code: keyof typeof obstacles): May {
  return { allowed: false, code, reason: obstacles[code] };
}

async function planOf(context: Context, { train, prognosis: { next, members } }: ShownTrain): Promise<TrainPlan | null> {
  if (next === null) return null;
  const { environment } = next;
  const wanted = settingsOf(context, environment).gates.approvals;
  const planned = members.flatMap((member) => (member.planHash === null ? [] : [{ ...member, planHash: member.planHash }]));
  const all = await Promise.all(
    planned.map(async ({ component, version, planHash, verdicts }): Promise<PlannedMember> => {
      const approvedBy = wanted === 0 ? [] : await whoApproved(context, train.createdBy, { component, environment, planHash });
      const isClosed = verdicts.some(({ gate }) => gate === 'approval');
      return { component, version, planHash, lacks: isClosed && approvedBy.length < wanted, approvedBy };
    }),
  );
  const hashes = all.map(({ component, planHash }) => `${component} ${planHash}`).toSorted();
  return { environment, planHash: context.hash(canonical(hashes)), members: all };
}

type Bound = { readonly component: string; readonly environment: string; readonly planHash: string };

async function whoApproved(context: Context, maker: string, { component, environment, planHash }: Bound): Promise<readonly string[]> {
  const approvals = await context.store.approvals.list({ component, environment });
  const now = context.now();
  return approversOf(
    approvals.filter((one) => one.planHash === planHash && isAhead(one.expiresAt, now)),
    maker,
  );
}
