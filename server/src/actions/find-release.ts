/** Finds what a person named, or refuses with what there is instead. */
import { BelugaError } from '../errors.ts';
import type { StoredRelease } from '../store/release.ts';
import type { Context } from './context.ts';

export async function findRelease(context: Context, component: string, version: string): Promise<StoredRelease> {
  const release = await context.store.releases.find(component, version);
  if (release !== null) return release;
  await findComponent(context, component);
  const versions = await context.store.releases.versions(component);
  throw new BelugaError('unknown-version', { component, version, known: listed(versions) });
}

export async function findComponent(context: Context, component: string): Promise<void> {
  const known = await context.store.releases.componentNames();
  if (!known.includes(component)) throw new BelugaError('unknown-component', { component, known: listed(known) });
}

export function findEnvironment(context: Context, environment: string): void {
  if (context.environments.includes(environment)) return;
  throw new BelugaError('unknown-environment', { environment, known: context.environments.join(', ') });
}

/** The release that is recorded to run in an environment. */
export async function findCurrent(context: Context, component: string, environment: string): Promise<StoredRelease> {
  findEnvironment(context, environment);
  await findComponent(context, component);
  const current = await context.store.deployments.current(component, environment);
  if (current === null) throw new BelugaError('not-deployed', { component, environment });
  return context.store.releases.byDigest(current.releaseDigest);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length === 0 ? 'none yet' : names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
