import { type Digest, digestOf } from './digest.ts';
import { OciError } from './errors.ts';
import { HeldBlobs } from './held-blobs.ts';
import { type Annotations, type Descriptor, type Index, type Manifest, mediaTypes } from './manifest.ts';
import { pull, type Registry } from './registry.ts';
import { uploadBlob } from './upload.ts';

/** A document that says something about an image: an SBOM, a provenance, a signature. */
export interface Attachment {
  readonly artifactType: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
  readonly annotations?: Annotations;
}

export const emptyBytes = Buffer.from('{}');
const empty: Descriptor = { mediaType: mediaTypes.empty, digest: digestOf(emptyBytes), size: emptyBytes.length };

/** Attaches one document to an image; see `attachAll`. Gives the digest of its manifest. */
export async function attach(registry: Registry, repository: string, subject: Descriptor, attachment: Attachment): Promise<Digest> {
  const [digest] = await attachAll(registry, repository, subject, [attachment]);
  if (digest === undefined) throw new Error('nothing was attached');
  return digest;
}

/**
 * Attaches documents to an image, by OCI 1.1: for each a manifest whose subject is the image; where the registry has no referrers API, also
 * an index under the fallback tag. The same document attached twice is one. Gives the digests of the manifests.
 */
export async function attachAll(
  registry: Registry,
  repository: string,
  subject: Descriptor,
  attachments: readonly Attachment[],
): Promise<readonly Digest[]> {
  const contents = attachments.map(({ content }) =>
    uploadBlob(registry, repository, { kind: 'bytes', digest: digestOf(content), bytes: content }),
  );
  await Promise.all([sendEmpty(registry, repository), ...contents]);
  const digests: Digest[] = [];
  // One after the other: the fallback index is read, changed and written.
  for (const attachment of attachments) digests.push(await putReferrer(registry, repository, subject, attachment));
  return digests;
}

/** The manifest that attaches a document to an image. */
export function referrerManifest({ mediaType: type, digest, size }: Descriptor, attachment: Attachment): Buffer {
  const { artifactType, mediaType, content, annotations } = attachment;
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType,
    config: empty,
    layers: [{ mediaType, digest: digestOf(content), size: content.length }],
    subject: { mediaType: type, digest, size },
    ...(annotations === undefined ? {} : { annotations }),
  };
  return Buffer.from(JSON.stringify(manifest));
}

async function putReferrer(registry: Registry, repository: string, subject: Descriptor, attachment: Attachment): Promise<Digest> {
  const { artifactType, annotations } = attachment;
  const bytes = referrerManifest(subject, attachment);
  const own = digestOf(bytes);
  const headers = await registry.putManifest(repository, own, mediaTypes.manifest, bytes);
  if (headers['oci-subject'] === undefined) {
    const entry = {
      mediaType: mediaTypes.manifest,
      digest: own,
      size: bytes.length,
      artifactType,
      ...(annotations === undefined ? {} : { annotations }),
    };
    await addToFallback(registry, repository, subject.digest, entry);
  }
  return own;
}

/** What refers to a manifest, of one artifact type or of all; from the referrers API, or from the fallback tag. */
export async function listReferrers(
  registry: Registry,
  repository: string,
  digest: Digest,
  artifactType?: string,
): Promise<readonly Descriptor[]> {
  const found = (await fromApi(registry, repository, digest, artifactType)) ?? (await fromFallback(registry, repository, digest));
  return found.filter((descriptor) => artifactType === undefined || descriptor.artifactType === artifactType);
}

/** The documents of one artifact type that are attached to a manifest. */
export async function attachments(
  registry: Registry,
  repository: string,
  digest: Digest,
  artifactType: string,
): Promise<readonly Buffer[]> {
  const found = await listReferrers(registry, repository, digest, artifactType);
  return await Promise.all(
    found.map(async (descriptor) => {
      const { bytes } = await registry.manifest(repository, descriptor.digest);
      const [layer] = (JSON.parse(bytes.toString('utf8')) as Manifest).layers;
      if (layer === undefined)
        throw new OciError('not-an-image', { image: `${repository}@${descriptor.digest}`, problem: 'it has no content' });
      return await registry.smallBlob(repository, layer.digest, 64 * 1024 * 1024);
    }),
  );
}

/** What each client has seen, so that the empty configuration is asked for once in a repository. */
const seen = new WeakMap<Registry, HeldBlobs>();

async function sendEmpty(registry: Registry, repository: string): Promise<void> {
  const held = seen.get(registry) ?? new HeldBlobs();
  seen.set(registry, held);
  if (held.has(repository, empty.digest)) return;
  await sendMissing(registry, repository, empty, emptyBytes);
  held.add(repository, empty.digest);
}

async function sendMissing(registry: Registry, repository: string, descriptor: Descriptor, bytes: Uint8Array): Promise<void> {
  if (await registry.holdsBlob(repository, descriptor.digest)) return;
  await uploadBlob(registry, repository, { kind: 'bytes', digest: descriptor.digest, bytes });
}

async function fromApi(
  registry: Registry,
  repository: string,
  digest: Digest,
  artifactType: string | undefined,
): Promise<readonly Descriptor[] | undefined> {
  const query = artifactType === undefined ? '' : `?artifactType=${encodeURIComponent(artifactType)}`;
  const found: Descriptor[] = [];
  let path: string | undefined = `${repository}/referrers/${digest}${query}`;
  while (path !== undefined) {
    const page = await registry.jsonPage(pull(repository), path, `the referrers of ${digest}`);
    if (page === undefined || !isIndex(page.value)) return undefined;
    found.push(...page.value.manifests);
    path = page.next;
  }
  return found;
}

async function fromFallback(registry: Registry, repository: string, digest: Digest): Promise<readonly Descriptor[]> {
  try {
    const { bytes } = await registry.manifest(repository, fallbackTag(digest));
    return (JSON.parse(bytes.toString('utf8')) as Index).manifests;
  } catch (error) {
    if (error instanceof OciError && error.code === 'image-missing') return [];
    throw error;
  }
}

/** Two writers at once may overwrite each other's entry here, as the specification warns: each looks again after it wrote. */
async function addToFallback(registry: Registry, repository: string, subject: Digest, entry: Descriptor): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const present = await fromFallback(registry, repository, subject);
    if (present.some((descriptor) => descriptor.digest === entry.digest)) return;
    const index: Index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [...present, entry] };
    await registry.putManifest(repository, fallbackTag(subject), mediaTypes.index, Buffer.from(JSON.stringify(index)));
  }
}

function fallbackTag(digest: Digest): string {
  return digest.replace(':', '-');
}

function isIndex(value: unknown): value is Index {
  return typeof value === 'object' && value !== null && 'manifests' in value && Array.isArray(value.manifests);
}
