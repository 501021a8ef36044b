/** Garbage collection: marks what tags, kept digests and recent pushes reach, and removes the rest, while pushes go on. */
import type { Collected } from '../registry.ts';
import { lockOfBlob, lockOfRepository, type Parts } from './exchange.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { removeManifest } from './manifest-answers.ts';
import type { Digest } from './names.ts';

export type CollectOptions = {
  /** Digests (`sha256:…`) of manifests or blobs that stay, with all that they reach and what refers to them, tagged or not. */
  readonly keep: ReadonlySet<string>;
  /** Only what nobody has pushed, or asked for in order to push, since then is removed; the grace of the registry goes before. */
  readonly olderThan: Temporal.Instant;
};

type Marks = { readonly manifests: ReadonlySet<string>; readonly blobs: ReadonlySet<string> };
type Known = { readonly digest: Digest; readonly touchedAtMs: number; readonly manifest: Manifest };

/** Collects once; a second call waits for the first to end. */
export async function collect(parts: Parts, { keep, olderThan }: CollectOptions, graceMs: number): Promise<Collected> {
  const beforeMs = Math.min(olderThan.epochMilliseconds, parts.nowMs() - graceMs);
  return parts.locks.exclusive('collection', async () => {
    parts.collection.linked = new Set();
    try {
      let manifests = 0;
      for await (const name of parts.repositories.names()) manifests += await collectRepository(parts, name, keep, beforeMs);
      return { manifests, ...(await sweepBlobs(parts, keep, beforeMs)) };
    } finally {
      parts.collection.linked = null;
    }
  });
}

/** Under the lock that pushes of manifests take: what a manifest names is either seen here or not yet checked there. */
async function collectRepository(parts: Parts, name: string, keep: ReadonlySet<string>, beforeMs: number): Promise<number> {
  return parts.locks.exclusive(lockOfRepository(name), async () => {
    const known = await readManifests(parts, name);
    if (known === null) return 0;
    const marks = mark(known, await rootsOf(parts, name, known, keep, beforeMs));
    const unmarked = known.filter(({ digest }) => !marks.manifests.has(digest.text));
    for (const { digest } of unmarked) await removeManifest(parts, name, digest);
    for (const digest of await parts.repositories.links(name)) {
      if (marks.blobs.has(digest.text) || keep.has(digest.text)) continue;
      const link = await parts.repositories.linked(name, digest);
      if (link !== null && link.touchedAtMs < beforeMs) await parts.repositories.unlink(name, digest);
    }
    return unmarked.length;
  });
}

/** Null when a manifest cannot be read: what it names is unknown then, so nothing of the repository is removed. */
async function readManifests({ manifests }: Parts, name: string): Promise<readonly Known[] | null> {
  const known: Known[] = [];
  for (const digest of await manifests.digests(name)) {
    const touchedAtMs = await manifests.touchedAt(name, digest);
    const revision = await manifests.get(name, digest).catch(() => null);
    if (touchedAtMs === null || revision === null) return null;
    known.push({ digest, touchedAtMs, manifest: parseManifest(revision.bytes, revision.mediaType) });
  }
  return known;
}

async function rootsOf(
  { manifests }: Parts,
  name: string,
  known: readonly Known[],
  keep: ReadonlySet<string>,
  beforeMs: number,
): Promise<ReadonlySet<string>> {
  const roots = new Set(keep);
  for (const tag of await manifests.tags(name)) {
    const digest = await manifests.tagged(name, tag);
    if (digest !== null) roots.add(digest.text);
  }
  for (const { digest, touchedAtMs } of known) if (touchedAtMs >= beforeMs) roots.add(digest.text);
  return roots;
}

/** What the roots reach: the manifests of an index, what refers to a marked manifest, and the blobs of all of them. */
function mark(known: readonly Known[], roots: ReadonlySet<string>): Marks {
  const manifests = new Set(roots);
  for (let before = -1; before !== manifests.size; ) {
    before = manifests.size;
    for (const { digest, manifest } of known) {
      if (manifest.subject !== null && manifests.has(manifest.subject.digest.text)) manifests.add(digest.text);
      if (manifests.has(digest.text)) for (const child of manifest.manifests) manifests.add(child.digest.text);
    }
  }
  const marked = known.filter(({ digest }) => manifests.has(digest.text));
  return { manifests, blobs: new Set(marked.flatMap(({ manifest }) => manifest.blobs.map((blob) => blob.digest.text))) };
}

async function sweepBlobs(parts: Parts, keep: ReadonlySet<string>, beforeMs: number): Promise<Omit<Collected, 'manifests'>> {
  const linked = await linkedBlobs(parts);
  let [blobs, bytes] = [0, 0];
  for await (const digest of parts.blobs.all()) {
    if (linked.has(digest.text) || keep.has(digest.text)) continue;
    const freed = await parts.locks.exclusive(lockOfBlob(digest), () => removeBlob(parts, digest, beforeMs));
    if (freed === null) continue;
    blobs += 1;
    bytes += freed;
  }
  return { blobs, bytes };
}

async function linkedBlobs({ repositories }: Parts): Promise<ReadonlySet<string>> {
  const linked = new Set<string>();
  for await (const name of repositories.names()) for (const digest of await repositories.links(name)) linked.add(digest.text);
  return linked;
}

async function removeBlob({ blobs, collection }: Parts, digest: Digest, beforeMs: number): Promise<number | null> {
  const file = await blobs.stat(digest);
  if (file === null || file.writtenAtMs >= beforeMs || collection.linked?.has(digest.text)) return null;
  await blobs.remove(digest);
  return file.size;
}
