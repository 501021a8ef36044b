/** What a socle is, for people. */
import type { SocleView } from '@beluga/contract';

export function runtimeWords(runtime: Readonly<Record<string, string>>): string {
  const words = Object.entries(runtime).map(([name, version]) => `${name} ${version}`);
  return words.length === 0 ? 'undeclared' : words.join(', ');
}

export function stateOf(deprecated: SocleView['deprecated']): string {
  if (deprecated === null) return 'current';
  return `deprecated: ${deprecated.reason}${deprecated.instead === null ? '' : `; use ${deprecated.instead}`}`;
}
