/** Image manifests and indexes of OCI and of Docker (version 2, schema 2), read and checked; pure. */
import { type Digest, parseDigest } from './names.ts';
import { RegistryProblem } from './problem.ts';

export type Descriptor = { readonly mediaType: string; readonly digest: Digest; readonly size: number };
export type Manifest = {
  readonly mediaType: string;
  /** What must be in the repository: configuration and layers. */
  readonly blobs: readonly Descriptor[];
  /** Manifests of an index, which must be in the repository too. */
  readonly manifests: readonly Descriptor[];
  /** What this manifest refers to; it need not exist. */
  readonly subject: Descriptor | null;
  readonly artifactType: string | null;
  readonly annotations: Readonly<Record<string, string>> | null;
};

type Fields = Readonly<Record<string, unknown>>;

const imageTypes = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json'];
export const indexType = 'application/vnd.oci.image.index.v1+json';
const indexTypes = [indexType, 'application/vnd.docker.distribution.manifest.list.v2+json'];
/** Every type that the registry takes in. */
export const manifestTypes: readonly string[] = [...imageTypes, ...indexTypes];

/** Reads a manifest; `contentType` is the header it came with. Refuses with MANIFEST_INVALID. */
export function parseManifest(bytes: Buffer, contentType: string | undefined): Manifest {
  const fields = parseFields(bytes);
  const mediaType = mediaTypeOf(fields, contentType);
  if (fields['schemaVersion'] !== 2) throw invalid('schemaVersion is not 2');
  const subject = fields['subject'] === undefined || fields['subject'] === null ? null : descriptorOf(fields['subject'], 'subject');
  const annotations = annotationsOf(fields['annotations']);
  return indexTypes.includes(mediaType)
    ? { mediaType, blobs: [], manifests: list(fields, 'manifests'), subject, annotations, artifactType: artifactTypeOf(fields) }
    : { mediaType, ...imageOf(fields), subject, annotations };
}

function imageOf(fields: Fields): Pick<Manifest, 'blobs' | 'manifests' | 'artifactType'> {
  const config = descriptorOf(fields['config'], 'config');
  const layers = list(fields, 'layers').filter((layer) => !isElsewhere(layer));
  return { blobs: [config, ...layers], manifests: [], artifactType: artifactTypeOf(fields) ?? config.mediaType };
}

function parseFields(bytes: Buffer): Fields {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isFields(value)) return value;
  } catch {
    throw invalid('it is not JSON in UTF-8');
  }
  throw invalid('it is not a JSON object');
}

function mediaTypeOf(fields: Fields, contentType: string | undefined): string {
  const declared = fields['mediaType'];
  const header = contentType?.split(';')[0]?.trim().toLowerCase();
  const mediaType = header === undefined || header === '' ? declared : header;
  if (typeof mediaType !== 'string' || !manifestTypes.includes(mediaType)) {
    throw invalid(`its type ${JSON.stringify(mediaType ?? null)} is not one of ${manifestTypes.join(', ')}`);
  }
  if (declared !== undefined && declared !== mediaType)
    throw invalid(`it was sent as ${mediaType} but says mediaType ${JSON.stringify(declared)}`);
  return mediaType;
}

function list(fields: Fields, field: string): readonly Descriptor[] {
  const value = fields[field];
  if (!Array.isArray(value)) throw invalid(`${field} is not a list`);
  return value.map((item: unknown, index) => descriptorOf(item, `${field}[${index}]`));
}

function descriptorOf(value: unknown, where: string): Descriptor {
  if (!isFields(value)) throw invalid(`${where} is not a descriptor`);
  const { mediaType, digest, size } = value;
  const parsed = typeof digest === 'string' ? parseDigest(digest) : null;
  if (parsed === null) throw invalid(`${where} has no digest that can be read`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw invalid(`${where} has no size`);
  if (typeof mediaType !== 'string') throw invalid(`${where} has no mediaType`);
  return { mediaType, digest: parsed, size };
}

/** Layers that their vendor does not let others distribute are fetched from the vendor (image specification, "Non-Distributable Layers"). */
function isElsewhere({ mediaType }: Descriptor): boolean {
  return mediaType.includes('.nondistributable.') || mediaType.includes('.foreign.');
}

function artifactTypeOf(fields: Fields): string | null {
  const type = fields['artifactType'];
  return typeof type === 'string' && type !== '' ? type : null;
}

function annotationsOf(value: unknown): Readonly<Record<string, string>> | null {
  if (!isFields(value)) return null;
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(problem: string): RegistryProblem {
  return new RegistryProblem('MANIFEST_INVALID', `The manifest cannot be taken in: ${problem}.`);
}
