/** How many instances of a component are wanted and why; a person may set the number, or let scaling decide again. */
import { servesWell } from '../domain/instance.ts';
import { noMemory } from '../domain/scaling/scale.ts';
import { stamp } from '../domain/stamp.ts';
import { workloadOf } from '../domain/workload.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { withDecided } from './decided.ts';
import { findCurrent } from './find-release.ts';

type Place = { readonly component: string; readonly environment: string };
export type ScaleView = Place & {
  readonly wanted: number;
  readonly serving: number;
  readonly min: number;
  readonly max: number;
  readonly pinned: number | null;
  readonly reason: string;
  readonly decidedAt: string | null;
};

export async function showScale(context: Context, { component, environment }: Place): Promise<ScaleView> {
  const declared = await serviceAt(context, { component, environment });
  const scale = await context.store.scale.of(declared);
  const decided = await withDecided(context, declared);
  const { instances } = await context.engine.observe(declared);
  const usual =
    (declared.scaling ?? null) === null
      ? 'The release asks for so many; it names no target to scale by.'
      : 'Nothing was measured yet; it begins with the fewest.';
  return {
    ...{ component, environment, wanted: decided.replicas.min, serving: instances.filter(servesWell).length },
    ...{ min: declared.replicas.min, max: declared.replicas.max, pinned: scale?.pinned ?? null },
    ...{ reason: scale?.reason ?? usual, decidedAt: scale?.decidedAt ?? null },
  };
}

/** `to` null lets scaling decide again. */
export async function setScale(context: Context, who: string, wish: Place & { readonly to: number | null }): Promise<ScaleView> {
  const { component, environment, to } = wish;
  const place = { component, environment };
  const declared = await serviceAt(context, place);
  const before = await context.store.scale.of(place);
  const wanted = to ?? before?.wanted ?? declared.replicas.min;
  const reason =
    to === null ? `${who} let it be decided again.` : `${who} set it to ${to}; \`beluga scale --auto\` lets it be decided again.`;
  const at = stamp(context.now());
  await context.store.scale.pin(place, before, { wanted, pinned: to, reason, memory: before?.memory ?? noMemory, decidedAt: at }, who, at);
  await context.store.runs.requestHeal(context.newId('run'), place, at);
  return showScale(context, place);
}

async function serviceAt(context: Context, { component, environment }: Place) {
  const release = await findCurrent(context, component, environment);
  if (release.spec.kind !== 'Service') throw new BelugaError('not-a-service', { component });
  return workloadOf(release, environment, context.hash);
}
