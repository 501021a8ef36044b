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
import type { Verdict } from './gates/verdict.ts';
import type { Ledger } from './ledger.ts';
import type { RecordedStep } from './run.ts';

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

export type DeploymentPurpose = 'deploy' | 'rollback';

export type Deployment = {
  readonly id: string;
  readonly component: string;
  readonly environment: string;
  readonly version: string;
  readonly releaseDigest: string;
  readonly image: string;
  readonly purpose: DeploymentPurpose;
  readonly formerVersion: string | null;
  readonly state: DeploymentState;
  readonly reason: string | null;
  readonly verdicts: readonly Verdict[];
  readonly steps: readonly RecordedStep[];
  readonly ledger: Ledger | null;
  readonly log: readonly string[];
  /** The incident that it mends. */
  readonly incident: string | null;
  /** The override that it was to start with. */
  readonly override: string | null;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
};
