/** Asks every gate of a release and an environment, with the facts of this instant. */
import type { DeploymentPurpose } from '../domain/deployment.ts';
import { evaluateGates } from '../domain/gates/gates.ts';
import { type Waiting, waitingFor } from '../domain/gates/hold.ts';
import { isOpen, type Verdict } from '../domain/gates/verdict.ts';
import type { Party } from '../domain/trains/contract.ts';
import type { StoredRelease } from '../store/release.ts';
import type { Context } from './context.ts';
import { gatherFacts } from './gather-facts.ts';

export type GateQuestion = {
  readonly release: StoredRelease;
  readonly environment: string;
  readonly purpose: DeploymentPurpose;
  /** The incident it mends; null for an ordinary deployment. */
  readonly incident: string | null;
  /** Who asks for the deployment. */
  readonly requester: string;
  /** The deployment that has started already, with the override it may use; null before. */
  readonly deployment: { readonly id: string; readonly overrideId: string | null } | null;
  /** Whether it may take the place of a release that proves itself there. */
  readonly replaceSoaking?: boolean;
  /** The releases that go together with it, as a train would; without it: those of the train that moves it now. */
  readonly company?: readonly Party[];
};

export type GateAnswer = {
  readonly verdicts: readonly Verdict[];
  /** The override without which a gate would be closed; null where none is needed. */
  readonly overrideId: string | null;
  /** What can be waited for; null when all gates are open, or one is closed that somebody has to bring something for. */
  readonly waiting: Waiting | null;
  /** Of the plan, which approvals are bound to. */
  readonly hash: string;
};

export async function askGates(context: Context, question: GateQuestion): Promise<GateAnswer> {
  const facts = await gatherFacts(context, question);
  const verdicts = evaluateGates({ ...facts, override: null });
  const answer = (given: readonly Verdict[], overrideId: string | null): GateAnswer => ({
    ...{ verdicts: given, overrideId, waiting: waitingFor(facts, given), hash: facts.planHash },
  });
  // One that is not needed is kept for when it is.
  if (facts.override === null || isOpen(verdicts)) return answer(verdicts, null);
  return answer(evaluateGates(facts), facts.override.id);
}
