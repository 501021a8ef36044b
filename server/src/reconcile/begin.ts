/**
 * The start of a deployment whose turn has come: its gates are asked once more, before anything is touched and before anybody is told.
 *
 * What was asked to wait for them waits again when one closed meanwhile; what the stop button holds keeps its turn.
 */
import { askGates, type GateAnswer } from '../actions/ask-gates.ts';
import type { Context } from '../actions/context.ts';
import { lookAtFor } from '../actions/settle-held.ts';
import { isOpen, reasonOf } from '../domain/gates/verdict.ts';
import type { Run } from '../domain/run.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';

/** Whether it moves from now on; one that moved before does. */
export async function beginDeployment(context: Context, run: Run, id: string): Promise<boolean> {
  const row = await context.store.deployments.find(id);
  if (row === null) throw new BelugaError('unknown-deployment', { id });
  if (row.state !== 'waiting') return true;
  const { runs } = context.store;
  const answer = await askOnceMore(context, row);
  const at = stamp(context.now());
  if (answer instanceof BelugaError) {
    const { message: reason, remedy } = answer;
    // No gate could be asked: what they said before is no answer to this.
    const verdict = { gate: 'environment', verdict: 'closed', reason, remedy, who: null, opensAt: null } as const;
    await runs.refuse(run, { reason, verdicts: [verdict] }, at);
    return false;
  }
  const { verdicts, waiting, overrideId } = answer;
  if (isOpen(verdicts) && (await runs.begin(run, overrideId, at))) return true;
  const lookAt = row.wait_for_gates ? lookAtFor(context, waiting) : null;
  const stopped = isOpen(verdicts) || verdicts.some(({ gate, verdict }) => gate === 'stop' && verdict === 'closed');
  if (stopped) await runs.giveBack(run, null, at);
  else if (waiting !== null && lookAt !== null && !waiting.approval) await runs.giveBack(run, { waiting, lookAt, verdicts }, at);
  else await runs.refuse(run, { reason: reasonOf(verdicts), verdicts }, at);
  return false;
}

type Row = NonNullable<Awaited<ReturnType<Context['store']['deployments']['find']>>>;

/** A refusal that no other look would change, such as an environment that is gone, is the answer. */
async function askOnceMore(context: Context, row: Row): Promise<GateAnswer | BelugaError> {
  const { environment, purpose, incident, requested_by: requester, replace_soaking: replaceSoaking } = row;
  try {
    const release = await context.store.releases.byDigest(row.release_digest);
    return await askGates(context, { release, environment, purpose, incident, requester, replaceSoaking, deployment: null });
  } catch (error) {
    if (error instanceof BelugaError && !error.retry) return error;
    throw error;
  }
}
