import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import type { Entry, Owner, Stamp } from './entry.ts';
import { OciError, problemOf, systemCode } from './errors.ts';

/** A tar is given out in chunks of this many bytes. */
export const chunkBytes = 256 * 1024;

const recordBytes = 512;
const largestOctalSize = 0o77777777777;
const types = { file: '0', link: '2', folder: '5', pax: 'x' } as const;

interface Header {
  readonly path: string;
  readonly type: keyof typeof types;
  readonly mode: number;
  readonly sizeBytes: number;
  readonly target: string;
}

/**
 * Writes entries as a POSIX.1-2001 (pax) tar, in chunks; the same entries give the same bytes on every machine.
 *
 * Times are 0. Files are read while the chunks are taken, never whole. Throws `artifact-changed` when a file is no longer what
 * its stamp says, before or after it was read.
 */
export function* tarChunks(entries: readonly Entry[], owner: Owner): Generator<Buffer> {
  const chunks = new Chunks();
  for (const entry of entries) {
    yield* chunks.add(headerOf(entry, owner));
    if (entry.kind !== 'file') continue;
    for (const part of contentOf(entry)) yield* chunks.add(part);
    yield* chunks.add(Buffer.alloc(padding(entry.sizeBytes)));
  }
  yield* chunks.add(Buffer.alloc(2 * recordBytes));
  yield chunks.rest();
}

/** What a file looks like now, to be compared later. */
export function stampOf(stats: Stats): Stamp {
  return { sizeBytes: stats.size, modifiedMs: stats.mtimeMs, changedMs: stats.ctimeMs, inode: stats.ino };
}

class Chunks {
  #chunk = Buffer.allocUnsafe(chunkBytes);
  #used = 0;

  *add(bytes: Uint8Array): Generator<Buffer> {
    let from = 0;
    while (bytes.length - from > chunkBytes - this.#used) {
      const until = from + chunkBytes - this.#used;
      this.#chunk.set(bytes.subarray(from, until), this.#used);
      yield this.#chunk;
      this.#chunk = Buffer.allocUnsafe(chunkBytes);
      this.#used = 0;
      from = until;
    }
    this.#chunk.set(bytes.subarray(from), this.#used);
    this.#used += bytes.length - from;
  }

  rest(): Buffer {
    return this.#chunk.subarray(0, this.#used);
  }
}

function* contentOf(entry: Extract<Entry, { kind: 'file' }>): Generator<Uint8Array> {
  if (entry.source.kind === 'bytes') yield entry.source.bytes;
  else yield* readFile(entry.source.file, entry.source.stamp);
}

function* readFile(file: string, stamp: Stamp): Generator<Uint8Array> {
  const descriptor = openToRead(file);
  try {
    if (!isSame(stamp, stampOf(fstatSync(descriptor)))) throw new OciError('artifact-changed', { file });
    const buffer = Buffer.allocUnsafe(Math.min(stamp.sizeBytes, 1024 * 1024));
    for (let left = stamp.sizeBytes; left > 0; ) {
      const read = readSync(descriptor, buffer, 0, Math.min(left, buffer.length), null);
      if (read === 0) throw new OciError('artifact-changed', { file });
      yield buffer.subarray(0, read);
      left -= read;
    }
    if (!isSame(stamp, stampOf(fstatSync(descriptor)))) throw new OciError('artifact-changed', { file });
  } finally {
    closeSync(descriptor);
  }
}

function openToRead(file: string): number {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    const code = ['ENOENT', 'ELOOP', 'ENOTDIR'].includes(systemCode(error)) ? 'artifact-changed' : 'artifact-unreadable';
    throw new OciError(code, { file, problem: problemOf(error) }, { cause: error });
  }
}

function isSame(a: Stamp, b: Stamp): boolean {
  return a.sizeBytes === b.sizeBytes && a.modifiedMs === b.modifiedMs && a.changedMs === b.changedMs && a.inode === b.inode;
}

function headerOf(entry: Entry, owner: Owner): Buffer {
  const header: Header = {
    path: entry.kind === 'folder' ? `${entry.path}/` : entry.path,
    type: entry.kind,
    mode: entry.kind === 'link' ? 0o777 : entry.mode,
    sizeBytes: entry.kind === 'file' ? entry.sizeBytes : 0,
    target: entry.kind === 'link' ? entry.target : '',
  };
  const pax = paxRecords(header);
  const own = ustar(header, owner);
  if (pax === '') return own;
  const extended = Buffer.from(pax);
  const before = ustar({ path: 'PaxHeader', type: 'pax', mode: 0o644, sizeBytes: extended.length, target: '' }, owner);
  return Buffer.concat([before, extended, Buffer.alloc(padding(extended.length)), own]);
}

function paxRecords(header: Header): string {
  const size = header.sizeBytes > largestOctalSize ? paxRecord('size', String(header.sizeBytes)) : '';
  const target = fits(header.target) ? '' : paxRecord('linkpath', header.target);
  const path = splitPath(header.path) === undefined ? paxRecord('path', header.path) : '';
  return target + path + size;
}

/** `length key=value\n`, where length counts itself. */
function paxRecord(key: string, value: string): string {
  const body = Buffer.byteLength(` ${key}=${value}\n`);
  let length = body + String(body).length;
  if (String(length).length !== String(body).length) length = body + String(length).length;
  return `${length} ${key}=${value}\n`;
}

function ustar(header: Header, owner: Owner): Buffer {
  const bytes = Buffer.alloc(recordBytes);
  const split = splitPath(header.path) ?? { prefix: '', name: cut(header.path) };
  bytes.write(split.name, 0, 100, 'utf8');
  writeOctal(bytes, header.mode, 100, 8);
  writeOctal(bytes, owner.user, 108, 8);
  writeOctal(bytes, owner.group, 116, 8);
  writeOctal(bytes, header.sizeBytes > largestOctalSize ? 0 : header.sizeBytes, 124, 12);
  writeOctal(bytes, 0, 136, 12);
  bytes.fill(' ', 148, 156);
  bytes.write(types[header.type], 156, 'latin1');
  bytes.write(cut(header.target), 157, 100, 'utf8');
  bytes.write('ustar\u000000', 257, 'latin1');
  bytes.write(split.prefix, 345, 155, 'utf8');
  writeOctal(bytes, checksum(bytes), 148, 7);
  return bytes;
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum;
}

function writeOctal(bytes: Buffer, value: number, at: number, length: number): void {
  bytes.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
}

/** How ustar stores a path, or undefined when it cannot. */
function splitPath(path: string): { readonly prefix: string; readonly name: string } | undefined {
  if (!isAscii(path)) return undefined;
  if (path.length <= 100) return { prefix: '', name: path };
  const slash = path.indexOf('/', path.length - 101);
  if (slash <= 0 || slash > 155 || slash === path.length - 1) return undefined;
  return { prefix: path.slice(0, slash), name: path.slice(slash + 1) };
}

function fits(text: string): boolean {
  return text.length <= 100 && isAscii(text);
}

function isAscii(text: string): boolean {
  return !/[^\u0020-\u007e]/.test(text);
}

/** The first bytes of a text, for the fields that readers of pax ignore. */
function cut(text: string): string {
  return fits(text) ? text : text.replace(/[^\u0020-\u007e]/g, '_').slice(0, 99);
}

function padding(sizeBytes: number): number {
  return (recordBytes - (sizeBytes % recordBytes)) % recordBytes;
}
