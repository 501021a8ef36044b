/** Manifests: pulled, pushed under a tag or a digest, deleted (end-3, end-7, end-9). */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { orFull } from './disk-full.ts';
import { type Handler, lockOfRepository, type Parts, reply } from './exchange.ts';
import { type Descriptor, type Manifest, manifestTypes, parseManifest } from './manifest.ts';
import type { Revision } from './manifest-store.ts';
import { type Digest, isTag, parseDigest } from './names.ts';
import { keepManifest, sizeOfBlob } from './presence.ts';
import { RegistryProblem } from './problem.ts';
import { isImmutable } from './tag-rules.ts';

/** The specification asks registries to take at least this much; so much is also all that ours takes. */
const mostBytes = 4 * 1024 * 1024;

export const getManifest: Handler = async (parts, { name, reference, request, response, identity }) => {
  const revision = await existing(parts, name, reference);
  refuseUnacceptable(request, revision);
  if (identity.access === 'write' && !(await keepManifest(parts, name, revision.digest))) throw unknownManifest(name, reference);
  const { digest, mediaType, bytes } = revision;
  const headers = { 'Content-Type': mediaType, 'Docker-Content-Digest': digest.text, ETag: `"${digest.text}"` };
  if (request.headers['if-none-match']?.includes(`"${digest.text}"`)) return reply(response, 304, headers);
  response.writeHead(200, { ...headers, 'Content-Length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
};

export const putManifest: Handler = async (parts, { name, reference, request, response }) => {
  const bytes = await bodyOf(request);
  const manifest = parseManifest(bytes, request.headers['content-type']);
  const { digest, tag } = targetOf(reference, bytes);
  await keepWhole(parts, name, [{ manifest, digest, tag, bytes }]);
  reply(response, 201, {
    Location: `/v2/${name}/manifests/${digest.text}`,
    'Docker-Content-Digest': digest.text,
    ...(manifest.subject === null ? {} : { 'OCI-Subject': manifest.subject.digest.text }),
  });
};

type Kept = { readonly manifest: Manifest; readonly digest: Digest; readonly tag: string | null; readonly bytes: Buffer };

/** Writes manifests once all that they name is there, all or none refused; under a tag when there is one. */
export async function keepWhole(parts: Parts, name: string, all: readonly Kept[]): Promise<void> {
  await orFull(parts.folder, () =>
    parts.locks.exclusive(lockOfRepository(name), async () => {
      await Promise.all(all.map((one) => refuseUnfit(parts, name, one)));
      await Promise.all(all.map((one) => refer(parts, name, one)));
      await Promise.all(all.map(({ manifest: { mediaType }, digest, bytes }) => parts.manifests.put(name, { digest, mediaType, bytes })));
      for (const { tag, digest } of all) if (tag !== null) await parts.manifests.tag(name, tag, digest);
    }),
  );
}

async function refer({ manifests }: Parts, name: string, { manifest: { subject }, digest }: Kept): Promise<void> {
  if (subject !== null) await manifests.refer(name, subject.digest, digest);
}

async function refuseUnfit(parts: Parts, name: string, { manifest, tag, digest }: Kept): Promise<void> {
  await refuseMissing(parts, name, manifest);
  if (tag !== null) await refuseMove(parts, name, tag, digest);
}

export const deleteManifest: Handler = async (parts, { name, reference, response }) => {
  await parts.locks.exclusive(lockOfRepository(name), async () => {
    const digest = parseDigest(reference);
    if (digest === null) await untag(parts, name, reference);
    else await removeManifest(parts, name, digest);
  });
  reply(response, 202);
};

async function existing({ manifests }: Parts, name: string, reference: string): Promise<Revision> {
  const digest = parseDigest(reference) ?? (isTag(reference) ? await manifests.tagged(name, reference) : null);
  const revision = digest === null ? null : await manifests.get(name, digest);
  if (revision === null) throw unknownManifest(name, reference);
  return revision;
}

/** Removes a manifest with the tags that name it and its place among the referrers of its subject. */
export async function removeManifest(parts: Parts, name: string, digest: Digest): Promise<void> {
  const { manifests } = parts;
  if ((await manifests.touchedAt(name, digest)) === null) throw unknownManifest(name, digest.text);
  for (const tag of await manifests.tags(name)) {
    if ((await manifests.tagged(name, tag))?.text === digest.text) await untag(parts, name, tag);
  }
  const revision = await manifests.get(name, digest).catch(() => null);
  await manifests.remove(name, digest);
  const subject = revision === null ? null : parseManifest(revision.bytes, revision.mediaType).subject;
  if (subject !== null) await manifests.forget(name, subject.digest, digest);
}

async function untag({ manifests, tagRules }: Parts, name: string, tag: string): Promise<void> {
  const digest = isTag(tag) ? await manifests.tagged(name, tag) : null;
  if (digest === null) throw unknownManifest(name, tag);
  await manifests.untag(name, tag, isImmutable(tag, tagRules) ? digest : null);
}

function targetOf(reference: string, bytes: Buffer): { digest: Digest; tag: string | null } {
  const given = parseDigest(reference);
  const algorithm = given?.algorithm ?? 'sha256';
  const hex = createHash(algorithm).update(bytes).digest('hex');
  const digest: Digest = { algorithm, hex, text: `${algorithm}:${hex}` };
  if (given === null && isTag(reference)) return { digest, tag: reference };
  if (given?.text === digest.text) return { digest, tag: null };
  if (given === null && !reference.includes(':')) {
    throw new RegistryProblem(
      'MANIFEST_INVALID',
      `"${reference.slice(0, 200)}" is neither a tag nor a digest; a tag has at most 128 letters, digits and . _ -`,
    );
  }
  throw new RegistryProblem('DIGEST_INVALID', `The manifest sent is ${digest.text}, not ${reference.slice(0, 200)}.`, {
    detail: { digest: digest.text },
  });
}

async function refuseMissing(parts: Parts, name: string, manifest: Manifest): Promise<void> {
  for (const blob of manifest.blobs) {
    const size = await sizeOfBlob(parts, name, blob.digest);
    if (size === null) throw missing('blob', name, blob);
    if (size !== blob.size)
      throw new RegistryProblem('SIZE_INVALID', `The manifest says that ${blob.digest.text} has ${blob.size} bytes, but it has ${size}.`);
  }
  for (const child of manifest.manifests) {
    if ((await parts.manifests.touchedAt(name, child.digest)) === null) throw missing('manifest', name, child);
  }
}

async function refuseMove({ manifests, tagRules }: Parts, name: string, tag: string, digest: Digest): Promise<void> {
  if (!isImmutable(tag, tagRules)) return;
  const current = (await manifests.tagged(name, tag)) ?? (await manifests.formerly(name, tag));
  if (current === null || current.text === digest.text) return;
  throw new RegistryProblem(
    'DENIED',
    `Tag ${tag} of ${name} names ${current.text} for ever and cannot move to ${digest.text}; push the new content under a new tag.`,
    { status: 409, detail: { tag, existing: current.text, offered: digest.text } },
  );
}

/** A client that names manifest types, none of them the stored one, gets none: converting would change the digest. */
function refuseUnacceptable({ headers }: IncomingMessage, { mediaType, digest }: Revision): void {
  const accepted = (headers.accept ?? '').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase() ?? '');
  if (accepted.some((type) => type === mediaType || type === '*/*' || type === 'application/*')) return;
  if (!accepted.some((type) => manifestTypes.includes(type) || type.startsWith('application/vnd.'))) return;
  throw new RegistryProblem('MANIFEST_UNKNOWN', `Manifest ${digest.text} is of type ${mediaType}, which the request does not accept.`);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): RegistryProblem {
  return new RegistryProblem('SIZE_INVALID', `A manifest has at most ${mostBytes} bytes.`, { status: 413 });
}

function missing(what: 'blob' | 'manifest', name: string, { digest }: Descriptor): RegistryProblem {
  return new RegistryProblem(
    'MANIFEST_BLOB_UNKNOWN',
    `The manifest names ${what} ${digest.text}, which ${name} does not have; push it first.`,
    {
      detail: { digest: digest.text },
    },
  );
}

function unknownManifest(name: string, reference: string): RegistryProblem {
  return new RegistryProblem('MANIFEST_UNKNOWN', `Repository ${name} has no manifest ${reference.slice(0, 200)}.`);
}
