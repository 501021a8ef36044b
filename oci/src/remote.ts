import type { LayerCache } from './cache.ts';
import type { Digest } from './digest.ts';
import { OciError } from './errors.ts';
import { hostPlatform, type Image, type ImageLayer } from './image.ts';
import { type ImageConfig, type Index, isIndexType, type Manifest, mediaTypes, type Platform, storeyOf } from './manifest.ts';
import { formatReference, manifestName, type Reference } from './reference.ts';
import type { Registry } from './registry.ts';

/** What images are read from: a registry over HTTP, or one in the same process. */
export type ImageSource = Pick<Registry, 'host' | 'headManifest' | 'manifest' | 'smallBlob' | 'blob'>;

export interface RemoteOptions {
  /** Which image of an index. Default: Linux on this machine's processor. */
  readonly platform?: Platform;
  /** Where manifests and configurations are kept, so that a known digest needs no request at all. */
  readonly cache?: LayerCache;
}

/**
 * The image that a reference names, resolved to its digest, without the bytes of its layers.
 *
 * Throws `image-missing`, `platform-missing`, `not-an-image`, and what `Registry` throws.
 */
export async function fetchImage(registry: ImageSource, reference: Reference, options: RemoteOptions = {}): Promise<Image> {
  const { repository } = reference;
  const top = await fetchManifest(registry, reference, options.cache);
  const found = isIndexType(mediaTypeOf(top)) ? await choose(registry, reference, top.bytes, options) : top;
  const manifest = parse(found.bytes, reference) as unknown as Manifest;
  if (!Array.isArray(manifest.layers) || manifest.config === undefined) throw notAnImage(reference, 'it has no layers');
  const configBytes = await fetchBlob(registry, repository, manifest.config.digest, options.cache);
  const config = parse(configBytes, reference) as unknown as ImageConfig;
  if (config.rootfs?.diff_ids?.length !== manifest.layers.length)
    throw notAnImage(reference, 'its configuration does not count its layers');
  const layers = layersOf(manifest, config, registry.host, repository);
  return { digest: found.digest, manifest, manifestBytes: found.bytes, config, configBytes, layers };
}

interface Found {
  readonly digest: Digest;
  readonly bytes: Buffer;
}

async function fetchManifest(registry: ImageSource, reference: Reference, cache: LayerCache | undefined): Promise<Found> {
  const { repository } = reference;
  const name = manifestName(reference);
  const digest = reference.digest ?? (cache === undefined ? undefined : (await registry.headManifest(repository, name))?.digest);
  const kept = digest === undefined ? undefined : cache?.bytes(digest);
  if (digest !== undefined && kept !== undefined) return { digest, bytes: kept };
  const found = await registry.manifest(repository, digest ?? name);
  cache?.keep(found.bytes);
  return found;
}

async function fetchBlob(registry: ImageSource, repository: string, digest: Digest, cache: LayerCache | undefined): Promise<Buffer> {
  const kept = cache?.bytes(digest);
  if (kept !== undefined) return kept;
  const bytes = await registry.smallBlob(repository, digest);
  cache?.keep(bytes);
  return bytes;
}

async function choose(registry: ImageSource, reference: Reference, bytes: Buffer, options: RemoteOptions): Promise<Found> {
  const { manifests } = parse(bytes, reference) as unknown as Index;
  const wanted = options.platform ?? hostPlatform();
  const chosen = manifests.find(({ platform }) => platform?.os === wanted.os && platform.architecture === wanted.architecture);
  if (chosen === undefined) {
    const known = manifests.flatMap(({ platform }) => (platform === undefined ? [] : [`${platform.os}/${platform.architecture}`]));
    const words = { image: formatReference(reference), platform: `${wanted.os}/${wanted.architecture}`, known: known.join(', ') };
    throw new OciError('platform-missing', words);
  }
  return await fetchManifest(
    registry,
    { registry: reference.registry, repository: reference.repository, digest: chosen.digest },
    options.cache,
  );
}

function layersOf(manifest: Manifest, config: ImageConfig, host: string, repository: string): readonly ImageLayer[] {
  return manifest.layers.map((descriptor, at) => ({
    descriptor,
    diffId: config.rootfs.diff_ids[at] ?? descriptor.digest,
    storey: storeyOf(descriptor),
    source: { kind: 'registry', registry: host, repository },
  }));
}

function mediaTypeOf(found: Found): string {
  const { mediaType, manifests } = JSON.parse(found.bytes.toString('utf8')) as {
    readonly mediaType?: string;
    readonly manifests?: unknown;
  };
  return mediaType ?? (Array.isArray(manifests) ? mediaTypes.index : mediaTypes.manifest);
}

function parse(bytes: Buffer, reference: Reference): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(bytes.toString('utf8')) as Readonly<Record<string, unknown>>;
  } catch {
    throw notAnImage(reference, 'its manifest is not JSON');
  }
}

function notAnImage(reference: Reference, problem: string): OciError {
  return new OciError('not-an-image', { image: formatReference(reference), problem });
}
