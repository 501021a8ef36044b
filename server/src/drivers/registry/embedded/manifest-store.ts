/** The manifests, tags and referrers of each repository, on disk. */
import { createHash } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, readIfThere, removeDurably, unlessMissing, writeDurably, writtenAt } from './durable-files.ts';
import { type Digest, isTag, parseDigest } from './names.ts';
import { RegistryProblem } from './problem.ts';
import { digestsIn, type RepositoryStore } from './repository-store.ts';

/** A manifest as it was pushed, to the byte. */
export type Revision = { readonly digest: Digest; readonly mediaType: string; readonly bytes: Buffer };

const newline = 0x0a;

export class ManifestStore {
  readonly #repositories: RepositoryStore;
  readonly #aside: string;

  constructor(repositories: RepositoryStore, aside: string) {
    this.#repositories = repositories;
    this.#aside = aside;
  }

  async put(name: string, { digest, mediaType, bytes }: Revision): Promise<void> {
    await writeDurably(this.#revision(name, digest), Buffer.concat([Buffer.from(`${mediaType}\n`), bytes]), this.#aside);
  }

  /** A manifest by digest, its bytes verified on each reading; refuses with DIGEST_INVALID when they do not match. */
  async get(name: string, digest: Digest): Promise<Revision | null> {
    const file = await readIfThere(this.#revision(name, digest));
    if (file === null) return null;
    const end = file.indexOf(newline);
    const bytes = file.subarray(end + 1);
    if (createHash(digest.algorithm).update(bytes).digest('hex') !== digest.hex) {
      throw new RegistryProblem(
        'DIGEST_INVALID',
        `Manifest ${digest.text} of ${name} is corrupt on the disk of the registry; push it again.`,
        { status: 500 },
      );
    }
    return { digest, mediaType: file.subarray(0, end).toString(), bytes };
  }

  /** When a manifest was pushed, or asked for in order to push; null when it is not there. */
  async touchedAt(name: string, digest: Digest): Promise<number | null> {
    return writtenAt(this.#revision(name, digest));
  }

  async touch(name: string, digest: Digest, atMs: number): Promise<void> {
    await unlessMissing(utimes(this.#revision(name, digest), atMs / 1000, atMs / 1000));
  }

  async remove(name: string, digest: Digest): Promise<boolean> {
    return removeDurably(this.#revision(name, digest));
  }

  async digests(name: string): Promise<readonly Digest[]> {
    return digestsIn(this.#path(name, 'revisions'));
  }

  async tagged(name: string, tag: string): Promise<Digest | null> {
    return digestIn(this.#path(name, 'tags', tag));
  }

  async tag(name: string, tag: string, digest: Digest): Promise<void> {
    await writeDurably(this.#path(name, 'tags', tag), digest.text, this.#aside);
  }

  /** Removes a tag; with `remember`, what it named stays on record. */
  async untag(name: string, tag: string, remember: Digest | null): Promise<boolean> {
    if (remember !== null) await writeDurably(this.#path(name, 'former-tags', tag), remember.text, this.#aside);
    return removeDurably(this.#path(name, 'tags', tag));
  }

  /** What a removed tag named, if that is on record. */
  async formerly(name: string, tag: string): Promise<Digest | null> {
    return digestIn(this.#path(name, 'former-tags', tag));
  }

  async tags(name: string): Promise<readonly string[]> {
    return (await namesIn(this.#path(name, 'tags'))).filter(isTag);
  }

  /** Records that a manifest refers to `subject`; it is listed once the manifest itself is there. */
  async refer(name: string, subject: Digest, digest: Digest): Promise<void> {
    await writeDurably(this.#referrer(name, subject, digest), '', this.#aside);
  }

  async forget(name: string, subject: Digest, digest: Digest): Promise<void> {
    await removeDurably(this.#referrer(name, subject, digest));
  }

  async referrers(name: string, subject: Digest): Promise<readonly Digest[]> {
    return digestsIn(this.#referrersOf(name, subject));
  }

  #path(name: string, ...parts: readonly string[]): string {
    return this.#repositories.path(name, '_manifests', ...parts);
  }

  #revision(name: string, { algorithm, hex }: Digest): string {
    return this.#path(name, 'revisions', algorithm, hex);
  }

  #referrersOf(name: string, { algorithm, hex }: Digest): string {
    return this.#path(name, 'referrers', algorithm, hex);
  }

  #referrer(name: string, subject: Digest, { algorithm, hex }: Digest): string {
    return join(this.#referrersOf(name, subject), algorithm, hex);
  }
}

async function digestIn(path: string): Promise<Digest | null> {
  const content = await readIfThere(path);
  return content === null ? null : parseDigest(content.toString());
}
