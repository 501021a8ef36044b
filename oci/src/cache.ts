import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type Digest, digestOf, hexOf, isDigest } from './digest.ts';
import type { Entry, Owner } from './entry.ts';
import { OciError, problemOf, systemCode } from './errors.ts';
import { type Compression, diffIdOf, type LayerFacts, layerMediaType, onDisk, writeLayer } from './layer.ts';

const crypto = process.getBuiltinModule('node:crypto');

/** A layer whose compressed bytes lie in a file. */
export interface CachedLayer extends LayerFacts {
  readonly mediaType: string;
  readonly file: string;
  /** Whether the cache did not hold it before. */
  readonly built: boolean;
}

export interface LayerRequest {
  /** What stays the same from one build to the next, such as the folder: under it the times of files are remembered. */
  readonly name: string;
  readonly entries: readonly Entry[];
  readonly owner: Owner;
  readonly compression: Compression;
}

/** Below this the entries are compressed at once; above, their digest is computed first and looked up. */
const smallBytes = 2 * 1024 * 1024;

/** A file that changed within this time before it was seen may change again without any visible difference. */
const settledMs = 2_000;

/**
 * Compressed layers by content, kept across builds in a folder that several builds may use at once.
 *
 * Everything is written beside and renamed. What is read is never trusted blindly: sizes are compared here, digests when the
 * bytes are sent (`cache-damaged`), and a damaged entry is built again.
 */
export class LayerCache {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    try {
      for (const part of ['blobs', 'layers', 'seen', 'incoming']) mkdirSync(`${folder}/${part}`, { recursive: true, mode: 0o700 });
    } catch (error) {
      if (systemCode(error) === 'ENOSPC') throw new OciError('disk-full', { folder }, { cause: error });
      throw new OciError('cache-unwritable', { folder, problem: problemOf(error) }, { cause: error });
    }
  }

  /** The layer of some entries, compressed now or found. Throws what `writeLayer` throws. */
  async layer(request: LayerRequest): Promise<CachedLayer> {
    const seen = this.#seenFile(request);
    const fingerprint = fingerprintOf(request);
    const remembered = this.#remembered(seen, fingerprint);
    if (remembered !== undefined) return this.#found(remembered, request.compression);
    const startMs = Date.now();
    const layer = (await this.#sameContent(request)) ?? (await this.#build(request));
    if (isSettled(request.entries, startMs)) this.#write(seen, JSON.stringify({ fingerprint, layer: factsOf(layer) }));
    return layer;
  }

  /** Bytes kept under their digest, such as the manifest of a base; undefined if they are not there or damaged. */
  bytes(digest: Digest): Buffer | undefined {
    const bytes = readOrNothing(this.fileOf(digest));
    return bytes !== undefined && digestOf(bytes) === digest ? bytes : undefined;
  }

  keep(bytes: Uint8Array): Digest {
    const digest = digestOf(bytes);
    this.#write(this.fileOf(digest), bytes);
    return digest;
  }

  /** The file that holds, or would hold, the content of a digest. */
  fileOf(digest: Digest): string {
    return `${this.folder}/blobs/${hexOf(digest)}`;
  }

  /** Forgets content that turned out to be damaged. */
  forget(digest: Digest): void {
    rmSync(this.fileOf(digest), { force: true });
  }

  async #sameContent(request: LayerRequest): Promise<CachedLayer | undefined> {
    const sizeBytes = request.entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.sizeBytes : 0), 0);
    if (sizeBytes < smallBytes) return undefined;
    const diffId = await diffIdOf(request.entries, request.owner);
    const facts = parseFacts(readOrNothing(this.#layerFile(diffId, request.compression)));
    if (facts?.diffId !== diffId || !this.#holds(facts)) return undefined;
    return this.#found(facts, request.compression);
  }

  async #build(request: LayerRequest): Promise<CachedLayer> {
    const incoming = this.#incoming();
    try {
      const facts = await writeLayer(request.entries, request.owner, request.compression, incoming);
      const file = this.fileOf(facts.digest);
      const built = !this.#holds(facts);
      onDisk(file, () => renameSync(incoming, file));
      this.#write(this.#layerFile(facts.diffId, request.compression), JSON.stringify(facts));
      return { ...this.#found(facts, request.compression), built };
    } finally {
      rmSync(incoming, { force: true });
    }
  }

  #found(facts: LayerFacts, compression: Compression): CachedLayer {
    return { ...facts, mediaType: layerMediaType(compression), file: this.fileOf(facts.digest), built: false };
  }

  #remembered(seen: string, fingerprint: Digest): LayerFacts | undefined {
    const facts = parseSeen(readOrNothing(seen), fingerprint);
    return facts !== undefined && this.#holds(facts) ? facts : undefined;
  }

  #holds(facts: LayerFacts): boolean {
    return statSync(this.fileOf(facts.digest), { throwIfNoEntry: false })?.size === facts.sizeBytes;
  }

  #seenFile(request: LayerRequest): string {
    return `${this.folder}/seen/${hexOf(digestOf(`${request.name}\0${request.compression}`))}.json`;
  }

  #layerFile(diffId: Digest, compression: Compression): string {
    return `${this.folder}/layers/${hexOf(diffId)}.${compression}.json`;
  }

  #incoming(): string {
    return `${this.folder}/incoming/${process.pid}-${crypto.randomBytes(8).toString('hex')}`;
  }

  #write(file: string, content: string | Uint8Array): void {
    const incoming = this.#incoming();
    try {
      onDisk(file, () => writeFileSync(incoming, content, { mode: 0o600 }));
      renameSync(incoming, file);
    } finally {
      rmSync(incoming, { force: true });
    }
  }
}

