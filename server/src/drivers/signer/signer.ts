/** The signer port: the key of the platform, which vouches for what the platform registers. The key itself never leaves its keeper. */
export interface Signer {
  /** The public key now in use, in PEM (SubjectPublicKeyInfo). */
  publicKey(): Promise<string>;
  /** ECDSA on P-256 over the SHA-256 of the bytes, in DER. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  /** Whether a signature of these bytes was made with the private half of a public key, which may be a former one. */
  verify(publicKey: string, bytes: Uint8Array, signature: Uint8Array): boolean;
  /** What names a public key: base64 of the SHA-256 of its DER, the hint that cosign writes. */
  hintOf(publicKey: string): string;
}
