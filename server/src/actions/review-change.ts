/** Looks back at a change that has ended, once. */
import type { Change } from '../domain/changes/change.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';

/** By its own identifier or that of its deployment. */
export async function findChange(context: Context, id: string): Promise<Change> {
  const change = await context.store.changes.find(id);
  if (change === null) throw new BelugaError('unknown-change', { id });
  return change;
}

export async function reviewChange(context: Context, who: string, id: string, note: string): Promise<Change> {
  const change = await findChange(context, id);
  const { state, review } = change;
  if (change.closedAt === null || review !== null)
    throw new BelugaError('not-reviewable', { id: change.id, why: review === null ? state : `reviewed by ${review.by}` });
  if (change.kind === 'emergency' && change.facts.requestedBy === who) throw new BelugaError('own-request', { who, id: change.id });
  await context.store.changes.review(change.id, { by: who, at: stamp(context.now()), note });
  return findChange(context, change.id);
}
