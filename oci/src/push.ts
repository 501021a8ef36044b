import type { Digest } from './digest.ts';
import type { HeldBlobs } from './held-blobs.ts';
import type { Image, ImageLayer } from './image.ts';
import { mediaTypes, type Storey } from './manifest.ts';
import { Registry } from './registry.ts';
import { type Blob, mountBlob, uploadBlob } from './upload.ts';

/** What goes on during a push, for progress bars and logs. */
export type Progress =
  | { readonly kind: 'layer-built'; readonly digest: Digest; readonly sizeBytes: number; readonly storey: Storey; readonly reused: boolean }
  | { readonly kind: 'sending'; readonly digest: Digest; readonly sentBytes: number; readonly sizeBytes: number }
  | { readonly kind: 'blob-done'; readonly digest: Digest; readonly sizeBytes: number; readonly how: 'pushed' | 'mounted' | 'held' }
  | { readonly kind: 'image-done'; readonly image: string };

export interface PushOptions {
  /** Tags to give besides the digest. */
  readonly tags?: readonly string[];
  readonly progress?: (event: Progress) => void;
  /** The clients of other registries that layers of a base may come from. Default: one with Docker's credentials. */
  readonly open?: (host: string) => Registry;
  /** What the repository was seen to hold, filled by this push. */
  readonly held?: HeldBlobs;
  /** Nothing else can have been pushed there before: only time would be lost by asking. */
  readonly isNew?: boolean;
}

export interface PushedLayer {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly storey: Storey;
  /** Whether its bytes were sent now. */
  readonly pushed: boolean;
}

export interface PushReport {
  readonly digest: Digest;
  /** `host/name@sha256:…`. */
  readonly image: string;
  readonly layers: readonly PushedLayer[];
  /** What was sent in all, configuration and manifest included. */
  readonly sentBytes: number;
}

/** Sends what a repository does not hold yet, the manifest last; nobody sees the image before it is whole. Throws what `Registry` and `uploadBlob` throw. */
export async function pushImage(image: Image, registry: Registry, repository: string, options: PushOptions = {}): Promise<PushReport> {
  const sender = new Sender(registry, repository, options);
  const config: Blob = { kind: 'bytes', digest: image.manifest.config.digest, bytes: image.configBytes };
  const [layers] = await Promise.all([Promise.all(image.layers.map((layer) => sender.layer(layer))), sender.config(config)]);
  const names = options.tags === undefined || options.tags.length === 0 ? [image.digest] : options.tags;
  for (const name of names)
    await registry.putManifest(repository, name, image.manifest.mediaType ?? mediaTypes.manifest, image.manifestBytes);
  const reference = `${registry.host}/${repository}@${image.digest}`;
  options.progress?.({ kind: 'image-done', image: reference });
  return { digest: image.digest, image: reference, layers, sentBytes: sender.sentBytes + image.manifestBytes.length };
}

class Sender {
  sentBytes = 0;
  readonly #registry: Registry;
  readonly #repository: string;
  readonly #options: PushOptions;

  constructor(registry: Registry, repository: string, options: PushOptions) {
    this.#registry = registry;
    this.#repository = repository;
    this.#options = options;
  }

  async layer(layer: ImageLayer): Promise<PushedLayer> {
    const { digest, size: sizeBytes } = layer.descriptor;
    const how = await this.#settle(layer);
    this.#options.held?.add(this.#repository, digest);
    this.#options.progress?.({ kind: 'blob-done', digest, sizeBytes, how });
    if (how === 'pushed') this.sentBytes += sizeBytes;
    return { digest, sizeBytes, storey: layer.storey, pushed: how === 'pushed' };
  }

  async config(blob: Blob & { kind: 'bytes' }): Promise<void> {
    if (this.#options.isNew !== true && (await this.#registry.holdsBlob(this.#repository, blob.digest))) return;
    await uploadBlob(this.#registry, this.#repository, blob);
    this.sentBytes += blob.bytes.length;
  }

  async #settle(layer: ImageLayer): Promise<'pushed' | 'mounted' | 'held'> {
    const { descriptor, source } = layer;
    if (this.#options.held?.has(this.#repository, descriptor.digest) === true) return 'held';
    // A manifest of this very repository names it: the registry has it.
    if (source.kind === 'registry' && source.registry === this.#registry.host && source.repository === this.#repository) return 'held';
    // A layer compressed just now is new to the registry in all likelihood: asking first would only cost time.
    const isNew = this.#options.isNew === true || (source.kind === 'file' && source.built);
    if (!isNew && (await this.#registry.holdsBlob(this.#repository, descriptor.digest))) return 'held';
    if (source.kind === 'registry' && source.registry === this.#registry.host) {
      if (await mountBlob(this.#registry, this.#repository, descriptor.digest, source.repository)) return 'mounted';
    }
    if (source.kind === 'file')
      await this.#upload(layer, { kind: 'file', digest: descriptor.digest, sizeBytes: descriptor.size, file: source.file });
    else await this.#carry(layer, source);
    return 'pushed';
  }

  async #upload(layer: ImageLayer, blob: Blob): Promise<void> {
    const { digest, size: sizeBytes } = layer.descriptor;
    const { progress } = this.#options;
    const sent = progress && ((sentBytes: number) => progress({ kind: 'sending', digest, sentBytes, sizeBytes }));
    await uploadBlob(this.#registry, this.#repository, blob, sent === undefined ? {} : { sent });
  }

  /** Streams a layer from the registry that has it to the one that needs it. */
  async #carry(layer: ImageLayer, source: ImageLayer['source'] & { kind: 'registry' }): Promise<void> {
    const isSame = source.registry === this.#registry.host;
    const from = isSame ? this.#registry : (this.#options.open?.(source.registry) ?? new Registry(source.registry));
    const { digest, size } = layer.descriptor;
    try {
      await this.#upload(layer, { kind: 'stream', digest, sizeBytes: size, open: () => from.blob(source.repository, digest) });
    } finally {
      if (!isSame && this.#options.open === undefined) from.close();
    }
  }
}
