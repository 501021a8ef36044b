/**
 * A deployment: one release going to one environment.
 *
 *   waiting ──▶ running ──▶ succeeded | rolled-back | failed
 *      │            └─────▶ cancelled (asked by a person; what served before still serves)
 *      ├──▶ cancelled (a newer request took its place, or a person asked)
 *      └──▶ refused   (a gate is closed)
 *
 * One that was asked to wait for its gates is `waiting` too, until they open; what it waits for stands in `waitsFor`.
 * Only one runs at a time for a component and environment; a newer request replaces the waiting one, never the running one.
 */
import type { Hold, Waiting } from './gates/hold.ts';
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
  /** What it waits for before its turn; null when it waits for nothing else, or has started. */
  readonly waitsFor: Waiting | null;
  /** The gates that held it, and how long. */
  readonly holds: readonly Hold[];
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
