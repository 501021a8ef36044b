import { Readable, type Transform } from 'node:stream';
import type { Header } from 'tar-stream';
import { type Digest, Digester } from './digest.ts';
import { OciError, problemOf } from './errors.ts';

const zlib = process.getBuiltinModule('node:zlib');

/** One entry of a layer that is being read; its content must be taken before the next entry. */
export interface ReadEntry {
  /** Relative, without a leading `./` or `/` and without a trailing slash; may still hold `..`. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'hard-link' | 'other';
  readonly mode: number;
  readonly user: number;
  readonly group: number;
  readonly sizeBytes: number;
  /** Of a link; otherwise empty. */
  readonly target: string;
  readonly content: AsyncIterable<Buffer>;
}

export interface ReadLimits {
  /** The tar may not be longer. Default: 16 GiB. */
  readonly mostBytes?: number;
  /** Default: 1,000,000. */
  readonly mostEntries?: number;
  /** Beyond so many bytes the tar may be at most `mostTimes` as long as what was compressed. Default: 256 MiB. */
  readonly freeBytes?: number;
}

/** Programs and data shrink to a fifth, logs to a twentieth; what shrinks to less was made to fill a disk. */
const mostTimes = 200;

const kinds: Readonly<Record<string, ReadEntry['kind']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
  symlink: 'link',
  link: 'hard-link',
};

/**
 * Reads the entries of a layer, whatever its compression, without holding it in memory; at the end the tar must be `diffId`.
 *
 * Throws `layer-refused` for what is no tar, too long or has too many entries, `digest-mismatch` when it is not what it should be.
 */
export async function* readLayer(blob: AsyncIterable<Buffer>, diffId: Digest, limits: ReadLimits = {}): AsyncGenerator<ReadEntry, void> {
  const { extract } = await import('tar-stream');
  const { mostBytes = 16 * 1024 ** 3, mostEntries = 1_000_000, freeBytes = 256 * 1024 ** 2 } = limits;
  const packed = counted(blob);
  const mostNow = () => Math.min(mostBytes, Math.max(freeBytes, packed.bytes() * mostTimes));
  const digester = new Digester();
  const entries = extract();
  const tar = Readable.from(measured(await decompressed(packed.parts), digester, mostNow), {
    objectMode: false,
    highWaterMark: 256 * 1024,
  });
  tar.on('error', (error) => entries.destroy(error));
  tar.pipe(entries);
  let count = 0;
  try {
    for await (const entry of entries) {
      if (++count > mostEntries) throw refused(`it has more than ${mostEntries} entries`);
      yield asEntry(entry.header, contentOf(entry as AsyncIterable<Buffer>));
      entry.resume();
    }
  } catch (error) {
    throw asRefusal(error);
  } finally {
    tar.destroy();
  }
  if (digester.digest() !== diffId) throw new OciError('digest-mismatch', { digest: diffId, source: 'the layer' });
}

/** A tar that breaks off breaks off in here. */
async function* contentOf(entry: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  try {
    yield* entry;
  } catch (error) {
    throw asRefusal(error);
  }
}

function asRefusal(error: unknown): OciError {
  return error instanceof OciError ? error : refused(problemOf(error), error);
}

function asEntry(header: Header, content: AsyncIterable<Buffer>): ReadEntry {
  return {
    path: header.name.replace(/^(\.?\/)+/, '').replace(/\/+$/, ''),
    kind: kinds[header.type] ?? 'other',
    mode: header.mode,
    user: header.uid,
    group: header.gid,
    sizeBytes: header.size,
    target: header.linkname ?? '',
    content,
  };
}

async function* measured(tar: AsyncIterable<Buffer>, digester: Digester, mostNow: () => number): AsyncGenerator<Buffer, void> {
  for await (const part of tar) {
    digester.update(part);
    const mostBytes = mostNow();
    if (digester.sizeBytes > mostBytes) throw refused(`it unpacks to more than ${mostBytes} bytes`);
    yield part;
  }
}

function counted(blob: AsyncIterable<Buffer>): { readonly parts: AsyncIterable<Buffer>; bytes(): number } {
  let bytes = 0;
  async function* counting(): AsyncGenerator<Buffer, void> {
    for await (const part of blob) {
      bytes += part.length;
      yield part;
    }
  }
  return { parts: counting(), bytes: () => bytes };
}

/** Tells the compression by the first bytes: media types are not always true. */
async function decompressed(blob: AsyncIterable<Buffer>): Promise<AsyncIterable<Buffer>> {
  const parts = blob[Symbol.asyncIterator]();
  const first = await parts.next();
  const start: Buffer = first.done === true ? Buffer.alloc(0) : first.value;
  const whole = startingWith(start, parts);
  const decompressor = decompressorFor(start);
  if (decompressor === undefined) return whole;
  const source = Readable.from(whole, { objectMode: false });
  source.on('error', (error) => decompressor.destroy(error));
  return source.pipe(decompressor) as AsyncIterable<Buffer>;
}

async function* startingWith(start: Buffer, parts: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void> {
  yield start;
  for (let next = await parts.next(); next.done !== true; next = await parts.next()) yield next.value;
}

function decompressorFor(start: Buffer): Transform | undefined {
  if (start[0] === 0x1f && start[1] === 0x8b) return zlib.createGunzip({ chunkSize: 256 * 1024 });
  if (start.length >= 4 && start.readUInt32LE(0) === 0xfd2fb528) return zlib.createZstdDecompress({ chunkSize: 256 * 1024 });
  return undefined;
}

function refused(problem: string, cause?: unknown): OciError {
  return new OciError('layer-refused', { problem }, { cause });
}
