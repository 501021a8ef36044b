/** Blobs on disk by digest, verified when they are written and once more before this process first vouches for them when read. */
import { createHash, type Hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder, moveDurably, namesIn, removeDurably, syncFolder, unlessMissing } from './durable-files.ts';
import { type Digest, parseDigest } from './names.ts';
import { RegistryProblem } from './problem.ts';

/** A blob that is open for reading; `verified` says that this process has seen these very bytes match the digest. */
export type OpenBlob = AsyncDisposable & {
  readonly digest: Digest;
  readonly handle: FileHandle;
  readonly size: number;
  readonly verified: boolean;
  readonly state: string;
};

export type BlobFile = { readonly size: number; readonly writtenAtMs: number };
export type OnCorrupt = (digest: Digest, actual: string, quarantine: string) => void;

const readBytes = 1024 * 1024;

export class BlobStore {
  readonly #folder: string;
  readonly #quarantine: string;
  readonly #onCorrupt: OnCorrupt;
  /** Digest to the state of the file (inode, size, time of its last change) in which it was seen to match. */
  readonly #verified = new Map<string, string>();

  constructor(folder: string, onCorrupt: OnCorrupt) {
    this.#folder = join(folder, 'blobs');
    this.#quarantine = join(folder, 'quarantine');
    this.#onCorrupt = onCorrupt;
  }

  async stat(digest: Digest): Promise<BlobFile | null> {
    const found = await unlessMissing(stat(this.#path(digest)));
    return found === null ? null : { size: found.size, writtenAtMs: found.mtimeMs };
  }

  async open(digest: Digest): Promise<OpenBlob | null> {
    const handle = await unlessMissing(open(this.#path(digest), 'r'));
    if (handle === null) return null;
    const found = await handle.stat({ bigint: true });
    const state = stateIn(found);
    const verified = this.#verified.get(digest.text) === state;
    return { digest, handle, size: Number(found.size), state, verified, [Symbol.asyncDispose]: () => handle.close() };
  }

  /** Reads the whole blob; refuses with DIGEST_INVALID, and puts the file aside, when it does not match its digest. */
  async verify(blob: OpenBlob): Promise<void> {
    if (blob.verified) return;
    const hash = createHash(blob.digest.algorithm);
    const buffer = Buffer.allocUnsafe(Math.min(readBytes, Math.max(1, blob.size)));
    for (let position = 0; position < blob.size; ) {
      const { bytesRead } = await blob.handle.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
    await this.vouch(blob, hash);
  }

  /** Concludes a reading of the whole blob by its hash, as `verify` does. */
  async vouch(blob: OpenBlob, hash: Hash): Promise<void> {
    const actual = hash.digest('hex');
    if (actual === blob.digest.hex) {
      this.#verified.set(blob.digest.text, blob.state);
      return;
    }
    await this.#putAside(blob, `${blob.digest.algorithm}:${actual}`);
    throw new RegistryProblem(
      'DIGEST_INVALID',
      `Blob ${blob.digest.text} is corrupt on the disk of the registry: its bytes are ${blob.digest.algorithm}:${actual}. ` +
        'It was put in quarantine; push it again.',
      { status: 500 },
    );
  }

  /** Takes in a synced file whose bytes were just seen to match the digest; it replaces a former file of the same digest. */
  async publish(path: string, digest: Digest): Promise<void> {
    // Moving changes neither the file nor when it was written.
    const state = stateIn(await stat(path, { bigint: true }));
    await moveDurably(path, this.#path(digest));
    this.#verified.set(digest.text, state);
  }

  async remove(digest: Digest): Promise<void> {
    this.#verified.delete(digest.text);
    await removeDurably(this.#path(digest));
  }

  async *all(): AsyncGenerator<Digest> {
    for (const algorithm of await namesIn(this.#folder)) {
      for (const prefix of await namesIn(join(this.#folder, algorithm))) {
        for (const hex of await namesIn(join(this.#folder, algorithm, prefix))) {
          const digest = parseDigest(`${algorithm}:${hex}`);
          if (digest !== null) yield digest;
        }
      }
    }
  }

  async #putAside(blob: OpenBlob, actual: string): Promise<void> {
    this.#verified.delete(blob.digest.text);
    await using current = await this.open(blob.digest);
    if (current?.state !== blob.state) return;
    await ensureFolder(this.#quarantine);
    const aside = join(this.#quarantine, `${blob.digest.algorithm}-${blob.digest.hex}-${blob.state.replaceAll(':', '-')}`);
    if ((await unlessMissing(rename(this.#path(blob.digest), aside).then(() => true))) === null) return;
    await syncFolder(this.#quarantine);
    this.#onCorrupt(blob.digest, actual, aside);
  }

  #path({ algorithm, hex }: Digest): string {
    return join(this.#folder, algorithm, hex.slice(0, 2), hex);
  }
}

function stateIn({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino}:${size}:${mtimeNs}`;
}
