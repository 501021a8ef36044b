/** The scale of a place: how many instances were decided, by what, and what is remembered to decide next. */
import type { Replicas } from '../release.ts';

/** What the next decision needs of the former ones; times are RFC 3339. */
export type ScalingMemory = {
  /** What each look would have chosen, as far back as the longer of the two windows. */
  readonly recommended: readonly { readonly at: string; readonly wanted: number }[];
  /** What was changed, for the limits on how fast it may go. */
  readonly changed: readonly { readonly at: string; readonly by: number }[];
};

export type Scale = {
  readonly wanted: number;
  /** A number that a person set; nothing is decided while it stands. */
  readonly pinned: number | null;
  /** One sentence: why it is so many. */
  readonly reason: string;
  readonly memory: ScalingMemory;
  readonly decidedAt: string;
};

export const noMemory: ScalingMemory = { recommended: [], changed: [] };

/** The replicas of a workload with the decided number as the number that must serve. */
export function decidedReplicas({ replicas }: { readonly replicas: Replicas }, scale: Scale): Replicas {
  if (scale.pinned !== null) return { min: scale.pinned, max: Math.max(scale.pinned, replicas.max) };
  return { min: clamp(scale.wanted, replicas), max: replicas.max };
}

export function clamp(value: number, { min, max }: Replicas): number {
  return Math.min(Math.max(value, min), max);
}
