/**
 * The embedded registry as its own server reads and writes it: the same bytes under the same locks as over HTTP, without its requests, which
 * cost more than what they carry when a whole estate is moved.
 */
import { type Digest, digestOf } from '@beluga/oci/digest';
import { OciError } from '@beluga/oci/errors';
import type { Descriptor, Manifest } from '@beluga/oci/manifest';
import { emptyBytes, referrerManifest } from '@beluga/oci/referrers';
import type { ImageSource } from '@beluga/oci/remote';
import type { Images } from '../distribution/images.ts';
import type { Attached } from '../registry.ts';
import type { Parts } from './exchange.ts';
import { keepBytes } from './incoming-blob.ts';
import { parseManifest } from './manifest.ts';
import { keepWhole } from './manifest-answers.ts';
import type { Revision } from './manifest-store.ts';
import { parseDigest, requireDigest } from './names.ts';
import { keepBlob } from './presence.ts';
import { RegistryProblem } from './problem.ts';

const readBytes = 1024 * 1024;

export function openOwnImages(parts: Parts, host: string): Images {
  return {
    ...sourceOf(parts, host),
    attach: (repository, subject, documents) => said(host, repository, () => attach(parts, host, repository, subject, documents)),
    attached: (repository, subject, artifactType) => said(host, repository, () => attached(parts, host, repository, subject, artifactType)),
    close: () => undefined,
  };
}

function sourceOf(parts: Parts, host: string): ImageSource {
  const revision = (repository: string, name: string) => said(host, repository, () => revisionOf(parts, repository, name));
  return {
    host,
    async headManifest(repository, name) {
      const found = await revision(repository, name);
      return found === null ? undefined : descriptorOf(found);
    },
    async manifest(repository, name) {
      const found = await revision(repository, name);
      if (found === null) throw new OciError('image-missing', { image: `${host}/${repository}@${name}` });
      return { mediaType: found.mediaType, digest: found.digest.text as Digest, bytes: found.bytes };
    },
    async smallBlob(repository, digest, mostBytes = 8 * 1024 * 1024) {
      return Buffer.concat(await Array.fromAsync(blob(parts, host, repository, digest, mostBytes)));
    },
    blob: (repository, digest) => blob(parts, host, repository, digest),
  };
}

async function revisionOf({ manifests }: Parts, repository: string, name: string): Promise<Revision | null> {
  const digest = parseDigest(name) ?? (await manifests.tagged(repository, name));
  return digest === null ? null : manifests.get(repository, digest);
}

function descriptorOf({ digest, mediaType, bytes }: Revision): Descriptor {
  return { mediaType, digest: digest.text as Digest, size: bytes.length };
}

/** As for every other reader: verified before the last part is given, put aside when it is corrupt. */
async function* blob(parts: Parts, host: string, repository: string, text: Digest, mostBytes = Infinity): AsyncGenerator<Buffer, void> {
  const digest = parseDigest(text);
  const isLinked = digest !== null && (await parts.repositories.sizeOf(repository, digest)) !== null;
  const opened = isLinked ? await parts.blobs.open(digest) : null;
  if (opened === null) throw new OciError('blob-missing', { digest: text, repository: `${host}/${repository}` });
  await using found = opened;
  if (found.size > mostBytes)
    throw new OciError('not-an-image', { image: `${host}/${repository}`, problem: `${text} is longer than ${mostBytes} bytes` });
  await said(host, text, () => parts.blobs.verify(found));
  for (let position = 0; position < found.size; ) {
    const buffer = Buffer.allocUnsafe(Math.min(readBytes, found.size - position));
    const { bytesRead } = await found.handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) throw new OciError('digest-mismatch', { digest: text, source: host });
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function attach(
  parts: Parts,
  host: string,
  repository: string,
  subject: string,
  documents: readonly Attached[],
): Promise<readonly string[]> {
  const digest = parseDigest(subject);
  const found = digest === null ? null : await parts.manifests.get(repository, digest);
  if (found === null) throw new OciError('image-missing', { image: `${host}/${repository}@${subject}` });
  await Promise.all([emptyBytes, ...documents.map(({ content }) => content)].map((bytes) => keepOnce(parts, repository, bytes)));
  const referrers = documents.map((document) => {
    const bytes = referrerManifest(descriptorOf(found), { ...document, mediaType: document.artifactType });
    return { manifest: parseManifest(bytes, undefined), digest: requireDigest(digestOf(bytes)), tag: null, bytes };
  });
  await keepWhole(parts, repository, referrers);
  return referrers.map(({ digest: { text } }) => text);
}

/** A small blob, once however often. */
async function keepOnce(parts: Parts, repository: string, bytes: Uint8Array): Promise<void> {
  const digest = requireDigest(digestOf(bytes));
  if ((await keepBlob(parts, repository, digest)) === null) await keepBytes(parts, repository, digest, bytes);
}

async function attached(parts: Parts, host: string, repository: string, subject: string, artifactType: string) {
  const digest = parseDigest(subject);
  const all = digest === null ? [] : await parts.manifests.referrers(repository, digest);
  const found = await Promise.all(all.map((one) => documentOf(parts, host, repository, one.text, artifactType)));
  return found.flatMap((one) => (one === null ? [] : [one]));
}

async function documentOf(parts: Parts, host: string, repository: string, text: string, artifactType: string) {
  const revision = await revisionOf(parts, repository, text);
  const manifest = revision === null ? null : (JSON.parse(revision.bytes.toString('utf8')) as Manifest);
  const [layer] = manifest?.layers ?? [];
  if (manifest === null || layer === undefined || (manifest.artifactType ?? manifest.config.mediaType) !== artifactType) return null;
  const content = Buffer.concat(await Array.fromAsync(blob(parts, host, repository, layer.digest)));
  return { artifactType, annotations: manifest.annotations ?? {}, content, digest: text };
}

/** What a client over HTTP would be told, as the image library tells it. */
async function said<Result>(host: string, what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RegistryProblem)) throw error;
    const words = { registry: host, status: error.status, what, problem: error.message.replace(/\.$/, '') };
    throw new OciError(error.status >= 500 ? 'registry-failed' : 'registry-refused', words, { cause: error });
  }
}
