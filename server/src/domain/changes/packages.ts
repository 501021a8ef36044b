/** What differs between the packages of two images, as their SBOMs list them. */
import type { NamedPackage } from '../purl.ts';

export type PackageChange = {
  /** Package URL without version. */
  readonly package: string;
  /** Its versions, several with commas; null: none. */
  readonly before: string | null;
  readonly after: string | null;
};

export type PackageDelta = {
  /** Whether both images were looked into. */
  readonly known: boolean;
  /** How many packages differ; the first of them are listed. */
  readonly count: number;
  readonly changes: readonly PackageChange[];
};

/** What one list has and the other has not. */
export type Differing = { readonly removed: readonly NamedPackage[]; readonly added: readonly NamedPackage[] };

const most = 200;

/** Null: an image was not looked into, or nothing was there before. */
export function packageDelta(differing: Differing | null): PackageDelta {
  if (differing === null) return { known: false, count: 0, changes: [] };
  const [before, after] = [versionsOf(differing.removed), versionsOf(differing.added)];
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  const changes = names.map((name) => ({ package: name, before: before.get(name) ?? null, after: after.get(name) ?? null }));
  return { known: true, count: changes.length, changes: changes.slice(0, most) };
}

function versionsOf(packages: readonly NamedPackage[]): ReadonlyMap<string, string> {
  const groups = Map.groupBy(packages, ({ base }) => base);
  return new Map(
    [...groups].map(([base, all]) => [
      base,
      all
        .map(({ version }) => version)
        .toSorted()
        .join(', '),
    ]),
  );
}
