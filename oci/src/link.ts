import type { Entry } from './entry.ts';

type Link = Extract<Entry, { kind: 'link' }>;

/** Linux gives up after 40 links on one path; each takes at most three turns here. */
const mostTurns = 3 * 40;

/** The links whose target lies outside the tree, other links on the way taken into account. */
export function linksOutside(entries: readonly Entry[]): readonly Link[] {
  const links = entries.filter((entry) => entry.kind === 'link');
  const targets = new Map(links.map((link) => [link.path, link.target]));
  return links.filter((link) => leaves(link, targets));
}

function leaves(link: Link, targets: ReadonlyMap<string, string>): boolean {
  const here = link.path.split('/').slice(0, -1);
  const ahead = [link.target];
  for (let turn = 0; turn <= mostTurns; turn++) {
    const text = ahead.pop();
    if (text === undefined) return false;
    const met = text.startsWith('/') ? 'outside' : advance(here, text, targets);
    if (met === 'outside') return true;
    if (met !== 'end') ahead.push(met.rest, met.target);
  }
  return false;
}

/** Goes on from a folder, which it changes, until the end, the next link, or out of the tree. */
function advance(
  here: string[],
  text: string,
  targets: ReadonlyMap<string, string>,
): 'outside' | 'end' | { readonly target: string; readonly rest: string } {
  const steps = text.split('/').filter((step) => step !== '' && step !== '.');
  for (const [at, step] of steps.entries()) {
    if (step === '..' && here.pop() === undefined) return 'outside';
    const target = step === '..' ? undefined : targets.get([...here, step].join('/'));
    if (target !== undefined) return { target, rest: steps.slice(at + 1).join('/') };
    if (step !== '..') here.push(step);
  }
  return 'end';
}
