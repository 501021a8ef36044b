/** Revokes the verification of a release: it goes no further, and what waits to go further ends. What runs goes on. */

import type { Evidence } from '../domain/evidence.ts';
import { revocationOf } from '../domain/gates/revocation.ts';
import type { Release } from '../domain/release.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Verification } from '../store/verification.ts';
import type { Context } from './context.ts';
import { findEnvironment, findRelease } from './find-release.ts';
import { ended } from './stop-line.ts';

export type { Verification };
export type RevocationWish = {
  readonly component: string;
  readonly version: string;
  readonly environment: string;
  readonly reason: string;
};

/** Gives the environments in which something was revoked; throws `no-verification` when there was nothing. */
export async function revokeVerification(context: Context, who: string, wish: RevocationWish): Promise<readonly string[]> {
  const { component, version, environment, reason } = wish;
  findEnvironment(context, environment);
  const release = await findRelease(context, component, version);
  const revoked = await revoke(context, release, { environments: [environment], reason, who });
  if (revoked.length === 0) throw new BelugaError('no-verification', { release: `${component}@${version}`, environment });
  return revoked;
}

/**
 * What new evidence takes away: a failed re-test, or a critical vulnerability that is not exempted, revokes every stage but the last.
 * In the last one a rollback may still need it.
 */
export async function revokeOnEvidence(context: Context, release: Release, evidence: Evidence): Promise<readonly string[]> {
  const { calendar, policies } = context.platform;
  const today = context.now().toZonedDateTimeISO(calendar.timeZone).toPlainDate();
  const reason = revocationOf(evidence, policies.exemptions, release.component, today);
  if (reason === null) return [];
  return revoke(context, release, { environments: context.environments.slice(0, -1), reason, who: evidence.recordedBy });
}

export async function listVerifications(context: Context, named: { component: string; version: string }): Promise<readonly Verification[]> {
  const release = await findRelease(context, named.component, named.version);
  return context.store.verifications.of(release.digest);
}

function revoke(
  context: Context,
  release: Release,
  { environments, reason, who }: { readonly environments: readonly string[]; readonly reason: string; readonly who: string },
): Promise<readonly string[]> {
  const first = context.environments.findIndex((name) => environments.includes(name));
  return context.store.verifications.revoke({
    ...{ releaseDigest: release.digest, release: `${release.component}@${release.version}`, environments },
    ...{ beyond: context.environments.slice(first + 1), reason: ended(reason), who, at: stamp(context.now()) },
  });
}
