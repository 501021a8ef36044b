/** Asks for one release in one environment: it waits for its turn, or is refused with every closed gate. */
import type { Deployment, DeploymentPurpose } from '../domain/deployment.ts';
import { isOpen, reasonOf } from '../domain/gates/verdict.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import { askForApproval } from './approve-plan.ts';
import { askGates } from './ask-gates.ts';
import type { Context } from './context.ts';
import { describeChange } from './describe-change.ts';
import { findEnvironment, findRelease } from './find-release.ts';
import { lookAtFor } from './settle-held.ts';

export type DeploymentWish = {
  readonly component: string;
  readonly environment: string;
  readonly version: string;
  /** The reference of the incident it mends. */
  readonly incident?: string | undefined;
  /** Whether it waits for gates that time opens, and for the approval of its plan, in place of being refused. */
  readonly waitForGates?: boolean | undefined;
  /** Whether it takes the place of a release that proves itself there for the next environment. */
  readonly replaceSoaking?: boolean | undefined;
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
  const { verdicts, hash, overrideId, ...answer } = await askGates(context, {
    release,
    environment,
    purpose,
    incident,
    requester: who,
    replaceSoaking: wish.replaceSoaking === true,
    deployment: null,
  });
  const id = wish.id ?? context.newId('dep');
  const waiting = wish.waitForGates === true ? answer.waiting : null;
  const refusal = waiting !== null || isOpen(verdicts) ? null : reasonOf(verdicts);
  const subject = { release, environment, purpose, incident, requestedBy: who, verdicts, planHash: hash, overrideId };
  const change = await describeChange(context, subject);
  const request = { component, environment, version, purpose, incident, overrideId, releaseDigest: release.digest };
  if (waiting?.approval === true) await askForApproval(context, who, wish);
  await context.store.deployments.request({
    ...request,
    ...{ waiting, lookAt: lookAtFor(context, waiting) },
    ...{ waitForGates: wish.waitForGates === true, replaceSoaking: wish.replaceSoaking === true },
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
