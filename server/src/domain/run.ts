/**
 * A run: one move of one workload, as a list of steps that outlives the server that performs it.
 *
 * `forward` carries the plan out, `undo` puts back what served before. A run is held by a lease; whoever takes it over raises its
 * epoch, and a worker with an older epoch can no longer write.
 */
import type { Verdict } from './gates/verdict.ts';
import type { Step } from './rollout/step.ts';

export type RunDirection = 'forward' | 'undo';
export type StepState = 'planned' | 'running' | 'done' | 'failed' | 'skipped';

export type Run = {
  readonly id: string;
  readonly component: string;
  readonly environment: string;
  readonly purpose: 'deployment' | 'heal';
  readonly deploymentId: string | null;
  readonly direction: RunDirection;
  readonly epoch: number;
};

/** Why a run goes back; kept when it begins to, for whoever takes it over. */
export type Cause = {
  /** Stopped on purpose, and by what its deployment ends as; null: it could not be carried through. */
  readonly halt: 'cancelled' | 'refused' | null;
  readonly reason: string;
  /** What every gate said when they refused it; null where they did not. */
  readonly verdicts: readonly Verdict[] | null;
  /** The last lines of the instance that failed. */
  readonly log: readonly string[];
};

export type RecordedStep = {
  readonly ordinal: number;
  readonly kind: Step['kind'];
  readonly purpose: RunDirection;
  readonly sentence: string;
  readonly state: StepState;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
};
