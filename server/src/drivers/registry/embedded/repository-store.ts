/** Which repositories there are and which blobs each of them holds: one small file for each, with the size of the blob inside. */
import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, removeDurably, unlessMissing, writeDurably } from './durable-files.ts';
import { type Digest, parseDigest } from './names.ts';

/** `touchedAtMs` is when somebody last pushed it or asked for it in order to push. */
export type Link = { readonly size: number; readonly touchedAtMs: number };

export class RepositoryStore {
  readonly #folder: string;
  readonly #aside: string;

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
    await writeDurably(this.#link(name, digest), String(size), this.#aside);
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
    return removeDurably(this.#link(name, digest));
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
