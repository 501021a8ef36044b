/**
 * What a train takes back with it: the releases before it, and those that came since and cannot live without what it brought.
 */
import { type Broken, newlyBroken, type Party, type PartySet, withReleases } from './contract.ts';

export type Return = {
  /** What is put back, in place of what is there now. */
  readonly releases: readonly Party[];
  /** What stays broken: it was not there before the train, so there is nothing to go back to. */
  readonly left: readonly Broken[];
};

/**
 * From what was there before the train and what is there now: the train's components go back, and with them, one after another,
 * whoever would lack something. At worst everything goes back, to the set that worked before.
 */
export function returnOf(before: PartySet, current: PartySet, members: readonly string[]): Return {
  const back = new Map(members.flatMap((name) => entryOf(before, current, name)));
  for (;;) {
    const broken = newlyBroken(before, withReleases(current, back.values()));
    const more = broken.flatMap(({ component, requirement }) => [
      ...(back.has(component) ? [] : entryOf(before, current, component)),
      // One that went back may lack what moved on without the train.
      ...(back.has(requirement.component) ? [] : entryOf(before, current, requirement.component)),
    ]);
    if (more.length === 0) return { releases: [...back.values()], left: broken };
    for (const [name, party] of more) back.set(name, party);
  }
}

function entryOf(before: PartySet, current: PartySet, name: string): readonly (readonly [string, Party])[] {
  const former = before.get(name);
  return former === undefined || former.digest === current.get(name)?.digest ? [] : [[name, former]];
}