/** Changes whenever an entry, its mode, or the stamp of its file changes. */
function fingerprintOf(request: LayerRequest): Digest {
  const lines = [`${request.owner.user}:${request.owner.group}`, ...request.entries.map(lineOf)];
  return digestOf(lines.join('\n'));
}

function lineOf(entry: Entry): string {
  if (entry.kind === 'folder') return `${entry.path}\0d${entry.mode}`;
  if (entry.kind === 'link') return `${entry.path}\0l${entry.target}`;
  if (entry.source.kind === 'bytes') return `${entry.path}\0b${entry.mode} ${digestOf(entry.source.bytes)}`;
  const { sizeBytes, modifiedMs, changedMs, inode } = entry.source.stamp;
  return `${entry.path}\0f${entry.mode} ${sizeBytes} ${modifiedMs} ${changedMs} ${inode}`;
}

function isSettled(entries: readonly Entry[], nowMs: number): boolean {
  return entries.every((entry) => {
    if (entry.kind !== 'file' || entry.source.kind !== 'disk') return true;
    return entry.source.stamp.changedMs < nowMs - settledMs;
  });
}

function factsOf(layer: LayerFacts): LayerFacts {
  return { digest: layer.digest, diffId: layer.diffId, sizeBytes: layer.sizeBytes };
}

function parseSeen(bytes: Buffer | undefined, fingerprint: Digest): LayerFacts | undefined {
  const value = parseJson(bytes);
  return value['fingerprint'] === fingerprint ? asFacts(value['layer']) : undefined;
}

function parseFacts(bytes: Buffer | undefined): LayerFacts | undefined {
  return asFacts(parseJson(bytes));
}

function asFacts(value: unknown): LayerFacts | undefined {
  const { digest, diffId, sizeBytes } = asRecord(value);
  const isFacts = typeof digest === 'string' && isDigest(digest) && typeof diffId === 'string' && isDigest(diffId);
  return isFacts && typeof sizeBytes === 'number' ? { digest, diffId, sizeBytes } : undefined;
}

function parseJson(bytes: Buffer | undefined): Readonly<Record<string, unknown>> {
  try {
    return asRecord(JSON.parse(bytes?.toString('utf8') ?? '{}'));
  } catch {
    return {};
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function readOrNothing(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
