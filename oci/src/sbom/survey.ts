/** A look into an image: what software its layers hold, who it runs as, which programs may change that. Nothing is taken from labels. */
import type { Digest } from '../digest.ts';
import { OciError } from '../errors.ts';
import type { Image, ImageLayer } from '../image.ts';
import { type ReadLimits, readLayer } from '../layer-reader.ts';
import type { Storey } from '../manifest.ts';
import type { ImageSource } from '../remote.ts';
import { findingsVersion, type HeldFiles, type LayerFindings, overlaid, type PlacedPackage, readFindings } from './files.ts';
import { type Package, purlOf } from './package.ts';

export interface SurveyedPackage {
  readonly purl: string;
  readonly type: Package['type'];
  readonly namespace: string | null;
  readonly name: string;
  readonly version: string;
  readonly license: string | null;
  readonly storey: Storey;
  /** The layer it came with, as the registry names it, and unpacked. */
  readonly layer: Digest;
  readonly diffId: Digest;
  /** The file that tells of it. */
  readonly path: string;
}

export interface Survey {
  /** Sorted by package URL, then by layer. */
  readonly packages: readonly SurveyedPackage[];
  /** Who it runs as: as configured, and as the accounts of the image say; null where they do not know the name. */
  readonly user: { readonly name: string; readonly id: number | null };
  /** Programs that run with the rights of their owner or group, whoever starts them. */
  readonly privileged: readonly { readonly path: string; readonly mode: number; readonly storey: Storey }[];
  /** The TCP ports that the configuration declares. */
  readonly ports: readonly number[];
  readonly diffIds: readonly Digest[];
  /** What could not be read, so that the list of packages may miss some: one sentence each. */
  readonly problems: readonly string[];
}

/** Keeps what layers hold, by their digests and the version of the reader, over restarts; what cannot be kept is read again. */
export interface FindingsStore {
  get(key: string): Promise<unknown>;
  set(key: string, findings: LayerFindings): Promise<void>;
}

/** Remembers what the lower layers of an image hold, by their chain: the next image on the same socle is read from there on. */
export class SurveyMemory {
  readonly #held = new Map<string, HeldFiles>();
  readonly #store: FindingsStore | null;
  readonly #most: number;

  constructor(store: FindingsStore | null = null, most = 48) {
    this.#store = store;
    this.#most = most;
  }

  /** What one layer holds, as it was kept, or as `read` finds it. */
  async findings(layer: ImageLayer, read: () => Promise<LayerFindings>): Promise<LayerFindings> {
    const key = `${findingsVersion} ${nameOf(layer)}`.replaceAll(/[^0-9a-f]+/g, '-');
    const kept = await this.#store?.get(key);
    if (isFindings(kept)) return kept;
    const findings = await read();
    await this.#store?.set(key, findings);
    return findings;
  }

  get(chain: string): HeldFiles | undefined {
    const found = this.#held.get(chain);
    if (found !== undefined) this.#keep(chain, found);
    return found;
  }

  set(chain: string, files: HeldFiles): void {
    this.#keep(chain, files);
    const [oldest] = this.#held.keys();
    if (this.#held.size > this.#most && oldest !== undefined) this.#held.delete(oldest);
  }

  #keep(chain: string, files: HeldFiles): void {
    this.#held.delete(chain);
    this.#held.set(chain, files);
  }
}

/** Reads the layers of an image that `memory` does not know, one after the other, none whole in memory. Throws what `readLayer` throws. */
export async function surveyImage(
  image: Image,
  registry: ImageSource,
  memory = new SurveyMemory(),
  limits: ReadLimits = {},
): Promise<Survey> {
  const chains = image.layers.map((_, index) => chainOf(image.layers.slice(0, index + 1)));
  let known = chains.findLastIndex((chain) => memory.get(chain) !== undefined);
  let files: HeldFiles = memory.get(chains[known] ?? '') ?? new Map();
  for (const layer of image.layers.slice(known + 1)) {
    known += 1;
    const read = () => readFindings(readLayer(blobOf(layer, registry), layer.diffId, limits));
    files = overlaid(files, await memory.findings(layer, read), known);
    memory.set(chains[known] ?? '', files);
  }
  return told(image, files);
}

