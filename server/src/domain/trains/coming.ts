/**
 * Two clocks: an installation of today is held against what the environment holds now (the gate `dependencies`) and against what it
 * will hold when a coming train is there.
 */
import { type Broken, keyOf, newlyBroken, type Party, type PartySet, withReleases } from './contract.ts';

/** A train that is still to come, with what it will bring. */
export type ComingTrain = { readonly name: string; readonly departsAt: string; readonly members: readonly Party[] };

/** What an installation would break once a train is there. */
export type Threat = { readonly train: string; readonly departsAt: string; readonly broken: readonly Broken[] };

/**
 * The trains that an installation would break, the next one first. Trains that leave before others are there when those come, and what
 * breaks with the first is told once.
 */
export function threatsOf(release: Party, current: PartySet, trains: readonly ComingTrain[]): readonly Threat[] {
  const inOrder = [...trains].sort((a, b) => Temporal.Instant.compare(a.departsAt, b.departsAt));
  const told = new Set<string>();
  return inOrder.flatMap((train, index): readonly Threat[] => {
    const coming = inOrder.slice(0, index + 1).flatMap(({ members }) => members);
    const without = withReleases(current, coming);
    const broken = newlyBroken(without, withReleases(withReleases(current, [release]), coming)).filter((one) => !told.has(keyOf(one)));
    for (const one of broken) told.add(keyOf(one));
    return broken.length === 0 ? [] : [{ train: train.name, departsAt: train.departsAt, broken }];
  });
}
