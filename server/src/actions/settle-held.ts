/** Looks at the deployments that wait for their gates: those whose gates are open take their turn, those that wait in vain end. */
import { stateWhile } from '../domain/changes/change.ts';
import type { Waiting } from '../domain/gates/hold.ts';
import { isOpen, reasonOf } from '../domain/gates/verdict.ts';
import { stamp } from '../domain/stamp.ts';
import { askGates } from './ask-gates.ts';
import type { Context } from './context.ts';
import { describeChange } from './describe-change.ts';

/** What is not foreseen by a date is looked at as often. */
const lookSeconds = 60;

/** Those whose time has come. */
export async function settleDue(context: Context): Promise<void> {
  for (const id of await context.store.holds.due(stamp(context.now()))) await settleHeld(context, id);
}

/** One of them, now; nothing when it waits for no gate. */
export async function settleHeld(context: Context, id: string): Promise<void> {
  const row = await context.store.holds.take(id, nextLook(context));
  if (row === null) return;
  const { environment, purpose, incident, requested_by: requester } = row;
  const release = await context.store.releases.byDigest(row.release_digest);
  const { verdicts, waiting, hash, overrideId } = await askGates(context, {
    ...{ release, environment, purpose, incident, requester, replaceSoaking: row.replace_soaking, deployment: null },
  });
  const at = stamp(context.now());
  const stop = await context.store.lineStops.current();
  if (stop !== null) return endByButton(context, id, stop);
  if (waiting === null && !isOpen(verdicts)) return context.store.holds.refuse(id, { reason: reasonOf(verdicts), verdicts }, at);
  const changed = await goesBack(context, id, waiting);
  if (changed) return context.store.holds.refuse(id, { reason: `Its plan changed. ${reasonOf(verdicts)}`, verdicts }, at);
  const subject = { release, environment, purpose, incident, requestedBy: requester, verdicts, planHash: hash, overrideId };
  const opening = waiting === null || waiting.approval ? await describeChange(context, subject) : null;
  await context.store.holds.record(id, {
    ...{ verdicts, waiting, lookAt: lookAtFor(context, waiting), taken: row.look_at, overrideId, opening, at },
  });
}

/** When to look again at what waits; null: it does not. */
export function lookAtFor(context: Context, waiting: Waiting | null): string | null {
  if (waiting === null) return null;
  const usual = nextLook(context);
  return waiting.opensAt === null || waiting.opensAt > usual ? usual : waiting.opensAt;
}

function nextLook(context: Context): string {
  return stamp(context.now().add({ seconds: lookSeconds }));
}

/** What was to start by itself must not do so when the line moves again, after whatever made somebody stop it. */
async function endByButton(context: Context, id: string, { by, reason }: { readonly by: string; readonly reason: string }): Promise<void> {
  await context.store.deployments.cancel(id, { who: by, reason: `the line was stopped, ${reason}` }, stamp(context.now()));
}

/** Whether it was authorised and has to be approved again. */
async function goesBack(context: Context, id: string, waiting: Waiting | null): Promise<boolean> {
  const change = await context.store.changes.find(id);
  return change?.state === 'authorised' && stateWhile(waiting) === 'assessed';
}
