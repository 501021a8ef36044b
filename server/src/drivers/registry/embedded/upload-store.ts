/** Uploads under way: one file each in a folder of their own, hashed while they are written, gone when stale. */
import { createHash, type Hash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, unlessMissing, writtenAt } from './durable-files.ts';
import type { Algorithm } from './names.ts';
import { RegistryProblem } from './problem.ts';

/** An upload; `size` is what the file and the hash both hold. */
export type Upload = {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  algorithm: Algorithm;
  hash: Hash;
  size: number;
  busy: boolean;
};

const batchBytes = 1024 * 1024;
const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class UploadStore {
  readonly #folder: string;
  readonly #uploads = new Map<string, Upload>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async begin(name: string, algorithm: Algorithm): Promise<Upload> {
    const id = randomUUID();
    const path = this.#path(name, id);
    await (await open(path, 'wx')).close();
    const upload = { id, name, path, algorithm, hash: createHash(algorithm), size: 0, busy: false };
    this.#uploads.set(path, upload);
    return upload;
  }

  /** Runs `work` on an upload while nobody else may; an upload begun before a restart is read again from its file. */
  async during<Result>(name: string, id: string, work: (upload: Upload) => Promise<Result>): Promise<Result> {
    const upload = await this.find(name, id);
    if (upload.busy) {
      throw new RegistryProblem('BLOB_UPLOAD_INVALID', `Another request is writing upload ${id}; wait for its end or begin a new upload.`, {
        status: 409,
      });
    }
    upload.busy = true;
    try {
      return await work(upload);
    } finally {
      upload.busy = false;
    }
  }

  /** The upload as it stands; refuses with BLOB_UPLOAD_UNKNOWN. */
  async find(name: string, id: string): Promise<Upload> {
    const path = this.#path(name, id);
    const known = this.#uploads.get(path) ?? (idPattern.test(id) ? await this.#revive(name, id, path) : null);
    if (known === null)
      throw new RegistryProblem('BLOB_UPLOAD_UNKNOWN', `There is no upload ${id.slice(0, 64)} in ${name}; begin a new one.`);
    return known;
  }

  /** Appends a body. When it breaks off, what came before stays and can be resumed; when the disk fails, the upload is gone. */
  async append(upload: Upload, body: AsyncIterable<Buffer>): Promise<void> {
    await using handle = await open(upload.path, 'r+');
    const batches = new Batches(handle, upload);
    try {
      try {
        for await (const chunk of body) await batches.add(chunk);
      } finally {
        await batches.end();
      }
    } catch (problem) {
      if (batches.failed) await this.discard(upload);
      throw problem;
    }
  }

  /** Syncs the file and says which digest its bytes have. */
  async seal(upload: Upload, algorithm: Algorithm): Promise<string> {
    await using handle = await open(upload.path, 'r+');
    const synced = handle.datasync();
    const hash = upload.algorithm === algorithm ? upload.hash : await hashOf(handle, algorithm);
    await synced;
    return `${algorithm}:${hash.copy().digest('hex')}`;
  }

  async discard(upload: Upload): Promise<void> {
    this.#uploads.delete(upload.path);
    await rm(upload.path, { force: true });
  }

  /** Removes what nobody has written to since `beforeMs`; an upload that is being written stays. */
  async discardStale(beforeMs: number): Promise<number> {
    let discarded = 0;
    for (const file of await namesIn(this.#folder)) {
      const path = join(this.#folder, file);
      const written = await writtenAt(path);
      if (written === null || written >= beforeMs || this.#uploads.get(path)?.busy === true) continue;
      this.#uploads.delete(path);
      await rm(path, { force: true, recursive: true });
      discarded += 1;
    }
    return discarded;
  }

  async #revive(name: string, id: string, path: string): Promise<Upload | null> {
    const handle = await unlessMissing(open(path, 'r'));
    if (handle === null) return null;
    await using opened = handle;
    const hash = await hashOf(opened, 'sha256');
    const { size } = await opened.stat();
    const upload: Upload = { id, name, path, algorithm: 'sha256', hash, size, busy: false };
    const first = this.#uploads.get(path) ?? upload;
    this.#uploads.set(path, first);
    return first;
  }

  /** The name of the repository is in the file's name, so that an upload is found only where it was begun, also after a restart. */
  #path(name: string, id: string): string {
    return join(this.#folder, `${createHash('sha256').update(name).digest('hex').slice(0, 16)}.${id.slice(0, 64).replaceAll('/', '_')}`);
  }
}

/** Writes in large batches, one on its way to disk while the next is gathered and hashed. */
class Batches {
  readonly #handle: FileHandle;
  readonly #upload: Upload;
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  /** Whether the disk refused a batch, so that file and hash no longer agree. */
  failed = false;

  constructor(handle: FileHandle, upload: Upload) {
    this.#handle = handle;
    this.#upload = upload;
  }

  async add(chunk: Buffer): Promise<void> {
    this.#gathered.push(chunk);
    this.#gatheredBytes += chunk.length;
    if (this.#gatheredBytes >= batchBytes) await this.#flush();
  }

  async end(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  async #flush(): Promise<void> {
    await this.#writing;
    const batch = this.#gathered;
    if (batch.length === 0) return;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#writing = this.#write(batch);
    this.#writing.catch(() => {
      this.failed = true;
    });
  }

  async #write(batch: readonly Buffer[]): Promise<void> {
    const upload = this.#upload;
    const position = upload.size;
    const bytes = batch.reduce((sum, chunk) => sum + chunk.length, 0);
    const writing = this.#handle.writev(batch, position);
    for (const chunk of batch) upload.hash.update(chunk);
    upload.size += bytes;
    const { bytesWritten } = await writing;
    if (bytesWritten !== bytes) throw Object.assign(new Error(`Only ${bytesWritten} of ${bytes} bytes were written.`), { code: 'ENOSPC' });
  }
}

async function hashOf(handle: FileHandle, algorithm: Algorithm): Promise<Hash> {
  const hash = createHash(algorithm);
  const buffer = Buffer.allocUnsafe(batchBytes);
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return hash;
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}
