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

/** What is held once one more layer lies over the others. */
export async function addLayer(below: HeldFiles, entries: AsyncIterable<ReadEntry>, layer: number): Promise<HeldFiles> {
  const kept = new Map(below);
  const folders = new Set([...below.keys()].flatMap(foldersAbove));
  const own = new Map<string, HeldFile>();
  for await (const entry of entries) {
    const removed = removedBy(entry.path);
    if (removed !== null) {
      for (const path of kept.keys()) if (removed(path)) kept.delete(path);
      continue;
    }
    kept.delete(entry.path);
    if (entry.kind !== 'folder' && folders.has(entry.path)) {
      for (const path of kept.keys()) if (path.startsWith(`${entry.path}/`)) kept.delete(path);
    }
    const held = await heldOf(entry, below.get(entry.path), own.get(entry.target) ?? below.get(entry.target), layer);
    if (held !== null) own.set(entry.path, held);
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

async function heldOf(
  entry: ReadEntry,
  former: HeldFile | undefined,
  linked: HeldFile | undefined,
  layer: number,
): Promise<HeldFile | null> {
  if (entry.kind === 'hard-link') return linked === undefined ? null : { ...linked, layer };
  if (entry.kind !== 'file') return null;
  const privileged = (entry.mode & setuidOrSetgid) === 0 ? null : entry.mode & 0o7777;
  const text = texts.test(entry.path) && entry.sizeBytes <= longestText ? (await contentOf(entry)).toString('utf8') : null;
  const catalog = text === null ? await readCatalog(entry) : null;
  if (catalog === null && privileged === null && text === null) return null;
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
