/**
 * Registers releases that were moved to the newest version of a socle: the same commit and configuration, the same layers of the
 * application, another base.
 *
 * What is offered is checked against what is recorded: the layers must be those of the socle with those of the application above.
 */
import type { Layer } from '../domain/release.ts';
import { rebasedVersion, runtimeProblem, type Socle, type SocleVersion, standsOn } from '../domain/socle.ts';
import { BelugaError } from '../errors.ts';
import { nameOfRelease, type StoredRelease } from '../store/release.ts';
import type { Context } from './context.ts';
import { findRelease } from './find-release.ts';
import { findSocle } from './find-socle.ts';
import { type Registered, type ReleaseRequest, refusedOr, registerReleases } from './register-release.ts';

type Moving = {
  readonly component: string;
  readonly version: string;
  /** The image on the new base, and its layers. */
  readonly image: string;
  readonly layers: readonly Layer[];
};
type Wish = {
  /** Of the socle. */
  readonly name: string;
  readonly releases: readonly Moving[];
};

/** What became of a release: it has a moved one now, or there is a reason why not. */
export type Moved =
  | { readonly outcome: 'created' | 'same'; readonly from: Moving; readonly release: StoredRelease }
  | { readonly outcome: 'refused'; readonly from: Moving; readonly error: BelugaError };

/** All in one transaction, each checked and refused by itself. Throws `unknown-socle` and `socle-deprecated`. */
export async function rebaseReleases(context: Context, who: string, { name, releases }: Wish): Promise<readonly Moved[]> {
  const [onto, versions, formers] = await Promise.all([
    findSocle(context, name),
    context.store.socles.versions(),
    context.store.releases.findNamed(releases),
  ]);
  if (onto.deprecated !== null) throw new BelugaError('socle-deprecated', { socle: name, reason: onto.deprecated.reason });
  const checked = await Promise.all(
    releases.map((moving) =>
      refusedOr(async () => {
        const former = formers.get(nameOfRelease(moving)) ?? (await findRelease(context, moving.component, moving.version));
        return moved(former, moving, onto, versions);
      }),
    ),
  );
  const requests = checked.flatMap((one) => (one instanceof BelugaError ? [] : [one]));
  const registered = (await registerReleases(context, who, requests)).values();
  return releases.map((from, at) => {
    const refusal = checked[at];
    return movedOf(from, refusal instanceof BelugaError ? refusal : registered.next().value);
  });
}

/** The release that comes of moving another. Throws `not-on-a-socle`, `runtime-differs` and `rebase-changes-application`. */
function moved(former: StoredRelease, { image, layers }: Moving, onto: Socle, versions: readonly SocleVersion[]): ReleaseRequest {
  const release = nameOfRelease(former);
  const base = standsOn(former.layers, versions);
  if (base === null) throw new BelugaError('not-on-a-socle', { release });
  const problem = runtimeProblem(base.runtime, onto.runtime);
  if (problem !== null) throw new BelugaError('runtime-differs', { release, socle: onto.name, problem });
  const wanted = [...onto.layers, ...former.layers.slice(base.layers.length)];
  if (!sameLayers(wanted, layers)) throw new BelugaError('rebase-changes-application', { release });
  const version = rebasedVersion(former.version, onto, [...new Set(versions.map((one) => one.name))]);
  const { spec, commit } = former;
  return { spec, commit, version, image, layers: wanted };
}

function movedOf(from: Moving, outcome: Registered | BelugaError | undefined): Moved {
  if (outcome === undefined) throw new Error('every release has one outcome');
  if (outcome instanceof BelugaError) return { outcome: 'refused', from, error: outcome };
  return { outcome: outcome.created ? 'created' : 'same', from, release: outcome.release };
}

function sameLayers(wanted: readonly Layer[], offered: readonly Layer[]): boolean {
  return wanted.length === offered.length && wanted.every((layer, at) => layer.digest === offered[at]?.digest);
}
