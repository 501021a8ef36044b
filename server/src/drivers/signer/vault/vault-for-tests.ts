/** The part of Vault's transit engine that signs, as its API documentation describes it, over real HTTP. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';

export type TestVault = { readonly address: string; readonly token: string; close(): Promise<void> };

/** Knows the keys `beluga` (ecdsa-p256) and `rsa`. */
export async function startVault(t: TestContext): Promise<TestVault> {
  const keys: Readonly<Record<string, string>> = {
    beluga: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
  const token = 'hvs.test';
  const server = createServer((request, response) => {
    void answer(request, keys, token).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  t.after(close);
  return { address: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, token, close };
}

async function answer(request: IncomingMessage, keys: Readonly<Record<string, string>>, token: string) {
  if (request.headers['x-vault-token'] !== token) return { status: 403, body: { errors: ['permission denied'] } };
  const [, what, name = ''] = /^\/v1\/transit\/(keys|sign)\/([^/]+)/.exec(request.url ?? '') ?? [];
  const key = keys[name];
  if (key === undefined) return { status: 404, body: { errors: [] } };
  if (what === 'keys') {
    const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' });
    return { status: 200, body: { data: { latest_version: 1, keys: { 1: { public_key: pem } } } } };
  }
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { input } = JSON.parse(Buffer.concat(parts).toString('utf8')) as { readonly input: string };
  const signature = sign('sha256', Buffer.from(input, 'base64'), createPrivateKey(key));
  return { status: 200, body: { data: { signature: `vault:v1:${signature.toString('base64')}` } } };
}
