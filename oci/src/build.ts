import { type CachedLayer, LayerCache } from './cache.ts';
import { type Entry, placeUnder, root } from './entry.ts';
import { OciError } from './errors.ts';
import { HeldBlobs } from './held-blobs.ts';
import { assemble, type Image, type RunOptions } from './image.ts';
import type { Compression } from './layer.ts';
import type { Annotations, Storey } from './manifest.ts';
import { type Progress, type PushReport, pushImage } from './push.ts';
import { isLoopback, parseReference, type Reference } from './reference.ts';
import { Registry, type RegistryOptions } from './registry.ts';
import { fetchImage } from './remote.ts';
import { readTree, realFolder } from './tree.ts';

export interface ApplicationBuild {
  /** The artifact: what becomes `/app`. */
  readonly folder: string;
  /** Folders of the artifact that get layers of their own; those that are not there are passed over. Default: `node_modules`. */
  readonly dependencies?: readonly string[];
  /** The image to stand on, `host/name:tag` or `host/name@sha256:…`. */
  readonly socle: string;
  /** Where to push: `host` or `host:port`. */
  readonly registry: string;
  readonly repository: string;
  readonly tags?: readonly string[];
  readonly run?: RunOptions;
  readonly annotations?: Annotations;
  /** The time of the commit. Default: 1970. */
  readonly created?: Date;
  readonly compression?: Compression;
  /** A folder where compressed layers are kept. */
  readonly cache: string;
  readonly registryOptions?: RegistryOptions;
  readonly progress?: (event: Progress) => void;
}

export interface ApplicationImage extends PushReport {
  readonly seconds: number;
}

/** Builds one after the other over connections that are kept, as a watch does. */
export interface Builder {
  build(build: ApplicationBuild): Promise<ApplicationImage>;
  close(): void;
}

const place = 'app';
const nobody = '65532:65532';

/**
 * Builds and pushes the image of a folder: its dependencies and its own files in layers of their own, on a socle.
 *
 * The same folder gives the same digest on any machine. Throws what `readTree`, `LayerCache.layer`, `fetchImage` and `pushImage` throw.
 */
export async function buildApplication(build: ApplicationBuild): Promise<ApplicationImage> {
  const builder = openBuilder(build.registry, build.registryOptions);
  try {
    return await builder.build(build);
  } finally {
    builder.close();
  }
}

/** A builder for one registry; what it has seen there it does not ask again for some minutes. */
export function openBuilder(host: string, options: RegistryOptions = {}): Builder {
  const registry = new Registry(host, options);
  const clients = new Map([[host, registry]]);
  const open = (other: string) => clients.get(other) ?? remember(clients, other);
  const held = new HeldBlobs();
  return {
    async build(build) {
      const start = performance.now();
      const report = await untilWhole(held, () => buildOnce(build, registry, open, held));
      return { ...report, seconds: Math.round(performance.now() - start) / 1000 };
    },
    close() {
      for (const client of clients.values()) client.close();
    },
  };
}

/**
 * A damaged entry of the cache is forgotten where it is met: the next attempt builds it again. So is what a registry was seen to hold
 * when it says that it lacks something.
 */
async function untilWhole<T>(held: HeldBlobs, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    const mayBeStale = error.code === 'registry-refused' && held.clear();
    if (error.code === 'cache-damaged' || mayBeStale) return await attempt();
    throw error;
  }
}

async function buildOnce(
  build: ApplicationBuild,
  registry: Registry,
  open: (host: string) => Registry,
  held: HeldBlobs,
): Promise<PushReport> {
  const cache = new LayerCache(build.cache);
  const reference = parseReference(build.socle);
  const [base, layers] = await settled(fetchImage(open(reference.registry), reference, { cache }), applicationLayers(build, cache));
  const image = assemble({
    base: { image: base, name: baseName(reference) },
    layers,
    run: { user: nobody, folder: `/${place}`, ...build.run },
    ...(build.annotations === undefined ? {} : { annotations: build.annotations }),
    ...(build.created === undefined ? {} : { created: build.created }),
  });
  const { tags, progress } = build;
  try {
    return await pushImage(image, registry, build.repository, { open, held, ...(tags && { tags }), ...(progress && { progress }) });
  } catch (error) {
    forgetDamaged(error, image, cache);
    throw error;
  }
}

type Part = { readonly layer: CachedLayer; readonly storey: Storey; readonly from: string };

async function applicationLayers(build: ApplicationBuild, cache: LayerCache): Promise<readonly Part[]> {
  const top = realFolder(build.folder);
  const entries = await readTree(top);
  if (entries.length === 0) throw new OciError('artifact-empty', { folder: build.folder });
  const parts = splitTree(entries, (build.dependencies ?? ['node_modules']).map(cleanPath));
  return await Promise.all(
    parts.map(async ({ from, storey, entries: own }) => {
      const compression = build.compression ?? 'gzip';
      const layer = await cache.layer({ name: `${top}\0${from}`, entries: placeUnder(place, own), owner: root, compression });
      build.progress?.({ kind: 'layer-built', digest: layer.digest, sizeBytes: layer.sizeBytes, storey, reused: !layer.built });
      return { layer, storey, from };
    }),
  );
}

/** The entries of each dependencies folder, then all the others. */
function splitTree(entries: readonly Entry[], folders: readonly string[]) {
  const parts = folders.map((from) => ({ from, storey: 'dependencies' as const, entries: [] as Entry[] }));
  const own: Entry[] = [];
  for (const entry of entries) {
    const part = parts.find(({ from }) => entry.path === from || entry.path.startsWith(`${from}/`));
    (part?.entries ?? own).push(entry);
  }
  return [...parts.filter((part) => part.entries.length > 0), { from: '', storey: 'application' as const, entries: own }];
}

function cleanPath(dependencies: string): string {
  const steps = dependencies.split('/').filter((step) => step !== '' && step !== '.');
  if (dependencies.startsWith('/') || steps.includes('..') || steps.length === 0)
    throw new OciError('dependencies-outside', { dependencies });
  return steps.join('/');
}

/** A loopback address means another registry on another machine: it must not get into the digest. */
function baseName(reference: Reference): string {
  const name = `${reference.repository}${reference.tag === undefined ? '' : `:${reference.tag}`}`;
  return isLoopback(reference.registry) ? name : `${reference.registry}/${name}`;
}

function forgetDamaged(error: unknown, image: Image, cache: LayerCache): void {
  if (!(error instanceof OciError) || error.code !== 'cache-damaged') return;
  for (const { descriptor } of image.layers) if (descriptor.digest === error.words['digest']) cache.forget(descriptor.digest);
}

function remember(others: Map<string, Registry>, host: string): Registry {
  const client = new Registry(host);
  others.set(host, client);
  return client;
}

/** Waits for both, also when one fails, so that nothing is left running; throws the first refusal. */
async function settled<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return [await a, await b];
}
