/** How bytes that have come become a blob of a repository: there in whole or not at all. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { orFull } from './disk-full.ts';
import { writeSynced } from './durable-files.ts';
import { lockOfBlob, type Parts } from './exchange.ts';
import type { Digest } from './names.ts';

export type Written = {
  /** A file of this registry's own, synced, whose bytes match the digest; it is moved. */
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
};

/** Makes a written file a blob of a repository. */
export async function publishBlob(
  { blobs, repositories, locks, collection, folder }: Parts,
  name: string,
  { path, digest, size }: Written,
): Promise<void> {
  await orFull(folder, () =>
    locks.exclusive(lockOfBlob(digest), async () => {
      await blobs.publish(path, digest);
      await repositories.link(name, digest, size);
      collection.linked?.add(digest.text);
    }),
  );
}

/** Makes bytes in memory, which match the digest, a blob of a repository. */
export async function keepBytes(parts: Parts, name: string, digest: Digest, bytes: Uint8Array): Promise<void> {
  const path = join(parts.folder, 'uploads', `${randomUUID()}.part`);
  try {
    await orFull(parts.folder, () => writeSynced(path, bytes));
    await publishBlob(parts, name, { path, digest, size: bytes.length });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
