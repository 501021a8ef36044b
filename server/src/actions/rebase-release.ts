/**
 * Registers a release that was moved to the newest version of a socle: the same commit and configuration, the same layers of the
 * application, another base.
 *
 * What is offered is checked against what is recorded: the layers must be those of the socle with those of the application above.
 */
import type { Layer } from '../domain/release.ts';
import { rebasedVersion, runtimeProblem, standsOn } from '../domain/socle.ts';
import { BelugaError } from '../errors.ts';
import type { StoredRelease } from '../store/release.ts';
import type { Context } from './context.ts';
import { findRelease } from './find-release.ts';
import { findSocle } from './find-socle.ts';
import { registerRelease } from './register-release.ts';

type Wish = {
  readonly name: string;
  readonly component: string;
  readonly version: string;
  readonly image: string;
  readonly layers: readonly Layer[];
};

export async function rebaseRelease(
  context: Context,
  who: string,
  wish: Wish,
): Promise<{ readonly release: StoredRelease; readonly created: boolean }> {
  const onto = await findSocle(context, wish.name);
  const former = await findRelease(context, wish.component, wish.version);
  const versions = await context.store.socles.versions();
  const release = `${wish.component}@${wish.version}`;
  const base = standsOn(former.layers, versions);
  if (base === null) throw new BelugaError('not-on-a-socle', { release });
  const problem = runtimeProblem(base.runtime, onto.runtime);
  if (problem !== null) throw new BelugaError('runtime-differs', { release, socle: onto.name, problem });
  const wanted = [...onto.layers, ...former.layers.slice(base.layers.length)];
  if (!sameLayers(wanted, wish.layers)) throw new BelugaError('rebase-changes-application', { release });
  const { spec, commit } = former;
  const version = rebasedVersion(former.version, onto, [...new Set(versions.map(({ name }) => name))]);
  return registerRelease(context, who, { spec, commit, version, image: wish.image, layers: wanted });
}

function sameLayers(wanted: readonly Layer[], offered: readonly Layer[]): boolean {
  return wanted.length === offered.length && wanted.every((layer, at) => layer.digest === offered[at]?.digest);
}
