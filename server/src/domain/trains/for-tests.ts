/** Releases as a test writes them, and arbitrary sets of them. */
import fc from 'fast-check';
import type { Party, PartySet } from './contract.ts';
import { brokenIn, withReleases } from './contract.ts';

/** `web@2.0.0` that requires, by component, a range of the contract called as that component. */
export function party(
  component: string,
  version: string,
  needs: Readonly<Record<string, string>> = {},
  provides: readonly string[] = [],
): Party {
  return {
    ...{ component, version, digest: `${component}@${version} ${JSON.stringify([needs, provides])}`, dependsOn: Object.keys(needs) },
    provides: provides.map((one) => ({ contract: component, version: one })),
    requires: Object.entries(needs).map(([name, range]) => ({ component: name, contract: name, range })),
  };
}

export function setOf(...parties: readonly Party[]): PartySet {
  return withReleases(new Map(), parties);
}

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** A release of any of eight components, in one of three major versions, that requires some of the components named before it. */
export const anyParty: fc.Arbitrary<Party> = fc
  .record({
    index: fc.nat({ max: names.length - 1 }),
    major: fc.integer({ min: 1, max: 3 }),
    needs: fc.dictionary(fc.constantFrom(...names), fc.constantFrom('^1', '^2', '^3', '>=1', '>=2'), { maxKeys: 3 }),
    also: fc.boolean(),
  })
  .map(({ index, major, needs, also }) => {
    const component = names[index] ?? 'a';
    const before = Object.entries(needs).filter(([name]) => names.indexOf(name) < index);
    const provides = also && major > 1 ? [`${major - 1}.0.0`, `${major}.0.0`] : [];
    return party(component, `${major}.0.0`, Object.fromEntries(before), provides);
  });

/** A compatible set: releases that would break it stay out. */
export const compatibleSet: fc.Arbitrary<PartySet> = fc.array(anyParty, { maxLength: 30 }).map((parties) =>
  parties.reduce<PartySet>((set, one) => {
    const next = withReleases(set, [one]);
    return brokenIn(next).length === 0 ? next : set;
  }, new Map()),
);
