import { createReadStream, readFileSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { type Digest, Digester, digestOf } from './digest.ts';
import { OciError, systemCode } from './errors.ts';
import type { Body, HttpAnswer } from './http.ts';
import { push, type Registry } from './registry.ts';

/** A blob to send: bytes in memory, a file that is streamed, or a stream from another registry. */
export type Blob =
  | { readonly kind: 'bytes'; readonly digest: Digest; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly digest: Digest; readonly sizeBytes: number; readonly file: string }
  /** From somewhere else, verified there. */
  | { readonly kind: 'stream'; readonly digest: Digest; readonly sizeBytes: number; open(): AsyncIterable<Buffer> };

type Stored = Exclude<Blob, { readonly kind: 'stream' }>;

export interface UploadOptions {
  /** Called with the bytes sent so far. */
  readonly sent?: (bytes: number) => void;
  /** Blobs above this size go in chunks of it, resumed where they broke. Default: 32 MiB. */
  readonly chunkBytes?: number;
}

const wholeBytes = 1024 * 1024;
/** So little is sent with the first request: a registry that does not take it that way has cost nothing. */
const atOnceBytes = 16 * 1024;
const readBytes = 256 * 1024;
const attemptsOfOneChunk = 5;
const attemptsOfOneUpload = 3;

/**
 * Sends a blob to a repository: at once when small, in chunks that are resumed when large.
 *
 * Throws `cache-damaged` when the file is not what its digest says, and what `Registry` throws.
 */
export async function uploadBlob(registry: Registry, repository: string, blob: Blob, options: UploadOptions = {}): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await uploadOnce(registry, repository, blob, options);
      break;
    } catch (error) {
      if (attempt >= attemptsOfOneUpload || !mayBeginAnew(error)) throw error;
      await wait(100 * 2 ** attempt);
    }
  }
  options.sent?.(sizeOf(blob));
}

async function uploadOnce(registry: Registry, repository: string, blob: Blob, options: UploadOptions): Promise<void> {
  const { chunkBytes = 32 * 1024 * 1024, sent } = options;
  const whole = wholeBytesOf(blob);
  if (whole !== undefined && whole.length <= atOnceBytes) return await sendAtOnce(registry, repository, blob.digest, whole);
  const location = await startUpload(registry, repository);
  if (whole !== undefined) return await finish(registry, repository, location, blob.digest, whole);
  if (blob.kind === 'stream' || sizeOf(blob) <= chunkBytes)
    return await finish(registry, repository, location, blob.digest, checkedBody(blob, sent));
  const end = await sendChunks(registry, repository, location, blob, { ...options, chunkBytes });
  await finish(registry, repository, end, blob.digest, new Uint8Array());
}

/** After a broken connection, and when a registry that was started again has forgotten the upload that it had begun. */
function mayBeginAnew(error: unknown): boolean {
  return error instanceof OciError && (error.retry || (error.code === 'registry-refused' && error.words['status'] === 404));
}

/** Makes a blob of another repository of the same registry appear in this one; false when the registry wants it sent instead. */
export async function mountBlob(registry: Registry, repository: string, digest: Digest, from: string): Promise<boolean> {
  const path = `${repository}/blobs/uploads/?mount=${digest}&from=${encodeURIComponent(from)}`;
  const answer = await registry.request([...push(repository), { repository: from, actions: 'pull' }], { method: 'POST', path });
  await registry.expect(answer, [201, 202], `mounting ${digest} from ${from}`);
  answer.body.resume();
  if (answer.status === 202) await cancel(registry, repository, locationOf(answer));
  return answer.status === 201;
}

/** In one request where the registry can (OCI distribution 1.1, end-4b); otherwise it says where to send it. */
async function sendAtOnce(registry: Registry, repository: string, digest: Digest, body: Uint8Array): Promise<void> {
  const path = `${repository}/blobs/uploads/?digest=${encodeURIComponent(digest)}`;
  const headers = { 'content-type': 'application/octet-stream' };
  const answer = await registry.request(push(repository), { method: 'POST', path, headers, body });
  await registry.expect(answer, [201, 202], `the blob ${digest}`);
  answer.body.resume();
  if (answer.status === 202) await finish(registry, repository, locationOf(answer), digest, body);
}

async function startUpload(registry: Registry, repository: string): Promise<string> {
  const answer = await registry.request(push(repository), { method: 'POST', path: `${repository}/blobs/uploads/` });
  await registry.expect(answer, [202], `an upload to ${repository}`);
  answer.body.resume();
  return locationOf(answer);
}

async function finish(registry: Registry, repository: string, location: string, digest: Digest, body: Body): Promise<void> {
  const path = `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`;
  // Never sent twice: a part of it may have arrived, and what follows would be appended to that.
  const single = !(body instanceof Uint8Array && body.length === 0);
  const request = { method: 'PUT', path, headers: { 'content-type': 'application/octet-stream' }, body, single } as const;
  const answer = await registry.request(push(repository), request);
  await registry.expect(answer, [201, 204], `the blob ${digest}`);
  answer.body.resume();
}

async function cancel(registry: Registry, repository: string, location: string): Promise<void> {
  const answer = await registry.request(push(repository), { method: 'DELETE', path: location });
  answer.body.resume();
}

