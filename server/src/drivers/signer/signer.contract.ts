/** What every keeper of a signing key holds to. */
import assert from 'node:assert/strict';
import { createHash, createPublicKey } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { Signer } from './signer.ts';

export function signerContract(name: string, open: (t: TestContext) => Promise<Signer>): void {
  const bytes = Buffer.from('what is signed');

  test(`${name}: a signature stands for these bytes and no others`, async (t) => {
    const signer = await open(t);
    const [signature, publicKey] = [await signer.sign(bytes), await signer.publicKey()];
    assert.ok(signer.verify(publicKey, bytes, signature));
    assert.ok(!signer.verify(publicKey, Buffer.from('what is signet'), signature));
    assert.ok(!signer.verify(publicKey, bytes, Buffer.from('no signature')));
    assert.ok(!signer.verify('no key', bytes, signature));
  });

  test(`${name}: the public key is one on P-256, in PEM, named by the hash of its DER`, async (t) => {
    const signer = await open(t);
    const pem = await signer.publicKey();
    const key = createPublicKey(pem);
    assert.equal(key.asymmetricKeyDetails?.namedCurve, 'prime256v1');
    const der = key.export({ type: 'spki', format: 'der' });
    assert.equal(signer.hintOf(pem), createHash('sha256').update(der).digest('base64'));
    assert.equal(await signer.publicKey(), pem);
  });
}
