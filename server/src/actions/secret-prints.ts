/** The fingerprints of a release's secrets as their values are now, and the workload that follows from them. */
import type { Release } from '../domain/release.ts';
import type { SecretPrints } from '../domain/secret-prints.ts';
import { type Workload, workloadOf } from '../domain/workload.ts';
import type { Context } from './context.ts';

/** One that cannot be read is left out: its start will say so. */
export async function printsNow(context: Context, release: Release, environment: string): Promise<SecretPrints> {
  const { kind, secrets } = workloadOf(release, environment, context.hash);
  if (kind === 'Job') return {};
  const prints = await Promise.all(secrets.map(async (secret) => [secret.name, await context.secrets.print(secret)] as const));
  return Object.fromEntries(prints.flatMap(([name, print]) => (print === null ? [] : [[name, print]])));
}

/** What a deployment would bring now. */
export async function workloadNow(context: Context, release: Release, environment: string): Promise<Workload> {
  return workloadOf(release, environment, context.hash, await printsNow(context, release, environment));
}
