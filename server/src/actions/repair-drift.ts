/** Has what differs at a place put right, once, although its release only wants it told. */
import type { Drift } from '../domain/drift/drift.ts';
import { stamp } from '../domain/stamp.ts';
import type { Place } from '../domain/workload.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findCurrent } from './find-release.ts';

export async function repairDrift(context: Context, who: string, { component, environment }: Place): Promise<readonly Drift[]> {
  await findCurrent(context, component, environment);
  const standing = { component, environment, open: true, limit: 1_000 };
  if ((await context.store.drift.list(standing)).length === 0) throw new BelugaError('nothing-drifts', { component, environment });
  const at = stamp(context.now());
  await context.store.drift.order({ component, environment }, who, at);
  await context.store.runs.requestHeal(context.newId('run'), { component, environment }, at);
  return context.store.drift.list(standing);
}
