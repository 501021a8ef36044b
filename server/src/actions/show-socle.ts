/** A socle with its versions, and which releases that count stand on which of them. */
import { type Socle, type SocleUser, type SocleVersion, standsOn } from '../domain/socle.ts';
import type { Context } from './context.ts';
import { findSocle } from './find-socle.ts';

export type SocleDetail = {
  readonly socle: Socle;
  readonly versions: readonly SocleVersion[];
  readonly users: readonly (Pick<SocleUser, 'component' | 'system' | 'version' | 'environments' | 'createdAt'> & {
    readonly number: number;
  })[];
};

export async function showSocle(context: Context, name: string): Promise<SocleDetail> {
  const socle = await findSocle(context, name);
  const [all, releases] = await Promise.all([context.store.socles.versions(), context.store.socles.users()]);
  const users = releases.flatMap(({ component, system, version, environments, createdAt, layers }) => {
    const base = standsOn(layers, all);
    return base?.name === name ? [{ component, system, version, environments, createdAt, number: base.number }] : [];
  });
  return { socle, versions: all.filter((version) => version.name === name), users };
}
