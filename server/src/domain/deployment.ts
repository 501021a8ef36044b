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

/** Adds what was measured before a restart to what was measured since; of each latency the worse stays. */
export function mergeLedgers(before: Ledger | null, since: Ledger | null): Ledger | null {
  if (before === null || since === null) return before ?? since;
  const kinds = new Set([...Object.keys(before.failures), ...Object.keys(since.failures)]);
  return {
    sent: before.sent + since.sent,
    failed: before.failed + since.failed,
    failures: Object.fromEntries([...kinds].map((kind) => [kind, (before.failures[kind] ?? 0) + (since.failures[kind] ?? 0)])),
    longestGapMs: Math.max(before.longestGapMs, since.longestGapMs),
    p50Ms: Math.max(before.p50Ms, since.p50Ms),
    p99Ms: Math.max(before.p99Ms, since.p99Ms),
  };
}
