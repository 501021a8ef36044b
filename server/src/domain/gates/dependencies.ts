/**
 * Dependencies: what the release calls is in the environment in a version it can work with, and what calls it there goes on working.
 *
 * Ranges are those of semantic versions, such as `^2.1.0`, written in `dependsOn` of beluga.yaml.
 */
import { satisfies, valid } from 'semver';
import { type DependencyFacts, type DependentFacts, type GateFacts, nameOf } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

export function dependencyGate(facts: GateFacts): Verdict | null {
  if (!facts.settings.dependencies) return null;
  const { environment, release } = facts;
  const lacking = facts.dependencies.flatMap((one) => problemOf(one, environment));
  const broken = facts.dependents.filter(({ range }) => !fits(release.version, range)).map((one) => wordsOf(one, facts));
  if (lacking.length + broken.length === 0) {
    return opened(
      'dependencies',
      facts.dependencies.length === 0
        ? `${release.component} depends on nothing.`
        : `What ${release.component} depends on is in ${environment}.`,
    );
  }
  const remedy =
    lacking.length > 0
      ? `Install it first: beluga deploy ${firstOf(facts)} --to ${environment}.`
      : `Install a version of what calls it that works with ${nameOf(facts)} first.`;
  return closed('dependencies', `${[...lacking, ...broken].join('; ')}.`, remedy, 'the teams of the components named');
}

function problemOf({ component, version, range }: DependencyFacts, environment: string): readonly string[] {
  if (version === null) return [`${component}, which it depends on, is not in ${environment}`];
  if (range === null || fits(version, range)) return [];
  return [`it needs ${component} ${range}, and ${environment} has ${version}`];
}

function wordsOf({ component, version, range }: DependentFacts, { release, environment }: GateFacts): string {
  return `${component}@${version} in ${environment} needs ${release.component} ${range}`;
}

function firstOf({ dependencies }: GateFacts): string {
  return dependencies.find(({ version, range }) => version === null || (range !== null && !fits(version, range)))?.component ?? '';
}

/** A version that is no semantic one fits no range: what cannot be compared is not proven. */
function fits(version: string, range: string): boolean {
  return valid(version) !== null && satisfies(version, range, { includePrerelease: true });
}
