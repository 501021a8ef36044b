import type { CachedLayer } from './cache.ts';
import { type Digest, digestOf } from './digest.ts';
import {
  type Annotations,
  type Descriptor,
  type History,
  type ImageConfig,
  type Manifest,
  mediaTypes,
  type Platform,
  type RunConfig,
  type Storey,
  storeyAnnotation,
  storeyOf,
} from './manifest.ts';

/** Where the bytes of a layer are when they have to be sent. */
export type LayerSource =
  | { readonly kind: 'file'; readonly file: string; readonly built: boolean }
  | { readonly kind: 'registry'; readonly registry: string; readonly repository: string };

export interface ImageLayer {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  readonly storey: Storey;
  readonly source: LayerSource;
}

/** An image, whole but for the bytes of its layers: what is pushed, and what another image stands on. */
export interface Image {
  readonly digest: Digest;
  readonly manifest: Manifest;
  readonly manifestBytes: Buffer;
  readonly config: ImageConfig;
  readonly configBytes: Buffer;
  readonly layers: readonly ImageLayer[];
}

/** How an image runs, in the words of `beluga.yaml`; what is left out comes from the base. */
export interface RunOptions {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** `user` or `user:group`, numbers or names of the image. */
  readonly user?: string;
  readonly port?: number;
  readonly folder?: string;
}

export interface AssembleOptions {
  /** What the image stands on; without one it starts from nothing. */
  readonly base?: { readonly image: Image; readonly name: string };
  readonly layers: readonly { readonly layer: CachedLayer; readonly storey: Storey; readonly from: string }[];
  readonly run?: RunOptions;
  /** Annotations of the manifest, also written as labels, where older programs look for them. */
  readonly annotations?: Annotations;
  readonly created?: Date;
  readonly platform?: Platform;
}

/** How the annotations of the image specification begin. */
export const standard = 'org.opencontainers.image.';
const basesAnnotation = 'dev.beluga.bases';

/** Puts base, layers and configuration together; the same parts give the same digest. */
export function assemble(options: AssembleOptions): Image {
  const own = options.layers.map(ownLayer);
  const layers = [...(options.base?.image.layers ?? []).map(marked), ...own];
  const annotations = sorted({ ...baseAnnotations(options.base), ...options.annotations, [`${standard}created`]: createdOf(options) });
  const config = configOf(options, layers, annotations);
  return sealed(config, layers, annotations);
}

/** Writes the manifest of a configuration and its layers, and gives the image. */
export function sealed(config: ImageConfig, layers: readonly ImageLayer[], annotations: Annotations): Image {
  const configBytes = Buffer.from(JSON.stringify(config));
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, digest: digestOf(configBytes), size: configBytes.length },
    layers: layers.map((layer) => layer.descriptor),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
  const manifestBytes = Buffer.from(JSON.stringify(manifest));
  return { digest: digestOf(manifestBytes), manifest, manifestBytes, config, configBytes, layers };
}

/** The platform of this machine, in the words of OCI. */
export function hostPlatform(): Platform {
  const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
  return { os: 'linux', architecture: architectures[process.arch] ?? process.arch };
}

function ownLayer(part: AssembleOptions['layers'][number]): ImageLayer {
  const { layer, storey } = part;
  const descriptor = {
    mediaType: layer.mediaType,
    digest: layer.digest,
    size: layer.sizeBytes,
    annotations: { [storeyAnnotation]: storey },
  };
  return { descriptor, diffId: layer.diffId, storey, source: { kind: 'file', file: layer.file, built: layer.built } };
}

/** A layer of a base, with the storey it belongs to written on it, and its type in the words of OCI. */
export function marked(layer: ImageLayer): ImageLayer {
  const types: Readonly<Record<string, string>> = {
    [mediaTypes.dockerLayerGzip]: mediaTypes.layerGzip,
    [mediaTypes.dockerLayerTar]: mediaTypes.layerTar,
  };
  const { mediaType, digest, size, annotations } = layer.descriptor;
  const storey = storeyOf(layer.descriptor);
  return {
    ...layer,
    storey,
    descriptor: {
      mediaType: types[mediaType] ?? mediaType,
      digest,
      size,
      annotations: sorted({ ...annotations, [storeyAnnotation]: storey }),
    },
  };
}

/** The base by name and digest, and in `dev.beluga.bases` the whole chain below, nearest first. */
export function baseAnnotations(base: AssembleOptions['base']): Annotations {
  if (base === undefined) return {};
  const { digest, manifest } = base.image;
  const below = manifest.annotations?.[basesAnnotation];
  return {
    [`${standard}base.name`]: base.name,
    [`${standard}base.digest`]: digest,
    [basesAnnotation]: `${base.name.replace(/@.*/, '')}@${digest}${below === undefined ? '' : ` ${below}`}`,
  };
}

function configOf(options: AssembleOptions, layers: readonly ImageLayer[], annotations: Annotations): ImageConfig {
  const base = options.base?.image.config;
  const platform = options.platform ?? (base === undefined ? hostPlatform() : platformOf(base));
  const history = historyOf(options, base);
  return {
    created: createdOf(options),
    architecture: platform.architecture,
    os: platform.os,
    ...(platform.variant === undefined ? {} : { variant: platform.variant }),
    config: runConfig(options.run ?? {}, base?.config ?? {}, annotations),
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    ...(history === undefined ? {} : { history }),
  };
}

/** The platform a configuration says its image is for. */
export function platformOf(config: ImageConfig): Platform {
  const { os, architecture, variant } = config;
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

function runConfig(run: RunOptions, base: RunConfig, annotations: Annotations): RunConfig {
  const inherited = Object.entries(base.Labels ?? {}).filter(([name]) => !name.startsWith(standard));
  const environment = mergedEnvironment(base.Env ?? [], run.environment ?? {});
  return {
    ...base,
    ...(run.user === undefined ? {} : { User: run.user }),
    ...(run.port === undefined ? {} : { ExposedPorts: { [`${run.port}/tcp`]: {} } }),
    ...(environment.length === 0 ? {} : { Env: environment }),
    ...(run.command === undefined ? {} : { Entrypoint: [], Cmd: run.command }),
    ...(run.folder === undefined ? {} : { WorkingDir: run.folder }),
    Labels: sorted({ ...Object.fromEntries(inherited), ...annotations }),
  };
}

function mergedEnvironment(base: readonly string[], own: Readonly<Record<string, string>>): readonly string[] {
  const kept = base.filter((line) => !Object.hasOwn(own, line.slice(0, line.indexOf('='))));
  return [...kept, ...Object.entries(sorted(own)).map(([name, value]) => `${name}=${value}`)];
}

/** Programs refuse a history that does not count the layers: it is left out when the base has none. */
function historyOf(options: AssembleOptions, base: ImageConfig | undefined): readonly History[] | undefined {
  const below = base?.history ?? [];
  const counted = below.filter((step) => step.empty_layer !== true).length;
  if (counted !== (base?.rootfs.diff_ids.length ?? 0)) return undefined;
  return [
    ...below,
    ...options.layers.map((part) => ({ created: createdOf(options), created_by: `beluga: ${part.storey} ${part.from}`.trim() })),
  ];
}

function createdOf(options: AssembleOptions): string {
  return (options.created ?? new Date(0)).toISOString().replace('.000Z', 'Z');
}

export function sorted(record: Annotations): Annotations {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
