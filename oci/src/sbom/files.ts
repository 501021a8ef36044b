/**
 * The files of an image that matter here, as they are seen when all layers lie over each other: what a layer removes or replaces is gone.
 *
 * Layers are added from the ground up. A package is of the layer in which it first came: a database that is written again with the
 * same package in it moves nothing.
 */
import type { ReadEntry } from '../layer-reader.ts';
import { type Catalog, contentOf, readCatalog } from './catalog.ts';
import { type Package, purlOf } from './package.ts';

export interface PlacedPackage extends Package {
  /** The layer it came with, counted from the ground. */
  readonly layer: number;
}
export interface HeldFile {
  readonly layer: number;
  /** Null for a file that tells of no package. */
  readonly catalog: { readonly packages: readonly PlacedPackage[]; readonly problem: string | null } | null;
  /** The permission bits when the program runs with the rights of its owner or group, whoever starts it; else null. */
  readonly privileged: number | null;
  /** Of the files that tell of accounts and of the distribution. */
  readonly text: string | null;
}
/** By path, without a leading slash. */
export type HeldFiles = ReadonlyMap<string, HeldFile>;

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';
const texts = /^(etc\/passwd|etc\/os-release|usr\/lib\/os-release)$/;
const longestText = 4 * 1024 * 1024;
const setuidOrSetgid = 0o6000;

/** What one layer holds of this, whatever it lies on: it never changes for a layer, so it may be kept. */
export interface LayerFindings {
  /** Its whiteouts. */
  readonly removed: readonly string[];
  readonly folders: readonly string[];
  /** Everything else that tells nothing: it may still replace what does. */
  readonly others: readonly string[];
  readonly held: readonly (readonly [path: string, found: FoundFile | LinkedFile])[];
}
type FoundFile = Omit<HeldFile, 'layer' | 'catalog'> & { readonly catalog: Catalog | null };
/** A hard link to a file of this layer or of one below. */
type LinkedFile = { readonly linkTo: string };

/** Changes whenever a layer would be read otherwise. */
export const findingsVersion = 2;

export async function readFindings(entries: AsyncIterable<ReadEntry>): Promise<LayerFindings> {
  const removed: string[] = [];
  const folders: string[] = [];
  const others: string[] = [];
  const held = new Map<string, FoundFile | LinkedFile>();
  for await (const entry of entries) {
    const { path, kind } = entry;
    if (removedBy(path) !== null) {
      removed.push(path);
      continue;
    }
    const found = await foundIn(entry);
    if (found !== null) held.set(path, found);
    else (kind === 'folder' ? folders : others).push(path);
  }
  return { removed, folders, others, held: [...held] };
}

/** What is held once one more layer lies over the others. */
export function overlaid(below: HeldFiles, { removed, folders, others, held }: LayerFindings, layer: number): HeldFiles {
  const kept = new Map(below);
  for (const path of removed) {
    const hides = removedBy(path);
    for (const other of kept.keys()) if (hides?.(other) === true) kept.delete(other);
  }
  const foldersBelow = new Set([...below.keys()].flatMap(foldersAbove));
  const replace = (path: string, isFolder: boolean) => {
    kept.delete(path);
    if (isFolder || !foldersBelow.has(path)) return;
    for (const other of kept.keys()) if (other.startsWith(`${path}/`)) kept.delete(other);
  };
  for (const path of folders) replace(path, true);
  for (const path of others) replace(path, false);
  const own = new Map<string, HeldFile>();
  for (const [path, found] of held) {
    replace(path, false);
    const file =
      'linkTo' in found ? linkedTo(own.get(found.linkTo) ?? below.get(found.linkTo), layer) : heldAt(found, below.get(path), layer);
    if (file !== null) own.set(path, file);
  }
  return new Map([...kept, ...own]);
}

/** Which paths of lower layers a whiteout hides (OCI image specification, layer changesets); null for what is none. */
function removedBy(path: string): ((other: string) => boolean) | null {
  const slash = path.lastIndexOf('/');
  const [folder, name] = [path.slice(0, slash + 1), path.slice(slash + 1)];
  if (name === opaque) return (other) => other.startsWith(folder);
  if (!name.startsWith(whiteout)) return null;
  const hidden = `${folder}${name.slice(whiteout.length)}`;
  return (other) => other === hidden || other.startsWith(`${hidden}/`);
}

async function foundIn(entry: ReadEntry): Promise<FoundFile | LinkedFile | null> {
  if (entry.kind === 'hard-link') return { linkTo: entry.target };
  if (entry.kind !== 'file') return null;
  const privileged = (entry.mode & setuidOrSetgid) === 0 ? null : entry.mode & 0o7777;
  const text = texts.test(entry.path) && entry.sizeBytes <= longestText ? (await contentOf(entry)).toString('utf8') : null;
  const catalog = text === null ? await readCatalog(entry) : null;
  return catalog === null && privileged === null && text === null ? null : { catalog, privileged, text };
}

function linkedTo(file: HeldFile | undefined, layer: number): HeldFile | null {
  return file === undefined ? null : { ...file, layer };
}

function heldAt({ catalog, privileged, text }: FoundFile, former: HeldFile | undefined, layer: number): HeldFile {
  return { layer, catalog: catalog === null ? null : placed(catalog, former, layer), privileged, text };
}

function placed({ packages, problem }: Catalog, former: HeldFile | undefined, layer: number): HeldFile['catalog'] {
  const before = new Map((former?.catalog?.packages ?? []).map((one) => [purlOf(one), one.layer]));
  return { packages: packages.map((one) => ({ ...one, layer: before.get(purlOf(one)) ?? layer })), problem };
}

function foldersAbove(path: string): readonly string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join('/'));
}
