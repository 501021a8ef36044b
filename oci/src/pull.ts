import { chmodSync, createWriteStream, linkSync, lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { OciError, systemCode } from './errors.ts';
import type { Image } from './image.ts';
import { type ReadEntry, type ReadLimits, readLayer } from './layer-reader.ts';
import type { Registry } from './registry.ts';

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/**
 * Unpacks all layers of an image into an empty folder, lowest first, whiteouts applied; owners are not set.
 *
 * Nothing is ever written outside the folder: paths that leave it are refused, links on the way are followed inside it only. Throws
 * `layer-refused`, `digest-mismatch`, `disk-full`, and what `Registry.blob` throws.
 */
export async function unpackImage(image: Image, registry: Registry, folder: string, limits: ReadLimits = {}): Promise<void> {
  for (const { descriptor, diffId, source } of image.layers) {
    if (source.kind !== 'registry') throw new OciError('layer-refused', { problem: 'it is not in a registry' });
    await unpackLayer(readLayer(registry.blob(source.repository, descriptor.digest), diffId, limits), folder);
  }
}

/** Unpacks the entries of one layer over what is in the folder; see `unpackImage`. */
export async function unpackLayer(entries: AsyncIterable<ReadEntry>, folder: string): Promise<void> {
  const own = new Set<string>();
  for await (const entry of entries) {
    if (entry.path === '') continue;
    const steps = stepsOf(entry.path);
    const name = steps.pop() ?? '';
    const parent = folderInside(folder, steps);
    if (name === opaque) clear(parent, own);
    else if (name.startsWith(whiteout)) rmSync(`${parent}/${name.slice(whiteout.length)}`, { recursive: true, force: true });
    else await put(entry, `${parent}/${name}`, folder);
    own.add(`${parent}/${name}`);
  }
}

function stepsOf(path: string): string[] {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  if (steps.includes('..')) throw new OciError('layer-refused', { problem: `${path} leaves the folder` });
  return steps;
}

/** The folder at the end of a path as a process would see it whose root is `top`; what is missing is made. */
function folderInside(top: string, path: readonly string[]): string {
  const here: string[] = [];
  const ahead = path.toReversed();
  for (let followed = 0; ahead.length > 0; ) {
    const step = ahead.pop() ?? '';
    if (step === '..') here.pop();
    if (step === '' || step === '.' || step === '..') continue;
    const target = linkOrFolder([top, ...here, step].join('/'));
    if (target === undefined) here.push(step);
    else if (++followed > 40) throw new OciError('layer-refused', { problem: `${path.join('/')} is a circle of links` });
    else {
      if (target.startsWith('/')) here.length = 0;
      ahead.push(...target.split('/').toReversed());
    }
  }
  return [top, ...here].join('/');
}

/** The target if there is a link; otherwise nothing, and the folder is there. */
function linkOrFolder(place: string): string | undefined {
  const stats = lstatSync(place, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink() === true) return readlinkSync(place);
  if (stats?.isDirectory() !== true) {
    rmSync(place, { force: true });
    mkdirSync(place);
  }
  return undefined;
}

async function put(entry: ReadEntry, place: string, top: string): Promise<void> {
  const present = lstatSync(place, { throwIfNoEntry: false });
  const isFolder = entry.kind === 'folder';
  if (present !== undefined && !(isFolder && present.isDirectory())) rmSync(place, { recursive: true, force: true });
  if (isFolder) {
    mkdirSync(place, { recursive: true });
    chmodSync(place, entry.mode & 0o7777);
  } else if (entry.kind === 'link') symlinkSync(entry.target, place);
  else if (entry.kind === 'hard-link') linkInside(entry.target, place, top);
  else if (entry.kind === 'file') await putFile(entry, place);
  else throw new OciError('layer-refused', { problem: `${entry.path} is neither file, folder nor link` });
}

function linkInside(target: string, place: string, top: string): void {
  const steps = stepsOf(target);
  const name = steps.pop() ?? '';
  linkSync(`${folderInside(top, steps)}/${name}`, place);
}

async function putFile(entry: ReadEntry, place: string): Promise<void> {
  try {
    await pipeline(entry.content, createWriteStream(place, { flags: 'wx' }));
    chmodSync(place, entry.mode & 0o7777);
  } catch (error) {
    if (systemCode(error) === 'ENOSPC') throw new OciError('disk-full', { folder: place }, { cause: error });
    throw error;
  }
}

/** Removes what lower layers left in a folder, not what this layer has put there. */
function clear(folder: string, own: ReadonlySet<string>): void {
  for (const name of readdirSync(folder)) {
    const place = `${folder}/${name}`;
    const holdsOwn = own.has(place) || [...own].some((path) => path.startsWith(`${place}/`));
    if (!holdsOwn) rmSync(place, { recursive: true, force: true });
  }
}
