/** Which repositories there are and which blobs each of them holds: one small file for each, with the size of the blob inside. */
import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, readIfThere, removeDurably, unlessMissing, writeDurably } from './durable-files.ts';
import { type Digest, parseDigest } from './names.ts';

/** `touchedAtMs` is when somebody last pushed it or asked for it in order to push. */
export type Link = { readonly size: number; readonly touchedAtMs: number };

const mostSizes = 200_000;

export class RepositoryStore {
  readonly #folder: string;
  readonly #aside: string;
  /** What links were seen to hold, by path: they never change, and only this process removes them. */
  readonly #sizes = new Map<string, number>();
  #removals = 0;

  constructor(folder: string, aside: string) {
    this.#folder = join(folder, 'repositories');
    this.#aside = aside;
  }

  /** Where a repository keeps something of its own. */
  path(name: string, ...parts: readonly string[]): string {
    return join(this.#folder, name, ...parts);
  }

  async exists(name: string): Promise<boolean> {
    const found = await namesIn(this.path(name));
    return found.includes('_layers') || found.includes('_manifests');
  }

  async link(name: string, digest: Digest, size: number): Promise<void> {
    const path = this.#link(name, digest);
    await this.#remembered(path, async () => {
      await writeDurably(path, String(size), this.#aside);
      return size;
    });
  }

  /** The size of a blob that a repository holds, or null. */
  async sizeOf(name: string, digest: Digest): Promise<number | null> {
    const path = this.#link(name, digest);
    return this.#sizes.get(path) ?? this.#remembered(path, async () => sizeIn(await readIfThere(path)));
  }

  /** What `work` says of a link; remembered unless one was removed meanwhile, which may have been this one. */
  async #remembered(path: string, work: () => Promise<number | null>): Promise<number | null> {
    const before = this.#removals;
    const size = await work();
    if (size === null || before !== this.#removals) return size;
    if (this.#sizes.size >= mostSizes) this.#sizes.clear();
    this.#sizes.set(path, size);
    return size;
  }

  async linked(name: string, digest: Digest): Promise<Link | null> {
    const path = this.#link(name, digest);
    const [content, file] = await Promise.all([unlessMissing(readFile(path, 'utf8')), unlessMissing(stat(path))]);
    return content === null || file === null ? null : { size: Number(content), touchedAtMs: file.mtimeMs };
  }

  async touch(name: string, digest: Digest, atMs: number): Promise<void> {
    await unlessMissing(utimes(this.#link(name, digest), atMs / 1000, atMs / 1000));
  }

  async unlink(name: string, digest: Digest): Promise<boolean> {
    const path = this.#link(name, digest);
    this.#forget(path);
    const removed = await removeDurably(path);
    this.#forget(path);
    return removed;
  }

  #forget(path: string): void {
    this.#removals += 1;
    this.#sizes.delete(path);
  }

  async links(name: string): Promise<readonly Digest[]> {
    return digestsIn(this.path(name, '_layers'));
  }

  /** Every repository, nested ones after the one they are in. */
  async *names(within = ''): AsyncGenerator<string> {
    const entries = (await unlessMissing(readdir(join(this.#folder, within), { withFileTypes: true }))) ?? [];
    if (within !== '' && entries.some((entry) => entry.name.startsWith('_'))) yield within;
    for (const entry of entries) {
      if (entry.isDirectory() && !entry.name.startsWith('_')) yield* this.names(within === '' ? entry.name : `${within}/${entry.name}`);
    }
  }

  #link(name: string, { algorithm, hex }: Digest): string {
    return this.path(name, '_layers', algorithm, hex);
  }
}

function sizeIn(content: Buffer | null): number | null {
  return content === null ? null : Number(content);
}

/** The digests whose files are in a folder, laid out as `algorithm/hex`. */
export async function digestsIn(folder: string): Promise<readonly Digest[]> {
  const digests: Digest[] = [];
  for (const algorithm of await namesIn(folder)) {
    for (const hex of await namesIn(join(folder, algorithm))) {
      const digest = parseDigest(`${algorithm}:${hex}`);
      if (digest !== null) digests.push(digest);
    }
  }
  return digests;
}
