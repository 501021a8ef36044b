import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { BelugaError, type ErrorCode } from '../../errors.ts';
import { openFileSigner } from './file/file-signer.ts';
import { signerContract } from './signer.contract.ts';
import { startVault } from './vault/vault-for-tests.ts';
import { createVaultSigner } from './vault/vault-signer.ts';

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'beluga-key-'));
  t.after(() => rm(made, { recursive: true }));
  return made;
}

function refused(code: ErrorCode, sentence: RegExp) {
  return (error: unknown) => error instanceof BelugaError && error.code === code && sentence.test(`${error.message} ${error.remedy}`);
}

async function vaultSigner(t: TestContext, changes: { readonly key?: string; readonly token?: string } = {}) {
  const { address, token } = await startVault(t);
  return createVaultSigner({ address, mount: 'transit', key: 'beluga', ...changes, token: async () => changes.token ?? token });
}

signerContract('a key in a file', async (t) => openFileSigner(join(await folder(t), 'signing.key'), { make: true }));
signerContract('a key in Vault', (t) => vaultSigner(t));

/** `http://TOKEN@127.0.0.1:8200`: a real Vault or OpenBao, with transit mounted, and the keys `beluga` (ecdsa-p256) and `rsa` (rsa-2048). */
const { BELUGA_TEST_VAULT: named } = process.env;
if (named !== undefined) {
  const { origin: address, username } = new URL(named);
  const open = (key: string, token = username) => createVaultSigner({ address, mount: 'transit', key, token: async () => token });
  signerContract(`a key in ${address}`, async () => open('beluga'));
  test(`${address} refuses as ours does`, async () => {
    await assert.rejects(open('none').publicKey(), refused('signing-key', /404.*vault write -f transit\/keys\/none/));
    await assert.rejects(open('rsa').publicKey(), refused('signing-key', /ecdsa-p256/));
    await assert.rejects(open('beluga', 'x').sign(Buffer.from('a')), refused('signing-key', /permission denied/));
  });
}

test('the key is made once, for its owner only, also by servers that start at once', async (t) => {
  const file = join(await folder(t), 'keys', 'signing.key');
  const signers = await Promise.all([1, 2, 3].map(() => openFileSigner(file, { make: true })));
  const keys = await Promise.all(signers.map((signer) => signer.publicKey()));
  assert.equal(new Set([...keys, await (await openFileSigner(file, { make: false })).publicKey()]).size, 1);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
});

test('a key that is missing, no key, of another kind or open to others is refused with how to make one', async (t) => {
  const file = join(await folder(t), 'signing.key');
  const open = () => openFileSigner(file, { make: false });
  await assert.rejects(open(), refused('signing-key', /cannot be read \(ENOENT\).*openssl/));
  await writeFile(file, 'no key', { mode: 0o600 });
  await assert.rejects(open(), refused('signing-key', /no private key/));
  await chmod(file, 0o644);
  await assert.rejects(open(), refused('signing-key', /others than its owner/));
});

test('Vault says what is wrong with key or token, and that it is away', async (t) => {
  await assert.rejects(
    (await vaultSigner(t, { key: 'none' })).publicKey(),
    refused('signing-key', /404.*vault write -f transit\/keys\/none/),
  );
  await assert.rejects((await vaultSigner(t, { key: 'rsa' })).publicKey(), refused('signing-key', /ecdsa-p256/));
  await assert.rejects((await vaultSigner(t, { token: 'x' })).sign(Buffer.from('a')), refused('signing-key', /permission denied/));
  const vault = await startVault(t);
  await vault.close();
  const away = createVaultSigner({ address: vault.address, mount: 'transit', key: 'beluga', token: async () => 'x' });
  await assert.rejects(away.sign(Buffer.from('a')), refused('signer-unreachable', /ECONNREFUSED/));
});
