/**
 * One yes to a whole train: to the plan of every release on it that lacks an approval for the next move. Each is recorded as an approval of
 * that very plan, so that a release or a configuration that changes afterwards voids its own.
 */
import { BelugaError } from '../errors.ts';
import { askForApproval, decideApproval } from './approve-plan.ts';
import type { Context } from './context.ts';
import { type ShownTrain, showTrain } from './move-train.ts';

export type TrainApproval = { readonly train: string; readonly reason?: string | undefined };

/** Throws `own-request` from whoever made the train, `train-closed` where no move comes next. */
export async function approveTrain(context: Context, who: string, wish: TrainApproval): Promise<ShownTrain> {
  const { train, prognosis } = await showTrain(context, who, wish.train);
  const { next, members } = prognosis;
  if (train.createdBy === who) throw new BelugaError('own-request', { who, id: train.name });
  if (next === null) throw new BelugaError('train-closed', { train: train.name, state: `is ${train.state}`, what: 'be approved' });
  for (const { component, version, verdicts } of members) {
    if (!verdicts.some(({ gate }) => gate === 'approval')) continue;
    const { id } = await askForApproval(context, train.createdBy, { component, version, environment: next.environment });
    await decideApproval(context, who, { id, decision: 'approved', reason: wish.reason ?? `For train ${train.name}.` });
  }
  return showTrain(context, who, train.name);
}
