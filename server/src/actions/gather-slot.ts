/** Who soaks in an environment for the next one, where that protects it. */
import type { SlotFacts, SoakFacts } from '../domain/gates/facts.ts';
import { type EnvironmentSettings, stageBefore } from '../domain/platform.ts';
import type { Release } from '../domain/release.ts';
import type { Context } from './context.ts';

/** Null when nobody does, or when it is the release itself. */
export async function slotFacts(context: Context, release: Release, environment: string): Promise<SlotFacts | null> {
  const next = protectorOf(context.platform.environments, environment);
  const wanted = next?.gates.soak ?? null;
  if (next === undefined || wanted === null) return null;
  const current = await context.store.deployments.current(release.component, environment);
  if (current === null || current.releaseDigest === release.digest) return null;
  const verifications = (await context.store.verifications.of(current.releaseDigest)).filter(({ revoked }) => revoked === null);
  const places = verifications.map((one) => one.environment);
  // One that may go no further, or is there already, proves nothing any more.
  if (!places.includes(environment) || places.includes(next.name)) return null;
  const { component, version, digest, spec } = await context.store.releases.byDigest(current.releaseDigest);
  const soak = await soakIn(context, { component, digest }, environment);
  return { release: { component, version, kind: spec.kind }, to: next.name, wanted, soak };
}

/** What a release went through in an environment until now. */
export async function soakIn(
  { store, now }: Context,
  { component, digest }: Pick<Release, 'component' | 'digest'>,
  environment: string,
): Promise<SoakFacts> {
  return {
    environment,
    ...(await store.verifications.residence(component, environment, digest, now())),
    requests: await store.traffic.requests(digest, environment),
    jobRuns: await store.traffic.jobRuns(digest, environment),
  };
}

/** The environment that asks for a protected soak in this one. */
function protectorOf(stages: readonly EnvironmentSettings[], environment: string): EnvironmentSettings | undefined {
  return stages.find(({ name, gates }) => gates.soak?.protected === true && stageBefore(stages, name)?.name === environment);
}
