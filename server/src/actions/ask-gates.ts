/** Asks every gate of a release and an environment, with the facts of this instant. */
import type { DeploymentPurpose } from '../domain/deployment.ts';
import { evaluateGates } from '../domain/gates/gates.ts';
import type { Verdict } from '../domain/gates/verdict.ts';
import type { Context } from './context.ts';

export type GateQuestion = {
  readonly component: string;
  readonly version: string;
  readonly releaseDigest: string;
  readonly environment: string;
  readonly purpose: DeploymentPurpose;
};

export async function askGates(context: Context, question: GateQuestion): Promise<readonly Verdict[]> {
  const { component, version, environment, purpose } = question;
  const verifications = await context.store.deployments.verifications(question.releaseDigest);
  return evaluateGates({ environments: context.environments, component, version, environment, purpose, ...verifications });
}
