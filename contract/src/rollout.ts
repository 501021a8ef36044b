/** `run.rollout` with every default filled in. */
import { millisecondsOf } from './quantity.ts';
import type { RolloutWritten } from './rollout-schema.ts';

export type Rollout = {
  readonly strategy: 'rolling' | 'blue-green' | 'canary';
  readonly batch: number;
  readonly steps: readonly { readonly weight: number; readonly forMs: number }[];
  readonly analysis: {
    readonly requests: number;
    readonly errorPercent: number;
    readonly latencyFactor: number;
    readonly withinMs: number;
  };
  readonly deadlineMs: number;
};

const usualSteps = [
  { weight: 10, for: '60s' },
  { weight: 50, for: '60s' },
] as const;

/** Every default filled in. */
export function rolloutOf(written: RolloutWritten = {}): Rollout {
  const { strategy = 'blue-green', batch = 1, analysis = {}, steps = usualSteps } = written;
  const shares = strategy === 'canary' ? steps.map((step) => ({ weight: step.weight, forMs: millisecondsOf(step.for) })) : [];
  const withinMs = millisecondsOf(analysis.within ?? '10m');
  const longest = shares.reduce((sum, { forMs }) => sum + Math.max(forMs, withinMs), millisecondsOf('10m'));
  return {
    strategy,
    batch,
    steps: shares,
    analysis: {
      requests: analysis.requests ?? 50,
      errorPercent: analysis.errors ?? 1,
      latencyFactor: analysis.latency ?? 1.5,
      withinMs,
    },
    deadlineMs: written.deadline === undefined ? longest : millisecondsOf(written.deadline),
  };
}
