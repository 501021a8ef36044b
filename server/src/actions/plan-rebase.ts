/** Who would move to the newest version of a socle, wave by wave, and who may not. Changes nothing. */
import { planRebase as plan, type RebasePlan, standsOn } from '../domain/socle.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findSocle } from './find-socle.ts';

type Wish = {
  /** The socle to move to. */
  readonly name: string;
  /** The socle to move from; without it, older versions of the same. */
  readonly from?: string;
  readonly system?: string;
};

export async function planRebase(context: Context, { name, from = name, system }: Wish): Promise<RebasePlan> {
  const onto = await findSocle(context, name);
  if (onto.deprecated !== null) throw new BelugaError('socle-deprecated', { socle: name, reason: onto.deprecated.reason });
  if (from !== name) await findSocle(context, from);
  const { socles } = context.store;
  const [versions, users, known] = await Promise.all([socles.versions(), socles.users(), socles.knownReleases()]);
  const mayMove = users.filter((user) => {
    const base = standsOn(user.layers, versions)?.name;
    return (base === from || base === name) && (system === undefined || user.system === system);
  });
  return plan(onto, mayMove, versions, known);
}
