/** Who is exposed: the places in which a package with a weakness runs now. */
import type { Severity } from './evidence.ts';
import type { Storey } from './release.ts';

export type Exposure = {
  readonly component: string;
  readonly system: string;
  readonly environment: string;
  readonly version: string;
  readonly package: string;
  readonly storey: Storey | null;
  /** As the scan rated it; null when only the package is known. */
  readonly severity: Severity | null;
  /** `scan`: the newest scan of this very release found it; `package`: it holds a package in which another scan found it, or that was asked for. */
  readonly basis: 'scan' | 'package';
};

/** The same package in the same place is told once, by its scan if there is one; ordered for people. */
export function distinctExposures(found: readonly (Exposure & { readonly base: string })[]): readonly Exposure[] {
  const kept = new Map<string, Exposure>();
  for (const { base, ...exposure } of found.toSorted((a, b) => (a.basis === b.basis ? 0 : a.basis === 'scan' ? 1 : -1))) {
    const key = `${exposure.component}\0${exposure.environment}\0${base}`;
    const before = kept.get(key);
    kept.set(key, { ...exposure, storey: exposure.storey ?? before?.storey ?? null });
  }
  const order = (one: Exposure) => `${one.system}\0${one.component}\0${one.environment}\0${one.package}`;
  return [...kept.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
