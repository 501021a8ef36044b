/**
 * A deployment: one release going to one environment.
 *
 *   waiting ──▶ running ──▶ succeeded | rolled-back | failed
 *      │            └─────▶ cancelled (asked by a person; what served before still serves)
 *      ├──▶ cancelled (a newer request took its place, or a person asked)
 *      └──▶ refused   (a gate is closed)
 *
 * Only one runs at a time for a component and environment; a newer request replaces the waiting one, never the running one.
 */
export type DeploymentState = 'waiting' | 'running' | 'succeeded' | 'rolled-back' | 'failed' | 'refused' | 'cancelled';

/** Which states may follow; the terminal ones have none. */
export const transitions: Readonly<Record<DeploymentState, readonly DeploymentState[]>> = {
  waiting: ['running', 'refused', 'cancelled'],
  running: ['succeeded', 'rolled-back', 'failed', 'refused', 'cancelled'],
  succeeded: [],
  'rolled-back': [],
  failed: [],
  refused: [],
  cancelled: [],
};

export function isTerminal(state: DeploymentState): boolean {
  return transitions[state].length === 0;
}

/** The measured proof: requests sent to the component's address while it was installed. */
export type Ledger = {
  readonly sent: number;
  readonly failed: number;
  /** By kind: `refused`, `reset`, `timeout`, `status-5xx`. */
  readonly failures: Readonly<Record<string, number>>;
  /** The longest time between two answers. */
  readonly longestGapMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
};
