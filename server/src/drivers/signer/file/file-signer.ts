/** A signing key in a file of this machine; made there when it is missing, readable by its owner only. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BelugaError } from '../../../errors.ts';
import { isP256, publicKeyWork } from '../public-key.ts';
import type { Signer } from '../signer.ts';

/** `make`: the embedded default, whose first start makes the key; a key that was named must be there. Throws `signing-key`. */
export async function openFileSigner(file: string, options: { readonly make: boolean }): Promise<Signer> {
  if (options.make) await makeUnlessThere(file);
  return signerOf(await readKey(file));
}

/** Signs with a key that is at hand. */
export function signerOf(key: KeyObject): Signer {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' });
  return {
    ...publicKeyWork,
    publicKey: async () => publicKey,
    sign: async (bytes) => sign('sha256', bytes, key),
  };
}

async function readKey(file: string): Promise<KeyObject> {
  const [text, { mode }] = await Promise.all([readFile(file, 'utf8'), stat(file)]).catch((error: NodeJS.ErrnoException) => {
    throw unusable(file, `it cannot be read (${error.code})`, error);
  });
  if ((mode & 0o077) !== 0) throw unusable(file, 'others than its owner may read it');
  const key = keyIn(text, file);
  if (!isP256(key)) throw unusable(file, 'it is no ECDSA key on the curve P-256');
  return key;
}

function keyIn(text: string, file: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw unusable(file, 'it is no private key in PEM without a password', error);
  }
}

/** Written beside and linked, so that of two servers that start at once both use one key. */
async function makeUnlessThere(file: string): Promise<void> {
  if ((await stat(file).catch(() => null)) !== null) return;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const beside = `${file}.${randomUUID()}.new`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const written = await open(beside, 'wx', 0o600);
    await written.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await written.sync();
    await written.close();
    await link(beside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(file, `it cannot be made (${(error as Error).message})`, error);
  } finally {
    await rm(beside, { force: true });
  }
}

function unusable(key: string, problem: string, cause?: unknown): BelugaError {
  const remedy = 'Make one with: openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out FILE; chmod 600 FILE';
  return new BelugaError('signing-key', { key, problem, remedy }, { cause });
}
