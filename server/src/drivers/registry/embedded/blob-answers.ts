/** Blobs: asked for, read in whole or in part, deleted (end-2, end-10). */
import { createHash, type Hash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { OpenBlob } from './blob-store.ts';
import { type Exchange, type Handler, lockOfRepository, type Parts, reply } from './exchange.ts';
import { parseManifest } from './manifest.ts';
import { type Digest, requireDigest } from './names.ts';
import { keepBlob, sizeOfBlob } from './presence.ts';
import { RegistryProblem } from './problem.ts';
import { type ByteRange, requestedRange } from './ranges.ts';

/** A smaller blob is verified before the first byte leaves, so that a corrupt one gets a clear answer; a larger one while it leaves. */
const verifiedFirstBytes = 4 * 1024 * 1024;
const bufferBytes = 512 * 1024;

export const headBlob: Handler = async (parts, exchange) => {
  const digest = requireDigest(exchange.reference);
  const { name, identity } = exchange;
  const size = await (identity.access === 'write' ? keepBlob(parts, name, digest) : sizeOfBlob(parts, name, digest));
  if (size === null) throw unknownBlob(name, digest);
  if (isKnown(exchange, digest)) return reply(exchange.response, 304, { ETag: `"${digest.text}"` });
  exchange.response.writeHead(200, { ...headersOf(digest), 'Content-Length': size }).end();
};

export const getBlob: Handler = async (parts, exchange) => {
  const digest = requireDigest(exchange.reference);
  const size = await parts.repositories.sizeOf(exchange.name, digest);
  const opened = size === null ? null : await parts.blobs.open(digest);
  if (opened === null) throw unknownBlob(exchange.name, digest);
  await using blob = opened;
  if (isKnown(exchange, digest)) return reply(exchange.response, 304, { ETag: `"${digest.text}"` });
  await send(parts, exchange, blob);
};

export const deleteBlob: Handler = async (parts, { name, reference, response }) => {
  const digest = requireDigest(reference);
  await parts.locks.exclusive(lockOfRepository(name), async () => {
    if ((await parts.repositories.sizeOf(name, digest)) === null) throw unknownBlob(name, digest);
    await refuseIfNeeded(parts, name, digest);
    await parts.repositories.unlink(name, digest);
  });
  reply(response, 202);
};

async function send(parts: Parts, { request, response }: Exchange, blob: OpenBlob): Promise<void> {
  const range = requestedRange(request.headers.range, blob.size);
  if (range.kind === 'unsatisfiable') return reply(response, 416, { 'Content-Range': `bytes */${blob.size}` });
  const first = !blob.verified && (range.kind === 'part' || blob.size <= verifiedFirstBytes);
  if (first) await parts.blobs.verify(blob);
  const hash = blob.verified || first ? null : createHash(blob.digest.algorithm);
  response.setTimeout(parts.idleMs, () => response.destroy());
  const span = range.kind === 'part' ? range : { first: 0, last: blob.size - 1 };
  response.writeHead(range.kind === 'part' ? 206 : 200, {
    ...headersOf(blob.digest),
    ...(range.kind === 'part' ? { 'Content-Range': `bytes ${range.first}-${range.last}/${blob.size}` } : {}),
    'Content-Length': span.last - span.first + 1,
  });
  await copy(parts, blob, span, response, hash);
}

/** Reads ahead into one buffer while the other leaves; with a hash, the last part leaves only when the digest matches. */
async function copy(parts: Parts, blob: OpenBlob, { first, last }: ByteRange, response: ServerResponse, hash: Hash | null): Promise<void> {
  const size = Math.min(bufferBytes, Math.max(1, last - first + 1));
  const buffers = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)];
  let leaving = Promise.resolve();
  for (let position = first, turn = 0; position <= last; turn ^= 1) {
    const buffer = buffers[turn] ?? Buffer.alloc(size);
    const { bytesRead } = await blob.handle.read(buffer, 0, Math.min(size, last - position + 1), position);
    if (bytesRead === 0) break;
    const part = buffer.subarray(0, bytesRead);
    hash?.update(part);
    position += bytesRead;
    await leaving;
    if (hash !== null && position > last) await parts.blobs.vouch(blob, hash);
    leaving = write(response, part);
    leaving.catch(() => {});
  }
  await leaving;
  response.end();
}

function write(response: ServerResponse, part: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const cut = () => reject(new Error('The connection was closed.'));
    if (response.destroyed) return cut();
    response.once('close', cut);
    response.write(part, (problem) => {
      response.off('close', cut);
      if (problem) reject(problem);
      else resolve();
    });
  });
}

/** A blob that a manifest of the repository names is not deleted from under it. */
async function refuseIfNeeded({ manifests }: Parts, name: string, digest: Digest): Promise<void> {
  for (const revision of await manifests.digests(name)) {
    const found = await manifests.get(name, revision).catch(() => null);
    if (found === null) continue;
    const needed = parseManifest(found.bytes, found.mediaType).blobs.some((blob) => blob.digest.text === digest.text);
    if (!needed) continue;
    throw new RegistryProblem('DENIED', `Blob ${digest.text} is part of manifest ${revision.text} of ${name}; delete the manifest first.`, {
      status: 409,
    });
  }
}

function isKnown({ request }: Exchange, digest: Digest): boolean {
  return request.headers['if-none-match']?.includes(`"${digest.text}"`) ?? false;
}

function headersOf(digest: Digest): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'application/octet-stream',
    'Docker-Content-Digest': digest.text,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, max-age=31536000, immutable',
    ETag: `"${digest.text}"`,
  };
}

function unknownBlob(name: string, digest: Digest): RegistryProblem {
  return new RegistryProblem('BLOB_UNKNOWN', `Repository ${name} has no blob ${digest.text}; push it first.`, {
    detail: { digest: digest.text },
  });
}
