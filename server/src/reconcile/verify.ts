/** Before a deployment brings anything: what the platform signed about the release is verified again. */
import type { Context } from '../actions/context.ts';
import { verifyRelease } from '../actions/verify-release.ts';
import type { Release } from '../domain/release.ts';
import { BelugaError } from '../errors.ts';

export type Bringing = {
  readonly release: Pick<Release, 'digest' | 'image'>;
  readonly environment: string;
  /** When this deployment began: what was verified since need not be verified again by the server that takes it over. */
  readonly since: string | null;
};

/** Why it is refused, and what to do; null when it may be brought. A release that served here before is believed while the registry is away. */
export async function refusalToBring(
  context: Context,
  bringing: Bringing,
): Promise<{ readonly reason: string; readonly remedy: string } | null> {
  if (await wasVerifiedSince(context, bringing)) return null;
  try {
    await verifyRelease(context, bringing.release);
    return null;
  } catch (error) {
    if (!(error instanceof BelugaError) || (error.code !== 'signature-missing' && error.code !== 'registry-failed')) throw error;
    if (error.code === 'registry-failed' && (await servedBefore(context, bringing))) return null;
    return { reason: error.message, remedy: error.remedy };
  }
}

async function wasVerifiedSince(context: Context, { release, since }: Bringing): Promise<boolean> {
  const last = await context.store.attestations.lastCheck(release.digest);
  return last !== null && since !== null && Temporal.Instant.compare(last, since) >= 0;
}

async function servedBefore(context: Context, { release, environment }: Bringing): Promise<boolean> {
  const verifications = await context.store.verifications.of(release.digest);
  return (
    verifications.some((one) => one.environment === environment) && (await context.store.attestations.lastCheck(release.digest)) !== null
  );
}
