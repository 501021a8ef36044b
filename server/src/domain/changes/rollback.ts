/** The rollback plan of a change, with its proof: that the former release is there and was seen to work here. */
import type { RollbackPlan } from './change.ts';

export type RollbackFacts = {
  readonly environment: string;
  readonly former: { readonly component: string; readonly version: string } | null;
  /** Whether the registry still holds the image of the former release. */
  readonly held: boolean;
  /** Whether the former release has an unrevoked verification in the environment. */
  readonly verifiedHere: boolean;
  /** An environment below in which this very way back was gone, with success; null without. */
  readonly rehearsedIn: string | null;
  readonly steps: readonly string[];
};

export function rollbackPlan({ environment, former, held, verifiedHere, rehearsedIn, steps }: RollbackFacts): RollbackPlan {
  if (former === null) return none(null, 'Nothing is installed here to go back to.');
  const { version } = former;
  const name = `${former.component}@${version}`;
  if (!held) return none(version, `The registry does not hold the image of ${name}.`);
  if (!verifiedHere) return none(version, `${name} is not verified in ${environment}.`);
  if (rehearsedIn !== null)
    return { version, steps, proof: 'rehearsed', reason: `The way back to ${name} was rehearsed in ${rehearsedIn}.` };
  return { version, steps, proof: 'available', reason: `${name} is verified in ${environment} and its image is held.` };
}

function none(version: string | null, reason: string): RollbackPlan {
  return { version, steps: [], proof: 'none', reason };
}