/** Sends chunk after chunk; after a broken one, asks how much arrived and goes on from there. Gives where to finish. */
async function sendChunks(
  registry: Registry,
  repository: string,
  start: string,
  blob: Stored,
  options: UploadOptions & { chunkBytes: number },
): Promise<string> {
  const sizeBytes = sizeOf(blob);
  let at = { location: start, offset: 0 };
  for (let broken = 0; at.offset < sizeBytes; ) {
    const until = Math.min(at.offset + options.chunkBytes, sizeBytes);
    try {
      at = await sendChunk(registry, repository, at, blob, until);
      broken = 0;
    } catch (error) {
      if (!(error instanceof OciError) || !error.retry || ++broken >= attemptsOfOneChunk) throw error;
      await wait(100 * 2 ** broken);
      at = await arrived(registry, repository, at);
    }
    options.sent?.(at.offset);
  }
  return at.location;
}

interface Place {
  readonly location: string;
  readonly offset: number;
}

async function sendChunk(registry: Registry, repository: string, at: Place, blob: Stored, until: number): Promise<Place> {
  const headers = { 'content-type': 'application/octet-stream', 'content-range': `${at.offset}-${until - 1}` };
  const body = partOf(blob, at.offset, until);
  const answer = await registry.request(push(repository), { method: 'PATCH', path: at.location, headers, body, single: true });
  if (answer.status === 416) answer.body.resume();
  if (answer.status === 416) return await arrived(registry, repository, at);
  await registry.expect(answer, [202, 204], `a part of ${blob.digest}`);
  answer.body.resume();
  return { location: locationOf(answer), offset: until };
}

async function arrived(registry: Registry, repository: string, at: Place): Promise<Place> {
  const answer = await registry.request(push(repository), { method: 'GET', path: at.location });
  await registry.expect(answer, [204], 'the state of an upload');
  answer.body.resume();
  const last = /^(?:bytes=)?0-(\d+)$/.exec(String(answer.headers.range ?? ''))?.[1];
  return { location: answer.headers.location ?? at.location, offset: last === undefined || last === '0' ? 0 : Number(last) + 1 };
}

/** Small files are read whole and checked before anything is sent. */
function wholeBytesOf(blob: Blob): Uint8Array | undefined {
  if (blob.kind === 'bytes') return blob.bytes;
  if (blob.kind === 'stream' || blob.sizeBytes > wholeBytes) return undefined;
  const bytes = readCached(blob.file, blob.digest);
  if (digestOf(bytes) !== blob.digest) throw new OciError('cache-damaged', { digest: blob.digest });
  return bytes;
}

function readCached(file: string, digest: Digest): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new OciError('cache-damaged', { digest }, { cause: error });
    throw error;
  }
}

/** Streams a file while computing its digest; what is not what it should be is stopped before its last bytes are sent. */
function checkedBody(blob: Blob, sent: UploadOptions['sent']): Body {
  if (blob.kind === 'bytes') return blob.bytes;
  if (blob.kind === 'stream') return streamBody(blob, sent);
  const open = () => checkedParts(createReadStream(blob.file, { highWaterMark: readBytes }), blob);
  return streamBody({ kind: 'stream', digest: blob.digest, sizeBytes: blob.sizeBytes, open }, sent);
}

async function* checkedParts(parts: AsyncIterable<Buffer>, blob: Blob & { kind: 'file' }): AsyncGenerator<Buffer, void> {
  const digester = new Digester();
  for await (const part of parts) {
    digester.update(part);
    const isLast = digester.sizeBytes >= blob.sizeBytes;
    if (isLast && digester.digest() !== blob.digest) throw new OciError('cache-damaged', { digest: blob.digest });
    yield part;
  }
  if (digester.sizeBytes < blob.sizeBytes) throw new OciError('cache-damaged', { digest: blob.digest });
}

function streamBody(blob: Blob & { kind: 'stream' }, sent: UploadOptions['sent']): Body {
  let sentBytes = 0;
  const open = () =>
    Readable.from(blob.open(), { objectMode: false }).on('data', (part: Buffer) => {
      sentBytes += part.length;
      sent?.(sentBytes);
    });
  return { sizeBytes: blob.sizeBytes, open };
}

function partOf(blob: Stored, from: number, until: number): Body {
  if (blob.kind === 'bytes') return blob.bytes.subarray(from, until);
  return { sizeBytes: until - from, open: () => createReadStream(blob.file, { start: from, end: until - 1, highWaterMark: readBytes }) };
}

function sizeOf(blob: Blob): number {
  if (blob.kind === 'bytes') return blob.bytes.length;
  if (blob.kind === 'stream') return blob.sizeBytes;
  const size = statSync(blob.file, { throwIfNoEntry: false })?.size;
  if (size !== blob.sizeBytes) throw new OciError('cache-damaged', { digest: blob.digest });
  return blob.sizeBytes;
}

function locationOf(answer: HttpAnswer): string {
  const { location } = answer.headers;
  if (location === undefined)
    throw new OciError('registry-refused', {
      registry: '',
      status: answer.status,
      what: 'an upload',
      problem: 'it did not say where to send it',
    });
  return location;
}
