/**
 * The start of a deployment whose turn has come: its gates are asked once more, before anything is touched and before anybody is told.
 *
 * What was asked to wait for them waits again when one closed meanwhile; what the stop button holds keeps its turn.
 */
import { askGates } from '../actions/ask-gates.ts';
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
  const { environment, purpose, incident, requested_by: requester } = row;
  const release = await context.store.releases.byDigest(row.release_digest);
  const { verdicts, waiting, overrideId } = await askGates(context, {
    ...{ release, environment, purpose, incident, requester, replaceSoaking: row.replace_soaking, deployment: null },
  });
  const { runs } = context.store;
  const at = stamp(context.now());
  if (isOpen(verdicts) && (await runs.begin(run, overrideId, at))) return true;
  const lookAt = row.wait_for_gates ? lookAtFor(context, waiting) : null;
  const stopped = isOpen(verdicts) || verdicts.some(({ gate, verdict }) => gate === 'stop' && verdict === 'closed');
  if (stopped) await runs.giveBack(run, null, at);
  else if (waiting !== null && lookAt !== null && !waiting.approval) await runs.giveBack(run, { waiting, lookAt, verdicts }, at);
  else await runs.refuse(run, reasonOf(verdicts), at);
  return false;
}
