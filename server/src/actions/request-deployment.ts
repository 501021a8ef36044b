/** Asks for one release in one environment: it waits for its turn, or is refused with every closed gate. */
import type { Deployment, DeploymentPurpose } from '../domain/deployment.ts';
import { isOpen, reasonOf } from '../domain/gates/verdict.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import { askGates } from './ask-gates.ts';
import type { Context } from './context.ts';
import { describeChange } from './describe-change.ts';
import { findEnvironment, findRelease } from './find-release.ts';

export type DeploymentWish = {
  readonly component: string;
  readonly environment: string;
  readonly version: string;
  /** The reference of the incident it mends. */
  readonly incident?: string | undefined;
  /** Given by what must find the deployment again after a crash. */
  readonly id?: string;
};

export async function requestDeployment(
  context: Context,
  who: string,
  wish: DeploymentWish,
  purpose: DeploymentPurpose = 'deploy',
): Promise<Deployment> {
  const { component, environment, version, incident = null } = wish;
  findEnvironment(context, environment);
  const release = await findRelease(context, component, version);
  const { verdicts, hash, overrideId } = await askGates(context, {
    release,
    environment,
    purpose,
    incident,
    requester: who,
    deployment: null,
  });
  const id = wish.id ?? context.newId('dep');
  const refusal = isOpen(verdicts) ? null : reasonOf(verdicts);
  const subject = { release, environment, purpose, incident, requestedBy: who, verdicts, planHash: hash, overrideId };
  const change = await describeChange(context, subject);
  const request = { component, environment, version, purpose, incident, overrideId, releaseDigest: release.digest };
  await context.store.deployments.request({
    ...request,
    id,
    runId: context.newId('run'),
    verdicts,
    refusal,
    change,
    who,
    at: stamp(context.now()),
  });
  return findDeployment(context, id);
}

export async function findDeployment(context: Context, id: string): Promise<Deployment> {
  const deployment = await context.store.views.deployment(id);
  if (deployment === null) throw new BelugaError('unknown-deployment', { id });
  return deployment;
}
