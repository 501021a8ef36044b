/** The token flow of registries: who logs in gets a token for some repositories and actions, and for nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOfBytes, ociManifest, problemOf, type StartedRegistry, startRegistry } from './registry-for-tests.ts';

const bytes = Buffer.from('0123456789');
const digest = digestOfBytes(bytes);
const basic = (token: string) => ({ authorization: `Basic ${Buffer.from(`anybody:${token}`).toString('base64')}` });

async function tokenFor({ send }: StartedRegistry, secret: string, ...scopes: readonly string[]): Promise<{ authorization: string }> {
  const query = new URLSearchParams([['service', 'beluga'], ...scopes.map((scope) => ['scope', scope])]);
  const answer = await send('GET', `/v2/token?${query.toString()}`, { headers: basic(secret) });
  const { token, access_token, expires_in } = (await answer.json()) as Readonly<Record<string, unknown>>;
  assert.deepEqual([answer.status, access_token, expires_in], [200, token, 300]);
  return { authorization: `Bearer ${String(token)}` };
}

test('who comes without a token is told where to get one, at the address they came by', async (t) => {
  const { send, host } = await startRegistry(t);
  const told = async (headers: Readonly<Record<string, string>>) =>
    (await send('GET', '/v2/', { headers: { authorization: '', ...headers } })).headers.get('www-authenticate');
  assert.equal(await told({}), `Bearer realm="http://${host}/v2/token",service="beluga"`);
  assert.equal(await told({ 'x-forwarded-proto': 'https' }), `Bearer realm="https://${host}/v2/token",service="beluga"`);
  assert.match((await told({ authorization: 'Bearer brt.e30.forged' })) ?? '', /error="invalid_token"/);
  const stranger = await send('GET', '/v2/token', { headers: basic('wrong') });
  assert.deepEqual([stranger.status, stranger.headers.get('www-authenticate')], [401, 'Basic realm="Beluga", charset="UTF-8"']);
  assert.equal((await send('POST', '/v2/token')).status, 405);
});

test('an access token does what it was asked for, and says which one is lacking for anything else', async (t) => {
  const registry = await startRegistry(t);
  const { send, pushBlob } = registry;
  await pushBlob('a/b', bytes);
  const [pull, push] = await Promise.all([
    tokenFor(registry, 'secret', 'repository:a/b:pull'),
    tokenFor(registry, 'secret', 'repository:a/b:pull,push', 'repository:vendor/base:pull'),
  ]);
  const status = async (method: string, path: string, headers: { authorization: string }) => (await send(method, path, { headers })).status;
  assert.equal(await status('GET', `/v2/a/b/blobs/${digest}`, pull), 200);
  assert.equal(await status('GET', '/v2/', pull), 200);
  assert.equal(await status('POST', '/v2/a/b/blobs/uploads/', push), 202);
  assert.equal(await status('DELETE', `/v2/a/b/blobs/${digest}`, push), 202);
  const lacking = await send('POST', '/v2/a/b/blobs/uploads/', { headers: pull });
  assert.match(lacking.headers.get('www-authenticate') ?? '', /scope="repository:a\/b:pull,push",error="insufficient_scope"/);
  assert.equal((await problemOf(lacking)).code, 'UNAUTHORIZED');
  assert.equal(await status('GET', `/v2/a/other/blobs/${digest}`, pull), 401);
  assert.equal(await status('GET', '/v2/_catalog', pull), 401);
  assert.equal(await status('GET', '/v2/_catalog', await tokenFor(registry, 'secret', 'registry:catalog:*')), 200);
});

test('a layer is mounted from a repository that the access token may read, and sent from any other', async (t) => {
  const registry = await startRegistry(t);
  await registry.pushBlob('vendor/base', bytes);
  const mount = async (query: string, ...scopes: readonly string[]) => {
    const headers = await tokenFor(registry, 'secret', 'repository:a/b:pull,push', ...scopes);
    return (await registry.send('POST', `/v2/a/b/blobs/uploads/?mount=${digest}${query}`, { headers })).status;
  };
  assert.equal(await mount('&from=vendor/base'), 202);
  assert.equal(await mount(''), 202);
  assert.equal(await mount('&from=vendor/base', 'repository:vendor/base:pull'), 201);
});

test('a token that may only read cannot push, delete or move a tag, whatever its access token was asked for', async (t) => {
  const registry = await startRegistry(t);
  const { send, pushImage } = registry;
  const image = await pushImage('a/b', 'main', bytes);
  const headers = await tokenFor(registry, 'reader', 'repository:a/b:pull,push,delete');
  assert.equal((await send('GET', '/v2/a/b/manifests/main', { headers })).status, 200);
  const refusals = await Promise.all([
    send('POST', '/v2/a/b/blobs/uploads/', { headers }),
    send('PUT', '/v2/a/b/manifests/main', { headers: { ...headers, 'content-type': ociManifest }, body: '{}' }),
    send('DELETE', `/v2/a/b/manifests/${image}`, { headers }),
  ]);
  for (const refused of await Promise.all(refusals.map(problemOf))) {
    assert.deepEqual([refused.status, refused.code], [403, 'DENIED']);
    assert.match(refused.message, /visitor may read from this registry but not write/);
  }
  assert.equal((await send('HEAD', `/v2/a/b/manifests/${image}`)).status, 200);
});

test('an access token ends after five minutes, and with the server that issued it', async (t) => {
  let now = Temporal.Instant.from('2026-04-01T00:00:00Z');
  const registry = await startRegistry(t, { now: () => now });
  const headers = await tokenFor(registry, 'secret');
  const status = async (to: StartedRegistry) => (await to.send('GET', '/v2/', { headers })).status;
  now = now.add({ seconds: 299 });
  assert.equal(await status(registry), 200);
  assert.equal(await status(await startRegistry(t, { folder: registry.folder, now: () => now })), 401);
  now = now.add({ seconds: 2 });
  assert.equal(await status(registry), 401);
});
