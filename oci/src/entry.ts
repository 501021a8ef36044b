/** What tells that a file on disk is still the one that was seen: any write changes at least one of these. */
export interface Stamp {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly inode: number;
}

/** Where the bytes of a file come from. */
export type Source =
  | { readonly kind: 'disk'; readonly file: string; readonly stamp: Stamp }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** One entry of a layer; `path` is relative to the root, without a leading or trailing slash. */
export type Entry =
  | { readonly kind: 'folder'; readonly path: string; readonly mode: number }
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly sizeBytes: number; readonly source: Source }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** Who owns the entries of a layer. */
export interface Owner {
  readonly user: number;
  readonly group: number;
}

export const root: Owner = { user: 0, group: 0 };

/** A folder everybody may read. */
export function folderEntry(path: string, mode = 0o755): Entry {
  return { kind: 'folder', path, mode };
}

/** A file whose content is given. */
export function textEntry(path: string, content: string | Uint8Array, mode = 0o644): Entry {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { kind: 'file', path, mode, sizeBytes: bytes.length, source: { kind: 'bytes', bytes } };
}

/** The entries in the order of the bytes of their paths, the same on every machine; a folder comes before what it holds. */
export function sortEntries(entries: readonly Entry[]): readonly Entry[] {
  // UTF-16 order, the cheap one, is the order of the bytes unless a path has characters beyond the basic plane.
  const beyond = entries.some((entry) => /[\ud800-\udfff]/.test(entry.path));
  return beyond ? entries.toSorted(byBytes) : entries.toSorted(byUnits);
}

/** Places entries under a folder (`app`), with the folders above them. */
export function placeUnder(folder: string, entries: readonly Entry[]): readonly Entry[] {
  const placed = entries.map((entry) => ({ ...entry, path: `${folder}/${entry.path}` }));
  const known = new Set(placed.map((entry) => entry.path));
  const above = new Set(placed.flatMap((entry) => ancestors(entry.path)).filter((path) => !known.has(path)));
  for (const path of [folder, ...ancestors(folder)]) above.add(path);
  return sortEntries([...[...above].map((path) => folderEntry(path)), ...placed]);
}

/** The folders above a path, the nearest first: `a/b/c` has `a/b` and `a`. */
export function ancestors(path: string): readonly string[] {
  const above: string[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) above.push(path.slice(0, at));
  return above;
}

function byUnits(a: Entry, b: Entry): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}

function byBytes(a: Entry, b: Entry): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}