function isFindings(value: unknown): value is LayerFindings {
  return typeof value === 'object' && value !== null && ['removed', 'folders', 'others', 'held'].every((name) => name in value);
}

function blobOf({ source, descriptor }: ImageLayer, registry: ImageSource): AsyncIterable<Buffer> {
  if (source.kind !== 'registry') throw new OciError('layer-refused', { problem: 'it is not in a registry' });
  return registry.blob(source.repository, descriptor.digest);
}

/** Both digests: only together have they been seen to belong to the same bytes, and an image may claim what it likes. */
function nameOf({ descriptor, diffId }: ImageLayer): string {
  return `${descriptor.digest.slice('sha256:'.length)} ${diffId.slice('sha256:'.length)}`;
}

function chainOf(layers: readonly ImageLayer[]): string {
  return layers.map(nameOf).join(' ');
}

function told(image: Image, files: HeldFiles): Survey {
  const { config } = image.config;
  return {
    packages: packagesIn(image, files),
    user: userOf(config?.User ?? '', files.get('etc/passwd')?.text ?? ''),
    privileged: [...files]
      .flatMap(([path, { privileged, layer }]) =>
        privileged === null ? [] : [{ path: `/${path}`, mode: privileged, storey: storeyAt(image, layer) }],
      )
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    ports: Object.keys(config?.ExposedPorts ?? {})
      .flatMap((text) => /^(\d+)(?:\/tcp)?$/.exec(text)?.[1] ?? [])
      .map(Number),
    diffIds: image.layers.map(({ diffId }) => diffId),
    problems: [...files]
      .flatMap(([path, { catalog }]) => (catalog?.problem === null || catalog === null ? [] : [`/${path}: ${catalog.problem}`]))
      .toSorted(),
  };
}

function packagesIn(image: Image, files: HeldFiles): readonly SurveyedPackage[] {
  const release = files.get('etc/os-release')?.text ?? files.get('usr/lib/os-release')?.text ?? '';
  const found = new Map<string, SurveyedPackage>();
  for (const [path, { catalog }] of files) {
    if (catalog === null || isOnlyPlanned(path, files)) continue;
    for (const one of catalog.packages) {
      const surveyed = surveyedOf(distributed(one, release), image, `/${path}`);
      const key = `${surveyed.purl}\0${one.layer}`;
      if (!found.has(key)) found.set(key, surveyed);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** A package-lock.json says what was to be installed; where something is installed beside it, that counts. */
function isOnlyPlanned(path: string, files: HeldFiles): boolean {
  const [, folder] = /^(.*\/|)package-lock\.json$/.exec(path) ?? [];
  return folder !== undefined && [...files.keys()].some((other) => other.startsWith(`${folder}node_modules/`));
}

function surveyedOf(one: PlacedPackage, image: Image, path: string): SurveyedPackage {
  const { type, namespace, name, version, license } = one;
  const layer = image.layers[one.layer];
  if (layer === undefined) throw new Error(`the image has no layer ${one.layer}`);
  const { storey, diffId, descriptor } = layer;
  return { purl: purlOf(one), type, namespace, name, version, license, storey, layer: descriptor.digest, diffId, path };
}

/** Packages of a distribution are named by it: `pkg:deb/debian/…?distro=debian-12`. */
function distributed(one: PlacedPackage, osRelease: string): PlacedPackage {
  if (one.type !== 'deb' && one.type !== 'rpm') return one;
  const field = (name: string): string => new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1] ?? '';
  const id = field('ID') || (one.type === 'deb' ? 'debian' : 'redhat');
  const version = field('VERSION_ID');
  return { ...one, namespace: id, qualifiers: { ...one.qualifiers, distro: version === '' ? '' : `${id}-${version}` } };
}

/** `user`, `user:group`, `id` or nothing, which is root (OCI image configuration, `User`). */
function userOf(configured: string, passwd: string): Survey['user'] {
  const [name = ''] = configured.split(':');
  if (name === '') return { name: 'root', id: 0 };
  if (/^\d+$/.test(name)) return { name, id: Number(name) };
  const account = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([first]) => first === name);
  const id = Number(account?.[2]);
  return { name, id: account?.[2] !== undefined && account[2] !== '' && Number.isInteger(id) ? id : null };
}

function storeyAt(image: Image, layer: number): Storey {
  return image.layers[layer]?.storey ?? 'application';
}
