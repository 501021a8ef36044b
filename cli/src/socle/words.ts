/** What a socle is, for people. */
import type { SocleView } from '@beluga/contract';

export function runtimeWords(runtime: Readonly<Record<string, string>>): string {
  // What it runs before what that needs, in whichever order they were kept.
  const names = Object.keys(runtime).toSorted((a, b) => Number(a === 'libc') - Number(b === 'libc') || (a < b ? -1 : 1));
  const words = names.map((name) => `${name} ${runtime[name]}`);
  return words.length === 0 ? 'undeclared' : words.join(', ');
}

export function stateOf(deprecated: SocleView['deprecated']): string {
  if (deprecated === null) return 'current';
  return `deprecated: ${deprecated.reason}${deprecated.instead === null ? '' : `; use ${deprecated.instead}`}`;
}
