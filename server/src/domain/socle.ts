/**
 * A socle: the company's image between the vendor base and the applications, under a name, in numbered versions.
 *
 * A version is never changed; a socle's name means its newest one. What it runs (`runtime`) is a contract with the applications on it:
 * they may be moved to another version only where it still holds.
 */
import { type Criticality, criticalities, type Layer } from './release.ts';

/** What applications rely on, such as `{ node: '26', libc: 'glibc-2.36' }`: the major of a runtime, the family and version of a C library. */
export type Runtime = Readonly<Record<string, string>>;

export type SocleVersion = {
  readonly name: string;
  readonly number: number;
  readonly image: string;
  readonly vendor: string;
  readonly layers: readonly Layer[];
  readonly runtime: Runtime;
  readonly recordedAt: string;
};

/** Nobody should build on it any more. */
export type Deprecation = { readonly at: string; readonly reason: string; readonly instead: string | null };

export type Socle = SocleVersion & { readonly deprecated: Deprecation | null };

/** A release that counts: the newest of its component, or one that is installed somewhere. */
export type SocleUser = {
  readonly component: string;
  readonly system: string;
  readonly criticality: Criticality;
  readonly version: string;
  readonly image: string;
  readonly layers: readonly Layer[];
  readonly environments: readonly string[];
  /** RFC 3339: when the release was registered. */
  readonly createdAt: string;
};

export type RebaseItem = {
  readonly component: string;
  readonly version: string;
  readonly image: string;
  readonly from: { readonly name: string; readonly number: number; readonly image: string };
  readonly newVersion: string;
};
export type Wave = { readonly system: string; readonly criticality: Criticality; readonly items: readonly RebaseItem[] };
export type RebasePlan = {
  readonly onto: Socle;
  /** One after the other: systems on which least depends go first. */
  readonly waves: readonly Wave[];
  readonly refused: readonly { readonly component: string; readonly version: string; readonly problem: string }[];
  /** How many stand on it already, or have a release that does. */
  readonly done: number;
};

/** The version that an image stands on: all of its layers, in their order, below those of the image; the one with the most of them, then the newest. */
export function standsOn(layers: readonly Layer[], versions: readonly SocleVersion[]): SocleVersion | null {
  const below = versions.filter(
    (version) => version.layers.length > 0 && version.layers.every((layer, at) => layer.digest === layers[at]?.digest),
  );
  return below.toSorted((a, b) => b.layers.length - a.layers.length || b.number - a.number)[0] ?? null;
}

/** Why what was built for one runtime may not run on another; null when it may. */
export function runtimeProblem(from: Runtime, to: Runtime): string | null {
  if (Object.keys(from).length === 0) return 'the socle it stands on declares no runtime to compare';
  for (const [name, was] of Object.entries(from)) {
    const is = to[name];
    if (is === undefined) return `it needs ${name} ${was}, which the new socle does not declare`;
    const problem = name === 'libc' ? libraryProblem(was, is) : majorOf(was) === majorOf(is) ? null : 'another major';
    if (problem !== null) return `it needs ${name} ${was} and the new socle has ${is}: ${problem}`;
  }
  return null;
}

/** A C library runs what was built for an older one of its family, never for a newer one. */
function libraryProblem(was: string, is: string): string | null {
  const [family, ...version] = was.split('-');
  const [other, ...otherVersion] = is.split('-');
  if (family !== other) return 'another C library';
  return compareVersions(otherVersion.join('-'), version.join('-')) < 0 ? 'an older C library' : null;
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? version;
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The version of a release moved to a socle: `1.4.0` becomes `1.4.0+node-26.3`, build metadata by SemVer; moved again, the number moves. */
export function rebasedVersion(
  version: string,
  onto: { readonly name: string; readonly number: number },
  names: readonly string[],
): string {
  const former = names.find((name) => new RegExp(`[+.]${name.replaceAll('.', '\\.')}\\.[0-9]+$`).test(version));
  const bare = former === undefined ? version : version.slice(0, version.lastIndexOf(former) - 1);
  return `${bare}${bare.includes('+') ? '.' : '+'}${onto.name}.${onto.number}`;
}

/** Who moves to a socle, in which order, who does not and why. */
export function planRebase(
  onto: Socle,
  users: readonly SocleUser[],
  versions: readonly SocleVersion[],
  known: ReadonlySet<string>,
): RebasePlan {
  const names = [...new Set([...versions.map((version) => version.name), onto.name])];
  const judged = users.flatMap((user) => {
    const from = standsOn(user.layers, versions);
    return from === null ? [] : [judge(user, from, onto, names, known)];
  });
  const refused = judged.flatMap((one) => (one.kind === 'refused' ? [one.refused] : []));
  return { onto, refused, waves: wavesOf(judged), done: judged.filter((one) => one.kind === 'done').length };
}

type Judged =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly refused: RebasePlan['refused'][number] }
  | { readonly kind: 'item'; readonly user: SocleUser; readonly item: RebaseItem };

function judge(user: SocleUser, from: SocleVersion, onto: Socle, names: readonly string[], known: ReadonlySet<string>): Judged {
  const { component, version, image } = user;
  const newVersion = rebasedVersion(version, onto, names);
  if ((from.name === onto.name && from.number === onto.number) || known.has(`${component}@${newVersion}`)) return { kind: 'done' };
  const problem = runtimeProblem(from.runtime, onto.runtime);
  if (problem !== null) return { kind: 'refused', refused: { component, version, problem } };
  const base = { name: from.name, number: from.number, image: from.image };
  return { kind: 'item', user, item: { component, version, image, from: base, newVersion } };
}

function wavesOf(judged: readonly Judged[]): readonly Wave[] {
  const movers = judged.flatMap((one) => (one.kind === 'item' ? [one] : []));
  const systems = [...new Set(movers.map(({ user }) => user.system))];
  const waves = systems.map((system) => {
    const own = movers.filter(({ user }) => user.system === system);
    const rank = Math.max(...own.map(({ user }) => criticalities.indexOf(user.criticality)));
    return { system, criticality: criticalities[rank] ?? 'critical', items: own.map(({ item }) => item) };
  });
  const rankOf = (wave: Wave) => criticalities.indexOf(wave.criticality);
  return waves.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.system < b.system ? -1 : 1));
}
