/** Registers a release: an image that the registry holds, with everything needed to run it anywhere, under one digest. */
import type { Commit, CommitMessage } from '../domain/commit.ts';
import type { Layer, Spec } from '../domain/release.ts';
import { stamp } from '../domain/stamp.ts';
import { canonical } from '../domain/workload.ts';
import { BelugaError } from '../errors.ts';
import type { StoredRelease } from '../store/release.ts';
import { attestRelease } from './attest-release.ts';
import type { Context } from './context.ts';

export type { StoredRelease };
export type ReleaseRequest = {
  readonly spec: Spec;
  readonly version: string;
  readonly image: string;
  readonly layers: readonly Layer[];
  readonly commit: Commit | null;
  /** What came in since the release before; the commit alone unless said. */
  readonly commits?: readonly CommitMessage[] | undefined;
};

/** Registering the same content again answers with the same release; other content under a known version is refused. */
export async function registerRelease(
  context: Context,
  who: string,
  request: ReleaseRequest,
): Promise<{ readonly release: StoredRelease; readonly created: boolean }> {
  const { spec, version, image, layers, commit } = request;
  refuseUnknownEnvironments(context, spec);
  if (!(await context.registry.holds(image))) throw new BelugaError('image-missing', { image });
  // The host a registry is reached by is not content: the same bytes stay one release wherever they are pulled from.
  const digest = context.hash(canonical({ version, image: image.slice(image.indexOf('/') + 1), spec, commit: commit?.id ?? null }));
  const release = { component: spec.name, version, digest, image, layers, commit, spec, commits: request.commits ?? messageOf(commit) };
  const known = await context.store.releases.find(spec.name, version);
  if (known === null) await context.registry.keep(image);
  if (known?.digest === digest) return { release: known, created: false };
  const proof = known === null ? await attestRelease(context, release) : undefined;
  const registration = await context.store.releases.register(release, stamp(context.now()), who, proof);
  if (registration.outcome === 'conflict') {
    const existing = registration.release.digest;
    throw new BelugaError('release-exists', { component: spec.name, version, existing, offered: digest });
  }
  return { release: registration.release, created: registration.outcome === 'created' };
}

function refuseUnknownEnvironments(context: Context, spec: Spec): void {
  const unknown = Object.keys(spec.environments).find((name) => !context.environments.includes(name));
  if (unknown !== undefined) throw new BelugaError('unknown-environment', { environment: unknown, known: context.environments.join(', ') });
}

function messageOf(commit: Commit | null): readonly CommitMessage[] {
  if (commit === null) return [];
  const { id, subject, author, at } = commit;
  return [{ id, subject, body: null, author, at }];
}
