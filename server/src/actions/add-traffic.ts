/** Adds requests that a release answered, counted by something else than the router; a soak counts them. */
import { stamp } from '../domain/stamp.ts';
import type { Context } from './context.ts';
import { findCurrent, findEnvironment, findRelease } from './find-release.ts';

export type TrafficWish = {
  readonly component: string;
  readonly environment: string;
  /** Default: the release that is current there. */
  readonly version?: string | undefined;
  readonly requests: number;
};
export type Traffic = { readonly component: string; readonly version: string; readonly environment: string; readonly requests: number };

export async function addTraffic(context: Context, wish: TrafficWish): Promise<Traffic> {
  const { component, environment, version, requests } = wish;
  findEnvironment(context, environment);
  const release =
    version === undefined ? await findCurrent(context, component, environment) : await findRelease(context, component, version);
  await context.store.traffic.add(release.digest, environment, requests, stamp(context.now()));
  const sum = await context.store.traffic.requests(release.digest, environment);
  return { component, version: release.version, environment, requests: sum };
}
