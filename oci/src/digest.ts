/** The digest of some bytes, as OCI writes it: `sha256:` and 64 hexadecimal digits. */
export type Digest = `sha256:${string}`;

// node:crypto as an import statement evaluates its whole namespace, which costs milliseconds in a cold command.
const { createHash, hash } = process.getBuiltinModule('node:crypto');

const pattern = /^sha256:[0-9a-f]{64}$/;

/** Whether a text is a digest. */
export function isDigest(text: string): text is Digest {
  return pattern.test(text);
}

/** The digest of bytes held in memory. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${hash('sha256', bytes, 'hex')}`;
}

/** The 64 hexadecimal digits of a digest, for file names. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** Computes the digest of bytes that pass by. */
export class Digester {
  readonly #hash = createHash('sha256');
  sizeBytes = 0;

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.sizeBytes += bytes.length;
  }

  digest(): Digest {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}
