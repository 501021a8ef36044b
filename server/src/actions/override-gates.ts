/** Overrides: one person asks, with a reason; another approves; one deployment uses it. */
import { type Override, type OverrideState, stateOf } from '../domain/gates/override.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { expiryOf } from './expiry.ts';
import { findEnvironment, findRelease } from './find-release.ts';

export type OverrideView = Override & { readonly state: OverrideState };
export type OverrideWish = {
  readonly component: string;
  readonly version: string;
  readonly environment: string;
  readonly reason: string;
  readonly expiresAt?: string | undefined;
};

const usualHours = 24;
const mostHours = 7 * 24;

export async function requestOverride(context: Context, who: string, wish: OverrideWish): Promise<OverrideView> {
  const { component, version, environment, reason } = wish;
  findEnvironment(context, environment);
  const release = await findRelease(context, component, version);
  const now = context.now();
  const id = context.newId('ovr');
  const expiresAt = expiryOf(now, wish.expiresAt, usualHours, mostHours);
  await context.store.overrides.request({
    ...{ id, component, version, environment, releaseDigest: release.digest, reason },
    ...{ requestedBy: who, requestedAt: stamp(now), expiresAt },
  });
  return findOverride(context, id);
}

/** Throws `own-request` from whoever asked, `no-longer-open` when it is approved, consumed or expired. */
export async function approveOverride(context: Context, who: string, id: string): Promise<OverrideView> {
  const override = await findOverride(context, id);
  if (override.requestedBy === who) throw new BelugaError('own-request', { who, id });
  const approved = override.state === 'asked' && (await context.store.overrides.approve(override, who, stamp(context.now())));
  if (!approved) throw new BelugaError('no-longer-open', { id, state: (await findOverride(context, id)).state });
  await context.store.holds.lookAgain(stamp(context.now()));
  return findOverride(context, id);
}

/** The newest first. */
export async function listOverrides(
  context: Context,
  { component, environment }: { readonly component?: string | undefined; readonly environment?: string | undefined },
): Promise<readonly OverrideView[]> {
  return (await context.store.overrides.list({ component, environment })).map((one) => viewOf(context, one));
}

async function findOverride(context: Context, id: string): Promise<OverrideView> {
  const override = await context.store.overrides.find(id);
  if (override === null) throw new BelugaError('unknown-override', { id });
  return viewOf(context, override);
}

function viewOf(context: Context, override: Override): OverrideView {
  return { ...override, state: stateOf(override, context.now()) };
}
