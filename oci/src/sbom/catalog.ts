/** Which files of an image tell what software it holds, and how each kind is read. */
import type { ReadEntry } from '../layer-reader.ts';
import { readDpkg } from './dpkg.ts';
import { readJar } from './jar.ts';
import { readLockfile, readPackageJson } from './npm.ts';
import type { Package } from './package.ts';
import { readRpmDatabase } from './rpm.ts';

/** What was read from one file; `problem` says what could not be. */
export interface Catalog {
  readonly packages: readonly Package[];
  readonly problem: string | null;
}

type Reader = (content: Buffer, path: string) => Catalog | Promise<Catalog>;
type Kind = { readonly pattern: RegExp; readonly mostBytes: number; readonly read: Reader };

const megabyte = 1024 * 1024;
const whole = (packages: readonly Package[]): Catalog => ({ packages, problem: null });
const unread =
  (what: string): Reader =>
  () => ({ packages: [], problem: what });

const kinds: readonly Kind[] = [
  { pattern: /^var\/lib\/dpkg\/status$/, mostBytes: 64 * megabyte, read: (bytes) => whole(readDpkg(bytes.toString('utf8'))) },
  {
    pattern: /^var\/lib\/dpkg\/status\.d\/(?!.*\.md5sums$)[^/]+$/,
    mostBytes: megabyte,
    read: (bytes) => whole(readDpkg(bytes.toString('utf8'))),
  },
  {
    pattern: /^(var\/lib|usr\/lib\/sysimage)\/rpm\/(rpmdb\.sqlite|Packages|Packages\.db)$/,
    mostBytes: 256 * megabyte,
    read: (bytes) => whole(readRpmDatabase(bytes)),
  },
  { pattern: /^lib\/apk\/db\/installed$/, mostBytes: 0, read: unread('the database of apk is not read') },
  {
    pattern: /(^|\/)(node_modules\/\.package-lock|package-lock)\.json$/,
    mostBytes: 64 * megabyte,
    read: (bytes) => {
      const packages = readLockfile(bytes.toString('utf8'));
      return packages === null ? { packages: [], problem: 'it is no lockfile of version 2 or 3' } : whole(packages);
    },
  },
  {
    pattern: /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/,
    mostBytes: megabyte,
    read: (bytes) => whole(readPackageJson(bytes.toString('utf8'))),
  },
  { pattern: /\.(jar|war|ear)$/i, mostBytes: 256 * megabyte, read: (bytes, path) => whole(readJar(bytes, path)) },
];

/** Reads the file if it is one that tells of packages; null for every other. */
export async function readCatalog(entry: ReadEntry): Promise<Catalog | null> {
  const kind = kinds.find(({ pattern }) => pattern.test(entry.path));
  if (kind === undefined || entry.kind !== 'file') return isNodeProgram(entry) ? readNodeProgram(entry) : null;
  if (kind.mostBytes > 0 && entry.sizeBytes > kind.mostBytes) {
    return { packages: [], problem: `it is longer than ${kind.mostBytes / megabyte} MB` };
  }
  try {
    return await kind.read(kind.mostBytes === 0 ? Buffer.alloc(0) : await contentOf(entry), entry.path);
  } catch (error) {
    return { packages: [], problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The content of an entry, whole. */
export async function contentOf(entry: ReadEntry): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of entry.content) parts.push(part);
  return Buffer.concat(parts);
}

function isNodeProgram({ kind, path, sizeBytes }: ReadEntry): boolean {
  return kind === 'file' && /(^|\/)bin\/node(js)?$/.test(path) && sizeBytes > 10 * megabyte;
}

/** No package manager knows a Node that was unpacked from its archive; the program names the archive. */
async function readNodeProgram(entry: ReadEntry): Promise<Catalog> {
  const mark = 'https://nodejs.org/download/release/v';
  let tail = Buffer.alloc(0);
  let version: string | undefined;
  for await (const part of entry.content) {
    if (version !== undefined) continue;
    const window = Buffer.concat([tail, part]);
    const at = window.indexOf(mark);
    if (at !== -1) version = /^\d+\.\d+\.\d+/.exec(window.toString('latin1', at + mark.length, at + mark.length + 20))?.[0];
    tail = window.subarray(-100);
  }
  if (version === undefined) return { packages: [], problem: 'it does not say which Node it is' };
  return whole([{ type: 'generic', namespace: null, name: 'node', version, qualifiers: {}, license: 'MIT' }]);
}
