/** One deployment and, while it moves, whose the traffic is. */
import type { Deployment } from '../domain/deployment.ts';
import type { Observed } from '../domain/instance.ts';
import { shareOfVersion } from '../domain/rollout/traffic.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findDeployment } from './request-deployment.ts';

export type ShownDeployment = {
  readonly deployment: Deployment;
  /** Null when it does not move, when nobody serves, and while the engine does not answer. */
  readonly traffic: { readonly percent: number } | null;
};

export async function showDeployment(context: Context, id: string): Promise<ShownDeployment> {
  const deployment = await findDeployment(context, id);
  if (deployment.state !== 'running') return { deployment, traffic: null };
  const observed = await observedOf(context, deployment);
  const percent = observed === null ? null : shareOfVersion(observed, deployment.version);
  return { deployment, traffic: percent === null ? null : { percent } };
}

async function observedOf({ engine }: Context, { component, environment }: Deployment): Promise<Observed | null> {
  try {
    return await engine.observe({ component, environment });
  } catch (error) {
    if (error instanceof BelugaError) return null;
    throw error;
  }
}
