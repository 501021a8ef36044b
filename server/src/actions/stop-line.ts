/** The stop button: pressed, no deployment starts anywhere from the next claim on; what moves ends as it would have, what waits for its gates is cancelled. */
import type { StopFacts } from '../domain/gates/facts.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';

export type { StopFacts };

/** Throws `line-stopped-already`. */
export async function stopLine(context: Context, who: string, reason: string): Promise<StopFacts | null> {
  const stopped = await context.store.lineStops.stop(context.newId('stop'), reason, who, stamp(context.now()));
  await context.store.holds.lookAgain(stamp(context.now()));
  const current = await context.store.lineStops.current();
  if (!stopped && current !== null) throw new BelugaError('line-stopped-already', { ...current, reason: ended(current.reason) });
  return current;
}

/** Throws `line-moves`. */
export async function resumeLine(context: Context, who: string): Promise<null> {
  if (!(await context.store.lineStops.resume(who, stamp(context.now())))) throw new BelugaError('line-moves');
  return null;
}

/** What a person wrote as a reason, as a sentence. */
export function ended(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
