/**
 * What a repository holds, and keeping it for one who is about to push.
 *
 * A client asks for a blob or a manifest before it pushes what names it. What it was told is there must still be there then: the
 * asking counts as a push, and collection spares what was pushed recently.
 */
import { lockOfRepository, type Parts } from './exchange.ts';
import type { Digest } from './names.ts';

/** The size of a blob that a repository holds in whole, or null. */
export async function sizeOfBlob({ repositories, blobs }: Parts, name: string, digest: Digest): Promise<number | null> {
  const [size, file] = await Promise.all([repositories.sizeOf(name, digest), blobs.stat(digest)]);
  return file?.size === size ? size : null;
}

/** As `sizeOfBlob`, and the blob counts as just pushed. */
export async function keepBlob(parts: Parts, name: string, digest: Digest): Promise<number | null> {
  const { repositories, locks, nowMs, touchEveryMs } = parts;
  const link = await repositories.linked(name, digest);
  if (link === null) return null;
  if (nowMs() - link.touchedAtMs > touchEveryMs)
    await locks.exclusive(lockOfRepository(name), () => repositories.touch(name, digest, nowMs()));
  return sizeOfBlob(parts, name, digest);
}

/** Whether a repository has a manifest, which then counts as just pushed. */
export async function keepManifest({ manifests, locks, nowMs, touchEveryMs }: Parts, name: string, digest: Digest): Promise<boolean> {
  const touched = await manifests.touchedAt(name, digest);
  if (touched === null) return false;
  if (nowMs() - touched <= touchEveryMs) return true;
  await locks.exclusive(lockOfRepository(name), () => manifests.touch(name, digest, nowMs()));
  return (await manifests.touchedAt(name, digest)) !== null;
}
