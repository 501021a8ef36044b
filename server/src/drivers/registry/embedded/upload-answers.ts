/** Pushing blobs: at once, in two requests, in chunks, resumed, cancelled, mounted (end-4a to end-6, end-11, end-13). */
import { createHash } from 'node:crypto';
import { mayMountFrom } from './authentication.ts';
import { orFull } from './disk-full.ts';
import { type Exchange, type Handler, lockOfBlob, type Parts, reply } from './exchange.ts';
import { keepBytes, publishBlob } from './incoming-blob.ts';
import { type Digest, isName, parseDigest, requireDigest } from './names.ts';
import { RegistryProblem } from './problem.ts';
import { chunkRange, receivedRange } from './ranges.ts';
import type { Upload } from './upload-store.ts';

/** What comes in one request and is no longer goes through memory, not through an upload. */
const smallBytes = 256 * 1024;

export const beginUpload: Handler = async (parts, exchange) => {
  const { query } = exchange;
  if (query.has('mount') && (await mount(parts, exchange))) return;
  const digest = query.has('digest') ? requireDigest(query.get('digest')) : null;
  if (digest !== null && isSmall(exchange)) return takeAtOnce(parts, exchange, digest);
  const upload = await orFull(parts.folder, () => parts.uploads.begin(exchange.name, digest?.algorithm ?? 'sha256'));
  if (digest === null) return reply(exchange.response, 202, headersOf(upload));
  await parts.uploads.during(exchange.name, upload.id, async () => {
    await receive(parts, exchange, upload);
    await finish(parts, exchange, upload, digest);
  });
};

function isSmall({ request: { headers } }: Exchange): boolean {
  return headers['content-range'] === undefined && Number(headers['content-length'] ?? Infinity) <= smallBytes;
}

/** A configuration, a signature: read whole, so that nothing is written that is not what it should be. */
async function takeAtOnce(parts: Parts, { name, request, response }: Exchange, digest: Digest): Promise<void> {
  request.setTimeout(parts.idleMs, () => request.destroy());
  const bytes = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
  refuseOther(`${digest.algorithm}:${createHash(digest.algorithm).update(bytes).digest('hex')}`, digest, bytes.length);
  await keepBytes(parts, name, digest, bytes);
  reply(response, 201, created(name, digest));
}

function refuseOther(actual: string, digest: Digest, size: number): void {
  if (actual === digest.text) return;
  throw new RegistryProblem('DIGEST_INVALID', `The ${size} bytes sent are ${actual}, not ${digest.text}; send the blob again.`, {
    detail: { digest: actual },
  });
}

export const statusOfUpload: Handler = async (parts, exchange) => {
  const upload = await parts.uploads.find(exchange.name, exchange.reference);
  reply(exchange.response, 204, headersOf(upload));
};

export const appendToUpload: Handler = async (parts, exchange) => {
  await parts.uploads.during(exchange.name, exchange.reference, async (upload) => {
    await receive(parts, exchange, upload);
    reply(exchange.response, 202, headersOf(upload));
  });
};

export const finishUpload: Handler = async (parts, exchange) => {
  const digest = requireDigest(exchange.query.get('digest'));
  await parts.uploads.during(exchange.name, exchange.reference, async (upload) => {
    await receive(parts, exchange, upload);
    await finish(parts, exchange, upload, digest);
  });
};

export const cancelUpload: Handler = async (parts, { name, reference, response }) => {
  await parts.uploads.during(name, reference, (upload) => parts.uploads.discard(upload));
  reply(response, 204);
};

/** Takes in the body of a request; refuses with 416 a chunk that does not begin where the upload ends. */
async function receive(parts: Parts, { request }: Exchange, upload: Upload): Promise<void> {
  const range = request.headers['content-range'];
  const before = upload.size;
  const expected = range === undefined ? null : expectedBytes(range, upload);
  const declared = request.headers['content-length'];
  if (expected !== null && declared !== undefined && Number(declared) !== expected) throw wrongSize(expected, Number(declared));
  request.setTimeout(parts.idleMs, () => request.destroy());
  // The request outlives a refusal: a client that still sends would never see the answer on a connection that is cut.
  await orFull(parts.folder, () => parts.uploads.append(upload, request.iterator({ destroyOnReturn: false })));
  if (expected === null || upload.size - before === expected) return;
  await parts.uploads.discard(upload);
  throw wrongSize(expected, upload.size - before);
}

function expectedBytes(header: string, upload: Upload): number {
  const range = chunkRange(header);
  if (range === null)
    throw new RegistryProblem('BLOB_UPLOAD_INVALID', `Content-Range is "${header.slice(0, 100)}"; write it as first-last.`, {
      status: 416,
      headers: headersOf(upload),
    });
  if (range.first === upload.size) return range.last - range.first + 1;
  throw new RegistryProblem(
    'BLOB_UPLOAD_INVALID',
    `The chunk begins at ${range.first} but the upload has ${upload.size} bytes; go on from there.`,
    {
      status: 416,
      headers: headersOf(upload),
    },
  );
}

async function finish(parts: Parts, { name, response }: Exchange, upload: Upload, digest: Digest): Promise<void> {
  const { uploads, folder } = parts;
  const { path, size } = upload;
  try {
    refuseOther(await orFull(folder, () => uploads.seal(upload, digest.algorithm)), digest, size);
    await publishBlob(parts, name, { path, digest, size });
  } finally {
    await uploads.discard(upload);
  }
  reply(response, 201, created(name, digest));
}

/** Makes a blob of another repository one of this one without moving a byte; without `from`, of whichever has it. */
async function mount(parts: Parts, { name, query, response, identity }: Exchange): Promise<boolean> {
  const { blobs, repositories, locks, collection } = parts;
  const digest = parseDigest(query.get('mount') ?? '');
  if (digest === null) return false;
  const from = query.get('from');
  if (!mayMountFrom(identity, from)) return false;
  const mounted = await orFull(parts.folder, () =>
    locks.exclusive(lockOfBlob(digest), async () => {
      const file = await blobs.stat(digest);
      if (file === null || (from !== null && !(await holdsWhole(parts, from, digest, file.size)))) return false;
      await repositories.link(name, digest, file.size);
      collection.linked?.add(digest.text);
      return true;
    }),
  );
  if (mounted) reply(response, 201, created(name, digest));
  return mounted;
}

async function holdsWhole({ repositories }: Parts, from: string, digest: Digest, size: number): Promise<boolean> {
  return isName(from) && (await repositories.sizeOf(from, digest)) === size;
}

function headersOf({ name, id, size }: Upload): Readonly<Record<string, string>> {
  return { Location: `/v2/${name}/blobs/uploads/${id}`, Range: receivedRange(size), 'Docker-Upload-UUID': id };
}

function created(name: string, digest: Digest): Readonly<Record<string, string>> {
  return { Location: `/v2/${name}/blobs/${digest.text}`, 'Docker-Content-Digest': digest.text };
}

function wrongSize(expected: number, actual: number): RegistryProblem {
  return new RegistryProblem('SIZE_INVALID', `Content-Range announces ${expected} bytes but ${actual} came; send the blob again.`);
}
