import type { Entry } from './entry.ts';

type Link = Extract<Entry, { kind: 'link' }>;

/** Linux follows this many links on one path before it gives up. */
const mostLinks = 40;

/** The links whose target lies outside the tree, other links on the way taken into account. */
export function linksOutside(entries: readonly Entry[]): readonly Link[] {
  const links = entries.filter((entry) => entry.kind === 'link');
  const targets = new Map(links.map((link) => [link.path, link.target]));
  return links.filter((link) => leaves(link, targets));
}

function leaves(link: Link, targets: ReadonlyMap<string, string>): boolean {
  const here = link.path.split('/').slice(0, -1);
  const ahead = link.target.split('/').reverse();
  if (link.target.startsWith('/')) return true;
  for (let followed = 0; ahead.length > 0; ) {
    const step = ahead.pop() ?? '';
    if (step === '' || step === '.') continue;
    if (step === '..') {
      if (here.pop() === undefined) return true;
      continue;
    }
    here.push(step);
    const next = targets.get(here.join('/'));
    if (next === undefined) continue;
    if (next.startsWith('/')) return true;
    if (++followed > mostLinks) return false;
    here.pop();
    ahead.push(...next.split('/').reverse());
  }
  return false;
}
