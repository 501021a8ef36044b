/** Goes back to a known release: the one before the current one, or the one that is named. */
import type { Deployment } from '../domain/deployment.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findComponent, findEnvironment } from './find-release.ts';
import { requestDeployment } from './request-deployment.ts';

export type RollbackWish = {
  readonly component: string;
  readonly environment: string;
  readonly version?: string | undefined;
  readonly incident?: string | undefined;
};

export async function rollBack(context: Context, who: string, wish: RollbackWish): Promise<Deployment> {
  const { component, environment } = wish;
  findEnvironment(context, environment);
  await findComponent(context, component);
  const version = wish.version ?? (await formerVersion(context, component, environment));
  return requestDeployment(context, who, { component, environment, version, incident: wish.incident }, 'rollback');
}

async function formerVersion(context: Context, component: string, environment: string): Promise<string> {
  const digest = await context.store.deployments.formerDigest(component, environment);
  if (digest === null) throw new BelugaError('nothing-to-roll-back', { component, environment });
  return (await context.store.releases.byDigest(digest)).version;
}
