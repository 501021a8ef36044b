/**
 * The gates of a deployment: one pure function for API, CLI, console and the reconciler.
 *
 * It answers with every verdict, met or not, so that nobody learns the second obstacle after clearing the first. It is asked when
 * the deployment is requested, again when it starts, and again before its irreversible step.
 */
import type { DeploymentPurpose } from '../deployment.ts';
import { orderGate } from './order.ts';
import type { Verdict } from './verdict.ts';

/** What the gates look at; gathered by the caller, at one instant. */
export type GateFacts = {
  /** The stages in order. */
  readonly environments: readonly string[];
  readonly component: string;
  readonly version: string;
  readonly environment: string;
  readonly purpose: DeploymentPurpose;
  /** The environments in which this release digest has a verification that was not revoked. */
  readonly verifiedIn: readonly string[];
  /** The environments in which its verification was revoked, with the reason. */
  readonly revokedIn: Readonly<Record<string, string>>;
};

const gates: readonly ((facts: GateFacts) => Verdict)[] = [orderGate];

export function evaluateGates(facts: GateFacts): readonly Verdict[] {
  return gates.map((gate) => gate(facts));
}
