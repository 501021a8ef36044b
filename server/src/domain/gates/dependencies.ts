/**
 * Dependencies: what the release calls is in the environment and keeps the contracts that the release requires, and what calls it there
 * goes on finding those that it requires.
 *
 * A train that moves as one is held against what is there when all of it has moved.
 */
import { type Broken, sentenceOf } from '../trains/contract.ts';
import { type GateFacts, nameOf } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

export function dependencyGate(facts: GateFacts): Verdict | null {
  if (!facts.settings.dependencies) return null;
  const { environment, release } = facts;
  const { names, missing, broken } = facts.dependencies;
  if (missing.length + broken.length === 0) {
    const reason =
      names.length === 0 ? `${release.component} depends on nothing.` : `What ${release.component} depends on is in ${environment}.`;
    return opened('dependencies', reason);
  }
  // What is not there at all is told once.
  const unmet = broken.filter(({ component, requirement }) => component !== release.component || !missing.includes(requirement.component));
  const absent = missing.map((name) => `${name}, which it depends on, is not in ${environment}`);
  const words = [...absent, ...unmet.map((one) => `in ${environment} ${sentenceOf(one)}`)];
  return closed('dependencies', `${words.join('; ')}.`, remedyFor(facts, missing, broken), 'the teams of the components named');
}

function remedyFor(facts: GateFacts, missing: readonly string[], broken: readonly Broken[]): string {
  const { release, environment } = facts;
  const first = missing[0] ?? broken.find(({ component }) => component === release.component)?.requirement.component;
  if (first !== undefined) return `Install it first: beluga deploy ${first} --to ${environment}.`;
  return `Provide the former version of the contract beside the new one, or install first what works with ${nameOf(facts)}.`;
}
