/** Answers "are we exposed": where a vulnerability, or a package, runs now. */
import { distinctExposures, type Exposure } from '../domain/exposure.ts';
import { namePurl } from '../domain/purl.ts';
import type { Context } from './context.ts';

export type { Exposure };

/** `what` is the name of a finding (`CVE-2026-1234`), or a package URL; without its version it means every version. */
export async function listExposures({ store }: Context, what: string): Promise<readonly Exposure[]> {
  if (what.startsWith('pkg:')) return distinctExposures(await store.exposures.byPackage([namePurl(what)]));
  const packages = (await store.exposures.packagesWith(what)).filter(({ version }) => version !== '');
  const [scanned, held] = await Promise.all([store.exposures.byScan(what), store.exposures.byPackage(packages)]);
  return distinctExposures([...scanned, ...held]);
}
