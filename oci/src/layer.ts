import { closeSync, openSync, writeSync } from 'node:fs';
import type { Transform } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { type Digest, Digester } from './digest.ts';
import type { Entry, Owner } from './entry.ts';
import { OciError, systemCode } from './errors.ts';
import { mediaTypes } from './manifest.ts';
import { chunkBytes, tarChunks } from './tar.ts';

const zlib = process.getBuiltinModule('node:zlib');

/** How a layer is compressed: gzip for every client, zstd for those that know it (Docker 23, Podman, containerd 1.5). */
export type Compression = 'gzip' | 'zstd';

/** What is known of a layer once it was written. */
export interface LayerFacts {
  /** The digest of the compressed bytes: the name of the blob. */
  readonly digest: Digest;
  /** The digest of the tar inside, the same for every compression. */
  readonly diffId: Digest;
  readonly sizeBytes: number;
}

// Part of the digest of every layer: changing one of these changes every image.
const gzipLevel = 6;
const zstdLevel = 3;
const operatingSystemByte = 9;
const operatingSystemUnknown = 255;

/** The media type of a layer. */
export function layerMediaType(compression: Compression): string {
  return compression === 'gzip' ? mediaTypes.layerGzip : mediaTypes.layerZstd;
}

/** The digest of the tar of some entries, without compressing or keeping it. */
export async function diffIdOf(entries: readonly Entry[], owner: Owner): Promise<Digest> {
  const digester = new Digester();
  let since = 0;
  for (const chunk of tarChunks(entries, owner)) {
    digester.update(chunk);
    since += chunk.length;
    if (since >= 64 * chunkBytes) {
      since = 0;
      await turn();
    }
  }
  return digester.digest();
}

/**
 * Writes entries as a compressed layer into a new file; the same entries give the same bytes.
 *
 * Nothing is held whole in memory. Throws what `tarChunks` throws, and `disk-full`. The caller removes the file on failure.
 */
export async function writeLayer(entries: readonly Entry[], owner: Owner, compression: Compression, file: string): Promise<LayerFacts> {
  const tar = new Digester();
  const compressor = newCompressor(compression);
  const written = writeParts(compressor, compression, file);
  const fed = feed(compressor, tarChunks(entries, owner), tar);
  const [blob, tarred] = await Promise.allSettled([written, fed]);
  if (blob.status === 'rejected' || tarred.status === 'rejected') throw causeOf([tarred, blob]);
  return { digest: blob.value.digest(), diffId: tar.digest(), sizeBytes: blob.value.sizeBytes };
}

function newCompressor(compression: Compression): Transform {
  const { ZSTD_c_compressionLevel: level, ZSTD_c_checksumFlag: checksum } = zlib.constants;
  if (compression === 'gzip') return zlib.createGzip({ level: gzipLevel, chunkSize: chunkBytes });
  return zlib.createZstdCompress({ chunkSize: chunkBytes, params: { [level]: zstdLevel, [checksum]: 1 } });
}

async function feed(compressor: Transform, chunks: Iterable<Buffer>, tar: Digester): Promise<void> {
  try {
    for (const chunk of chunks) {
      tar.update(chunk);
      if (!compressor.write(chunk)) await drained(compressor);
    }
    compressor.end();
  } catch (error) {
    compressor.destroy();
    throw error;
  }
}

/** When one side of a pipe breaks the other ends too: the cause is the refusal, not the broken pipe. */
function causeOf(results: readonly PromiseSettledResult<unknown>[]): unknown {
  const reasons = results.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown);
  return reasons.find((reason) => reason instanceof OciError) ?? reasons[0];
}

function drained(compressor: Transform): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      compressor.off('drain', settle).off('close', settle);
      if (compressor.destroyed) reject(new Error('the compressor stopped'));
      else resolve();
    };
    compressor.on('drain', settle).on('close', settle);
  });
}

async function writeParts(compressor: Transform, compression: Compression, file: string): Promise<Digester> {
  const blob = new Digester();
  const descriptor = onDisk(file, () => openSync(file, 'wx', 0o600));
  try {
    for await (const part of compressor as AsyncIterable<Buffer>) {
      // zlib writes the operating system it was built for into the header; the layer must not depend on it.
      if (compression === 'gzip' && blob.sizeBytes === 0) part[operatingSystemByte] = operatingSystemUnknown;
      blob.update(part);
      onDisk(file, () => writeAll(descriptor, part));
    }
  } finally {
    closeSync(descriptor);
  }
  return blob;
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}

/** Runs a write to disk; a full disk is `disk-full`. */
export function onDisk<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (['ENOSPC', 'EDQUOT'].includes(systemCode(error))) throw new OciError('disk-full', { folder: file }, { cause: error });
    throw error;
  }
}
