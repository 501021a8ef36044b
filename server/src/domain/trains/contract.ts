/**
 * Contracts between components: what a set of releases provides, what it requires, and what of that does not fit.
 *
 * Versions and ranges are those of Semantic Versioning 2.0. A release that names no contract of its own provides one called as its
 * component, in its own version.
 */
import satisfies from 'semver/functions/satisfies.js';
import valid from 'semver/functions/valid.js';
import type { Provided, Release, Requirement } from '../release.ts';

/** Of a release, what others can see of it. */
export type Party = {
  readonly component: string;
  readonly version: string;
  readonly digest: string;
  readonly dependsOn: readonly string[];
  readonly provides: readonly Provided[];
  readonly requires: readonly Requirement[];
};

export function partyOf({ component, version, digest, spec }: Pick<Release, 'component' | 'version' | 'digest' | 'spec'>): Party {
  const { dependsOn, provides = [], requires = [] } = spec;
  return { component, version, digest, dependsOn, provides, requires };
}

/** What an environment holds: one release of a component at most. */
export type PartySet = ReadonlyMap<string, Party>;

/** A requirement that the set does not meet. */
export type Broken = {
  /** Who requires it. */
  readonly component: string;
  readonly version: string;
  readonly requirement: Requirement;
  /** The version of the component that should provide it; null where the set has none of it. */
  readonly provider: string | null;
  /** The versions of the contract that it provides. */
  readonly provided: readonly string[];
};

/** The set with these releases in the place of others of the same components. */
export function withReleases(set: PartySet, releases: Iterable<Party>): PartySet {
  return new Map([...set, ...[...releases].map((one) => [one.component, one] as const)]);
}

/** Every requirement that nobody in the set meets; empty: the set is compatible. */
export function brokenIn(set: PartySet): readonly Broken[] {
  return [...set.values()].flatMap((party) => party.requires.flatMap((requirement) => brokenBy(set, party, requirement)));
}

/** What is broken after and was not before: what a component lacked already is nobody's fault today. */
export function newlyBroken(before: PartySet, after: PartySet): readonly Broken[] {
  const known = new Set(brokenIn(before).map(keyOf));
  return brokenIn(after).filter((broken) => !known.has(keyOf(broken)));
}

/** What stands in the way of a release in this set: what it requires itself, and what others lack because of it. */
export function brokenWith(set: PartySet, release: Party): readonly Broken[] {
  const after = withReleases(set, [release]);
  const own = brokenIn(after).filter(({ component }) => component === release.component);
  return [...own, ...newlyBroken(set, after).filter(({ component }) => component !== release.component)];
}

/** `contrats-web@1.0.0 requires contrats-api ^2.0 of contrats-api, and contrats-api@3.0.0 provides 3.0.0`. */
export function sentenceOf({ component, version, requirement, provider, provided }: Broken): string {
  const { contract, range, component: other } = requirement;
  const needs = `${component}@${version} requires ${contract} ${range} of ${other}`;
  if (provider === null) return `${needs}, which is not there`;
  const what = provided.length === 0 ? 'does not provide it' : `provides ${provided.join(' and ')}`;
  return `${needs}, and ${other}@${provider} ${what}`;
}

function brokenBy(set: PartySet, { component, version }: Party, requirement: Requirement): readonly Broken[] {
  const provider = set.get(requirement.component);
  const provided = provider === undefined ? [] : versionsOf(provider, requirement.contract);
  if (provided.some((one) => fits(one, requirement.range))) return [];
  return [{ component, version, requirement, provider: provider?.version ?? null, provided }];
}

/** The versions in which a release provides a contract. */
function versionsOf({ component, version, provides }: Party, contract: string): readonly string[] {
  const written = provides.filter((one) => one.contract === contract).map((one) => one.version);
  return written.length === 0 && contract === component ? [version] : written;
}

/** A version that is no semantic one fits no range but `*`: what cannot be compared is not proven. */
function fits(version: string, range: string): boolean {
  return range === '*' || (valid(version) !== null && satisfies(version, range, { includePrerelease: true }));
}

/** The same for the same requirement of the same component, in whatever versions. */
export function keyOf({ component, requirement }: Broken): string {
  return [component, requirement.component, requirement.contract, requirement.range].join(' ');
}
