/** Cancels a deployment: a waiting one ends at once, a moving one puts back what served before, unless the new one serves already. */
import type { Deployment } from '../domain/deployment.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findDeployment } from './request-deployment.ts';

export async function cancelDeployment(context: Context, who: string, id: string, reason: string | null = null): Promise<Deployment> {
  const { state } = await findDeployment(context, id);
  if ((await context.store.deployments.cancel(id, { who, reason }, stamp(context.now()))) === 'ended')
    throw new BelugaError('not-cancellable', { id, state });
  return findDeployment(context, id);
}
