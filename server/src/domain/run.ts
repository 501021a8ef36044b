/**
 * A run: one move of one workload, as a list of steps that outlives the server that performs it.
 *
 * `forward` carries the plan out, `undo` puts back what served before. A run is held by a lease; whoever takes it over raises its
 * epoch, and a worker with an older epoch can no longer write.
 */
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

export type RecordedStep = {
  readonly ordinal: number;
  readonly kind: Step['kind'];
  readonly purpose: RunDirection;
  readonly sentence: string;
  readonly state: StepState;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
};
