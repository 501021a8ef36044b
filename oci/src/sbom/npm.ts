/** What npm installed: its lockfiles of version 2 and 3, and the package.json of what is there without one. */
import type { Package } from './package.ts';

type Locked = {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly dev?: unknown;
  readonly link?: unknown;
  readonly license?: unknown;
};

/** The packages of a lockfile that a production installation has. Null for what is no lockfile of version 2 or 3. */
export function readLockfile(text: string): readonly Package[] | null {
  const lock = parsed(text) as { readonly packages?: unknown; readonly lockfileVersion?: unknown } | null;
  if (typeof lock?.packages !== 'object' || lock.packages === null || !(Number(lock.lockfileVersion) >= 2)) return null;
  return Object.entries(lock.packages as Readonly<Record<string, Locked | null>>).flatMap(([place, entry]) => {
    if (entry === null || entry.dev === true || entry.link === true || !place.includes('node_modules/')) return [];
    const name = typeof entry.name === 'string' ? entry.name : place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return packageOf(name, entry.version, entry.license);
  });
}

/** The package that a package.json describes; none when it has no name and version. */
export function readPackageJson(text: string): readonly Package[] {
  const { name, version, license } = (parsed(text) ?? {}) as Locked;
  return typeof name === 'string' ? packageOf(name, version, license) : [];
}

function packageOf(fullName: string, version: unknown, license: unknown): readonly Package[] {
  const [, scope = null, name] = /^(?:(@[^/]+)\/)?([^/]+)$/.exec(fullName) ?? [];
  if (name === undefined || typeof version !== 'string' || version === '') return [];
  return [
    {
      type: 'npm',
      namespace: scope,
      name,
      version,
      qualifiers: {},
      license: typeof license === 'string' && license !== '' ? license : null,
    },
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
