/**
 * Whether node_modules holds what package-lock.json says: exit code 0 or 1, with the first difference on standard error.
 *
 * npm passes over an optional package that it could not fetch; here one that this machine needs is missing all the same.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Package = {
  readonly version?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly libc?: string | readonly string[];
};

type Lockfile = { readonly packages?: Readonly<Record<string, Package>> };

const root = process.argv[2] ?? '.';
const problem = firstDifference(packagesOf('package-lock.json'), packagesOf('node_modules/.package-lock.json'));
if (problem !== null) {
  process.stderr.write(`node_modules differs: ${problem}\n`);
  process.exitCode = 1;
}

function packagesOf(file: string): Readonly<Record<string, Package>> {
  const path = join(root, file);
  return existsSync(path) ? ((JSON.parse(readFileSync(path, 'utf8')) as Lockfile).packages ?? {}) : {};
}

function firstDifference(wanted: Readonly<Record<string, Package>>, found: Readonly<Record<string, Package>>): string | null {
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') || !isForThisMachine(entry)) continue;
    if (found[path] === undefined && isOnlyForOthers(entry)) continue;
    if (found[path]?.version !== entry.version || found[path]?.link !== entry.link) return path;
    if (!existsSync(join(root, path, 'package.json'))) return path;
  }
  return Object.keys(found).find((path) => wanted[path] === undefined) ?? null;
}

/** An optional package that names no platform is there for one that does, such as a WebAssembly build. */
function isOnlyForOthers(entry: Package): boolean {
  return entry.optional === true && entry.os === undefined && entry.cpu === undefined;
}

function isForThisMachine(entry: Package): boolean {
  return allows(entry.os, process.platform) && allows(entry.cpu, process.arch) && allows(entry.libc, 'glibc');
}

function allows(words: string | readonly string[] | undefined, word: string): boolean {
  if (words === undefined) return true;
  const list = [words].flat();
  return list.includes(word) || (list.every((entry) => entry.startsWith('!')) && !list.includes(`!${word}`));
}
