/** What can be done with a public key alone, the same for every keeper of the private one. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Signer } from './signer.ts';

export const publicKeyWork: Pick<Signer, 'verify' | 'hintOf'> = {
  verify(publicKey, bytes, signature) {
    try {
      return verify('sha256', bytes, createPublicKey(publicKey), signature);
    } catch {
      return false;
    }
  },
  hintOf: (publicKey) =>
    createHash('sha256')
      .update(createPublicKey(publicKey).export({ type: 'spki', format: 'der' }))
      .digest('base64'),
};

export function isP256(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}
