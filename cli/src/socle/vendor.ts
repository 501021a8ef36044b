/** The vendor base of a socle, brought into the platform's registry. */
import { join } from 'node:path';
import { assembleNodeBase } from '@beluga/oci/base';
import { LayerCache } from '@beluga/oci/cache';
import { copyImage } from '@beluga/oci/copy';
import type { Image } from '@beluga/oci/image';
import { pushImage } from '@beluga/oci/push';
import { formatReference, parseReference } from '@beluga/oci/reference';
import type { Registry } from '@beluga/oci/registry';
import { fetchImage } from '@beluga/oci/remote';
import type { Io } from '../output/io.ts';
import { homeOf } from '../platform/home.ts';
import type { ImagePlatform } from '../platform/registry.ts';
import { fromOf } from '../source/image-from-elsewhere.ts';
import { pushProgress } from '../source/push-progress.ts';

export type VendorBase = {
  readonly image: Image;
  /** `host/name@sha256:…` in the platform's registry. */
  readonly reference: string;
  /** What the image is called where it comes from, for annotations. */
  readonly name: string;
  /** What is known of what it runs. */
  readonly runtime: Readonly<Record<string, string>>;
};

type Note = (words: string) => void;

/** An image of the vendor, copied unchanged; its tag is resolved now. */
export async function vendorImage(io: Io, platform: ImagePlatform, registry: Registry, named: string, note: Note): Promise<VendorBase> {
  const reference = parseReference(named);
  const repository = platform.registry.repository(`vendor/${reference.repository.replace(/^library\//, '')}`);
  const isOurs = platform.registry.owns(reference);
  const to = { registry: platform.registry.host, repository: isOurs ? reference.repository : repository };
  const { options } = platform.registry;
  const progress = pushProgress(note);
  const { image } = await copyImage(named, to, { cache: cacheOf(io), to: options, progress, ...fromOf(platform, reference) });
  const copied = await fetchImage(registry, parseReference(image), { cache: cacheOf(io) });
  const { digest: _, ...tagged } = reference;
  return { image: copied, reference: image, name: formatReference(tagged), runtime: nodeIn(copied) };
}

/** This machine's own Node, with the libraries it needs. */
export async function machineBase(io: Io, platform: ImagePlatform, registry: Registry, note: Note): Promise<VendorBase> {
  note(`a base of this machine's Node ${process.versions.node}`);
  const assembled = await assembleNodeBase(process.execPath, { cache: cacheFolder(io) });
  const { image } = await pushImage(assembled, registry, platform.registry.repository('vendor/node'), { progress: pushProgress(note) });
  const fetched = await fetchImage(registry, parseReference(image), { cache: cacheOf(io) });
  return { image: fetched, reference: image, name: `vendor/node:${process.versions.node}`, runtime: runtimeOfThisMachine() };
}

export function cacheOf(io: Io): LayerCache {
  return new LayerCache(cacheFolder(io));
}

export function cacheFolder({ env }: Io): string {
  return join(env['BELUGA_CACHE'] ?? homeOf(env), 'cache');
}

function runtimeOfThisMachine(): Readonly<Record<string, string>> {
  const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
  const libc = header.glibcVersionRuntime === undefined ? 'musl' : `glibc-${header.glibcVersionRuntime}`;
  return { node: majorOf(process.versions.node), libc };
}

/** Images of Node say their version in NODE_VERSION. */
function nodeIn({ config }: Image): Readonly<Record<string, string>> {
  const version = config.config?.Env?.map((line) => /^NODE_VERSION=(.+)$/.exec(line)?.[1]).find((found) => found !== undefined);
  return version === undefined ? {} : { node: majorOf(version) };
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? version;
}
