/** Asks for one release in one environment: it waits for its turn, or is refused with every closed gate. */
import type { Deployment, DeploymentPurpose } from '../domain/deployment.ts';
import { isOpen, reasonOf } from '../domain/gates/verdict.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import { askGates } from './ask-gates.ts';
import type { Context } from './context.ts';
import { findEnvironment, findRelease } from './find-release.ts';

export type DeploymentWish = { readonly component: string; readonly environment: string; readonly version: string };

export async function requestDeployment(
  context: Context,
  who: string,
  wish: DeploymentWish,
  purpose: DeploymentPurpose = 'deploy',
): Promise<Deployment> {
  const { component, environment, version } = wish;
  findEnvironment(context, environment);
  const release = await findRelease(context, component, version);
  const question = { component, version, environment, purpose, releaseDigest: release.digest };
  const verdicts = await askGates(context, question);
  const id = context.newId('dep');
  const refusal = isOpen(verdicts) ? null : reasonOf(verdicts);
  const at = stamp(context.now());
  await context.store.deployments.request({ ...question, id, runId: context.newId('run'), verdicts, refusal, who, at });
  return findDeployment(context, id);
}

export async function findDeployment(context: Context, id: string): Promise<Deployment> {
  const deployment = await context.store.views.deployment(id);
  if (deployment === null) throw new BelugaError('unknown-deployment', { id });
  return deployment;
}
