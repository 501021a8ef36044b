/** The SBOM of a release as this platform signed it, verified before it is given away. */
import type { Context } from './context.ts';
import { findRelease } from './find-release.ts';
import { verifyRelease } from './verify-release.ts';

/** Throws `registry-failed` and `signature-missing`. */
export async function readSbom(context: Context, named: { component: string; version: string }): Promise<unknown> {
  const attested = await verifyRelease(context, await findRelease(context, named.component, named.version));
  return attested.find(({ kind }) => kind === 'sbom')?.predicate;
}
