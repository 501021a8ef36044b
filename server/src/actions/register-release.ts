/** Registers releases: images that the registry holds, with everything needed to run them anywhere, each under one digest. */
import type { Commit, CommitMessage } from '../domain/commit.ts';
import type { Layer, Release, Spec } from '../domain/release.ts';
import { stamp } from '../domain/stamp.ts';
import { canonical } from '../domain/workload.ts';
import { BelugaError } from '../errors.ts';
import { nameOfRelease, type Registering, type Registration, type StoredRelease } from '../store/release.ts';
import { attestRelease, type Grounds, readGrounds } from './attest-release.ts';
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
export type Registered = { readonly release: StoredRelease; readonly created: boolean };

/** Registering the same content again answers with the same release; other content under a known version is refused. */
export async function registerRelease(context: Context, who: string, request: ReleaseRequest): Promise<Registered> {
  const [outcome] = await registerReleases(context, who, [request]);
  if (outcome === undefined || outcome instanceof BelugaError) throw outcome ?? new Error('one request has one outcome');
  return outcome;
}

/** Several in one transaction, each checked and refused by itself: what became of each, in their order. */
export async function registerReleases(
  context: Context,
  who: string,
  requests: readonly ReleaseRequest[],
): Promise<readonly (Registered | BelugaError)[]> {
  const names = requests.map(({ spec, version }) => ({ component: spec.name, version }));
  const known = await context.store.releases.findNamed(names);
  let read: Promise<Grounds> | undefined;
  const grounds = () => (read ??= readGrounds(context));
  const checked = await Promise.all(requests.map((request) => refusedOr(() => check(context, request, known, grounds))));
  const wishes = checked.filter(isNew);
  const registrations = (await context.store.releases.register(wishes, stamp(context.now()), who)).values();
  return checked.map((one) => (isNew(one) ? outcomeOf(one.release, registrations.next().value) : one));
}

function isNew(one: Registering | Registered | BelugaError): one is Registering {
  return !(one instanceof BelugaError) && 'proof' in one;
}

/** What was refused, as a value; what nobody foresaw is thrown. */
export async function refusedOr<T>(work: () => Promise<T>): Promise<T | BelugaError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BelugaError) return error;
    throw error;
  }
}

async function check(
  context: Context,
  request: ReleaseRequest,
  all: ReadonlyMap<string, StoredRelease>,
  grounds: () => Promise<Grounds>,
): Promise<Registering | Registered> {
  const { spec, version, image, layers, commit } = request;
  refuseUnknownEnvironments(context, spec);
  if (!(await context.registry.holds(image))) throw new BelugaError('image-missing', { image });
  // The host a registry is reached by is not content: the same bytes stay one release wherever they are pulled from.
  const digest = context.hash(canonical({ version, image: image.slice(image.indexOf('/') + 1), spec, commit: commit?.id ?? null }));
  const release = { component: spec.name, version, digest, image, layers, commit, spec, commits: request.commits ?? messageOf(commit) };
  const known = all.get(nameOfRelease(release));
  if (known !== undefined && known.digest !== digest) throw conflictOf(release, known);
  if (known !== undefined) return { release: known, created: false };
  await context.registry.keep(image);
  return { release, proof: await attestRelease(context, release, await grounds()) };
}

function outcomeOf(release: Release, registration: Registration | undefined): Registered | BelugaError {
  if (registration === undefined) throw new Error('every registration has one outcome');
  const { isCreated, release: stored } = registration;
  return stored.digest === release.digest ? { release: stored, created: isCreated } : conflictOf(release, stored);
}

function conflictOf({ component, version, digest: offered }: Release, stored: StoredRelease): BelugaError {
  return new BelugaError('release-exists', { component, version, existing: stored.digest, offered });
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
