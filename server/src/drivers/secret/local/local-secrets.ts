/**
 * Secrets in files and environment variables of this machine, and their fingerprints: HMAC-SHA256 (RFC 2104) under a key of the platform,
 * which stands in its home and nowhere else. Who has the database but not the key learns nothing of a value, however short it is.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { SecretReference } from '../../../domain/release.ts';
import type { Secrets } from '../secret.ts';

/** The key is made when it is not there. */
export async function openLocalSecrets(keyFile: string): Promise<Secrets> {
  const key = await readOrMakeKey(keyFile);
  const hint = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return {
    async print(secret: SecretReference): Promise<string | null> {
      const value = await valueOf(secret.ref);
      return value === null ? null : `${hint}:${createHmac('sha256', key).update(secret.name).update('\n').update(value).digest('hex')}`;
    },
  };
}

async function valueOf(ref: string): Promise<Buffer | null> {
  const [kind, ...rest] = ref.split(':');
  const where = rest.join(':');
  if (kind !== 'env') return await readFile(where).catch(() => null);
  const value = process.env[where];
  return value === undefined ? null : Buffer.from(value);
}

async function readOrMakeKey(path: string): Promise<Buffer> {
  const known = await readFile(path, 'utf8').catch(() => '');
  if (known.trim() !== '') return Buffer.from(known.trim(), 'hex');
  const key = randomBytes(32);
  await writeFile(path, `${key.toString('hex')}\n`, { mode: 0o600 });
  return key;
}
