import type { Digest } from './digest.ts';

/** Registries keep what was pushed or asked for at least this long before they may collect it. */
const trustedMs = 5 * 60_000;

/** Which blobs a repository was seen to hold a short while ago, so that a watch does not ask for each of them at each change. */
export class HeldBlobs {
  readonly #seenMs = new Map<string, number>();

  has(repository: string, digest: Digest): boolean {
    const seenMs = this.#seenMs.get(`${repository}@${digest}`);
    return seenMs !== undefined && performance.now() - seenMs < trustedMs;
  }

  add(repository: string, digest: Digest): void {
    this.#seenMs.set(`${repository}@${digest}`, performance.now());
  }

  /** Forgets everything; says whether there was anything. */
  clear(): boolean {
    const some = this.#seenMs.size > 0;
    this.#seenMs.clear();
    return some;
  }
}
