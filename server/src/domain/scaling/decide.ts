/**
 * The decision: from what every target asks for to one number and one sentence, with the defaults of the Kubernetes
 * HorizontalPodAutoscaler v2 ("Configurable scaling behavior", "Default Behavior"):
 *
 *   several targets   the one that asks for most; when one cannot be measured, none may ask for fewer
 *   more              at once, at most the double or four more in 15 s, whichever is more
 *   fewer             the most that was recommended in the last 5 minutes
 *   always            between the fewest and the most
 */
import type { Replicas, Scaling } from '../release.ts';
import { stamp } from '../stamp.ts';
import { type Recommendation, recommend, type Sample } from './recommend.ts';
import { clamp, noMemory, type Scale, type ScalingMemory } from './scale.ts';
import { type Decided, decisionSentence } from './sentence.ts';

export type TargetName = 'cpu' | 'memory' | 'requests' | 'concurrency';
export type Target = { readonly name: TargetName; readonly target: number; readonly samples: readonly Sample[] };
export type Asked = Target & Recommendation;
export type Question = {
  readonly scaling: Scaling;
  readonly replicas: Replicas;
  readonly targets: readonly Target[];
  readonly before: Scale | null;
  readonly now: Temporal.Instant;
};

const rateWindowMs = 15_000;
const atLeastUp = 4;

export function decide({ scaling, replicas, targets, before, now }: Question): Scale {
  const current = clamp(before?.wanted ?? replicas.min, replicas);
  const asked = targets.map((target): Asked => ({ ...target, ...recommend(target.samples, target.target, current) }));
  const seen = asked.filter(({ mean }) => mean !== null);
  const strongest = seen.toSorted((a, b) => b.wanted - a.wanted)[0] ?? null;
  const blind = asked.filter(({ mean }) => mean === null);
  const raw = strongest === null || (blind.length > 0 && strongest.wanted < current) ? current : strongest.wanted;
  const memory = remember(before?.memory ?? noMemory, raw, scaling, now);
  const stable = stabilised(raw, current, memory, scaling, now);
  const paced = stable > current ? Math.min(stable, fastest(current, memory)) : stable;
  const wanted = clamp(paced, replicas);
  const decided: Decided = { current, raw, stable, paced, wanted, strongest, blind, replicas, scaling };
  const changed = wanted === current ? memory.changed : [...memory.changed, { at: stamp(now), by: wanted - current }];
  const decidedAt = before === null || wanted !== before.wanted ? stamp(now) : before.decidedAt;
  return { wanted, pinned: null, reason: decisionSentence(decided), memory: { ...memory, changed }, decidedAt };
}

/** What each look recommended is kept for as long as a window asks for it. */
function remember(memory: ScalingMemory, wanted: number, { downAfterMs, upAfterMs }: Scaling, now: Temporal.Instant): ScalingMemory {
  const since = ago(now, Math.max(downAfterMs, upAfterMs));
  const rateSince = ago(now, rateWindowMs);
  return {
    recommended: [...memory.recommended.filter((one) => one.at >= since), { at: stamp(now), wanted }],
    changed: memory.changed.filter((one) => one.at > rateSince),
  };
}

/** Fewer than now only as far as the whole window agreed, more than now only as far as the whole of the other one did. */
function stabilised(raw: number, current: number, memory: ScalingMemory, scaling: Scaling, now: Temporal.Instant): number {
  const within = (ms: number) => memory.recommended.filter((one) => one.at >= ago(now, ms)).map(({ wanted }) => wanted);
  const up = Math.min(raw, ...within(scaling.upAfterMs));
  const down = Math.max(raw, ...within(scaling.downAfterMs));
  if (current < up) return up;
  return current > down ? down : current;
}

function fastest(current: number, memory: ScalingMemory): number {
  const began = memory.changed.reduce((number, { by }) => number - by, current);
  return Math.max(began * 2, began + atLeastUp, current);
}

function ago(now: Temporal.Instant, milliseconds: number): string {
  return stamp(now.subtract({ milliseconds }));
}
