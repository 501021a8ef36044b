/** Logging in: basic, and the token flow, at real registries. */
import assert from 'node:assert/strict';
import { randomUUID, sign, X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { startRegistry } from '../../server/src/drivers/registry/embedded/registry-for-tests.ts';
import { testCertificate, testKey } from './certificate-for-tests.ts';
import type { Credentials } from './credentials.ts';
import { digestOf } from './digest.ts';
import { Registry } from './registry.ts';
import { startDockerRegistry, temporaryFolder } from './registry-for-tests.ts';
import { mountBlob, uploadBlob } from './upload.ts';

const bytes = Buffer.from('a layer');
const blob = { kind: 'bytes', digest: digestOf(bytes), bytes } as const;
const password = (secret: string): Credentials => ({ kind: 'password', username: 'lea', password: secret });

test("Debian's docker-registry behind a token service: a token for each scope, with a password or an identity token", async (t) => {
  for (const credentials of [password('secret'), { kind: 'identity', token: 'secret' }] as const) {
    const { host, asked } = await startWithTokenService(t);
    const registry = client(t, host, credentials);
    await uploadBlob(registry, 'vendor/base', blob);
    assert.equal(await registry.holdsBlob('vendor/base', blob.digest), true);
    assert.equal(await mountBlob(registry, 'team/app', blob.digest, 'vendor/base'), true);
    assert.deepEqual(asked, [
      'repository:vendor/base:pull,push',
      'repository:vendor/base:pull',
      'repository:team/app:pull,push repository:vendor/base:pull',
    ]);
  }
});

test('who the token service does not know, or gives less than was asked for, is told which registry turned them down', async (t) => {
  const { host } = await startWithTokenService(t);
  const refusal = { code: 'unauthorized-registry', message: /The registry 127\S+ does not accept the credentials for team\/app/ };
  await assert.rejects(uploadBlob(client(t, host, password('wrong')), 'team/app', blob), refusal);
  await assert.rejects(uploadBlob(client(t, host, password('reader')), 'team/app', blob), refusal);
});

test('the embedded registry gives tokens too: a password pushes, a token that may only read is told so', async (t) => {
  const { host } = await startRegistry(t);
  const registry = client(t, host, password('secret'));
  await uploadBlob(registry, 'vendor/base', blob);
  assert.equal(await mountBlob(registry, 'team/app', blob.digest, 'vendor/base'), true);
  const reader = client(t, host, password('reader'));
  assert.deepEqual(await reader.smallBlob('team/app', blob.digest), bytes);
  const refused = uploadBlob(reader, 'team/app', { kind: 'bytes', digest: digestOf('other'), bytes: Buffer.from('other') });
  await assert.rejects(refused, { code: 'unauthorized-registry', message: /visitor may read from this registry but not write to it/ });
});

test('a token that was given is shown before anybody asks for one', async (t) => {
  const { host } = await startRegistry(t);
  const registry = client(t, host, { kind: 'bearer', token: 'secret' });
  await uploadBlob(registry, 'team/app', blob);
  await assert.rejects(client(t, host, { kind: 'bearer', token: 'wrong' }).holdsBlob('team/app', blob.digest), {
    code: 'unauthorized-registry',
  });
});

test('first requests at once, for several scopes, all log in; what a file holds is read again when it was refused', async (t) => {
  const folder = await temporaryFolder(t);
  // bcrypt of `secret`.
  const htpasswd = 'lea:$2b$04$kgW4IRF/69IUejHcQ/2YIuYsfDFM9B8i/IFhrhy/iZ9xrMnJ/X9fu\n';
  await writeFile(`${folder}/htpasswd`, htpasswd);
  const { host } = await startDockerRegistry(t, { configuration: { auth: { htpasswd: { realm: 'test', path: `${folder}/htpasswd` } } } });
  let secret = 'wrong';
  const registry = client(t, host, async () => password(secret));
  await assert.rejects(registry.holdsBlob('team/app', blob.digest), { code: 'unauthorized-registry' });
  secret = 'secret';
  const names = ['a', 'b', 'c', 'd'];
  await Promise.all(names.map((name) => uploadBlob(registry, `team/${name}`, blob)));
  const held = await Promise.all(names.map((name) => registry.holdsBlob(`team/${name}`, blob.digest)));
  assert.deepEqual(held, [true, true, true, true]);
});

type Given = Credentials | (() => Promise<Credentials | undefined>);

function client(t: TestContext, host: string, credentials: Given): Registry {
  const registry = new Registry(host, { attempts: 2, backOffMs: 10, credentials });
  t.after(() => registry.close());
  return registry;
}

/** docker-registry that believes tokens with a signature of ours, and the service that gives them: `reader` may pull, `secret` all. */
async function startWithTokenService(t: TestContext): Promise<{ readonly host: string; readonly asked: readonly string[] }> {
  const folder = await temporaryFolder(t);
  await writeFile(`${folder}/cert.pem`, testCertificate);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void loginOf(request).then(({ secret, scopes }) => {
      if (secret !== 'secret' && secret !== 'reader') return response.writeHead(401).end('{}');
      asked.push(scopes.join(' '));
      return response.end(JSON.stringify({ token: tokenFor(scopes, secret === 'secret') }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => (server.closeAllConnections(), server.close()));
  const address = server.address();
  const realm = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/token`;
  const token = { realm, service: 'registry.test', issuer: 'tests', rootcertbundle: `${folder}/cert.pem` };
  const { host } = await startDockerRegistry(t, { configuration: { auth: { token } } });
  return { host, asked };
}

/** With a password by GET, with an identity token by POST (distribution.github.io/distribution/spec/auth/oauth). */
async function loginOf(request: IncomingMessage): Promise<{ readonly secret: string; readonly scopes: readonly string[] }> {
  const form = new URLSearchParams(await text(request));
  const query = new URL(request.url ?? '', 'http://x').searchParams;
  const basic = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString('utf8');
  const isPost = request.method === 'POST';
  const secret = isPost ? form.get('refresh_token') : basic.split(':')[1];
  return { secret: secret ?? '', scopes: isPost ? (form.get('scope') ?? '').split(' ') : query.getAll('scope') };
}

/** distribution.github.io/distribution/spec/auth/jwt. */
function tokenFor(scopes: readonly string[], mayPush: boolean): string {
  const access = scopes.map((scope) => {
    const [type, name, actions = ''] = scope.split(':');
    return { type, name, actions: actions.split(',').filter((action) => mayPush || action === 'pull') };
  });
  const nowS = Math.floor(Date.now() / 1000);
  const der = new X509Certificate(testCertificate).raw.toString('base64');
  const claims = { iss: 'tests', sub: 'lea', aud: 'registry.test', exp: nowS + 300, nbf: nowS - 10, iat: nowS, jti: randomUUID(), access };
  const parts = [{ typ: 'JWT', alg: 'ES256', x5c: [der] }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signature = sign('sha256', Buffer.from(parts.join('.')), { key: testKey, dsaEncoding: 'ieee-p1363' });
  return [...parts, signature.toString('base64url')].join('.');
}
