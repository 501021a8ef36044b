/** The OCI distribution specification 1.1, endpoint by endpoint (end-1 to end-13), over real HTTP. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { descriptor, digestOfBytes, imageManifest, ociIndex, ociManifest, problemOf, startRegistry } from './registry-for-tests.ts';

const bytes = Buffer.from('0123456789');
const digest = digestOfBytes(bytes);
const basic = (token: string) => ({ authorization: `Basic ${Buffer.from(`anybody:${token}`).toString('base64')}` });

test('end-1: it says that it speaks the protocol, to those who may come in', async (t) => {
  const { send } = await startRegistry(t);
  const welcome = await send('GET', '/v2/');
  assert.deepEqual([welcome.status, welcome.headers.get('docker-distribution-api-version')], [200, 'registry/2.0']);
  const stranger = await send('GET', '/v2/', { headers: { authorization: 'Basic eDp5' } });
  assert.match(stranger.headers.get('www-authenticate') ?? '', /^Bearer realm=/);
  assert.deepEqual(await problemOf(stranger).then(({ status, code }) => [status, code]), [401, 'UNAUTHORIZED']);
});

test('a reader reads, and is told that he may not write', async (t) => {
  const { send, pushBlob } = await startRegistry(t);
  await pushBlob('a/b', bytes);
  assert.equal((await send('GET', `/v2/a/b/blobs/${digest}`, { headers: basic('reader') })).status, 200);
  const refused = await problemOf(await send('POST', '/v2/a/b/blobs/uploads/', { headers: basic('reader') }));
  assert.deepEqual([refused.status, refused.code], [403, 'DENIED']);
});

test('a token with a scope reaches the repositories of its scope and no other, by mounting neither', async (t) => {
  const authenticate = async () => ({ name: 'claims', access: 'write' as const, repositories: ['claims/*', 'socle/node'] });
  const { send } = await startRegistry(t, { authenticate });
  const begin = async (name: string, query = '') => (await send('POST', `/v2/${name}/blobs/uploads/${query}`)).status;
  assert.deepEqual(await Promise.all(['claims/web', 'claims/a/b', 'socle/node'].map((name) => begin(name))), [202, 202, 202]);
  assert.deepEqual(await Promise.all(['claim/web', 'claims', 'socle/node/x'].map((name) => begin(name))), [403, 403, 403]);
  assert.equal(await begin('claims/web', `?mount=${digest}&from=secret/app`), 403);
  assert.equal((await send('GET', '/v2/')).status, 200);
  assert.equal((await send('GET', '/v2/_catalog')).status, 403);
});

test('end-2: a blob is asked for and read, in whole and in part', async (t) => {
  const { send, pushBlob } = await startRegistry(t);
  await pushBlob('a/b', bytes);
  const head = await send('HEAD', `/v2/a/b/blobs/${digest}`);
  assert.deepEqual([head.status, head.headers.get('content-length'), head.headers.get('docker-content-digest')], [200, '10', digest]);
  const ranges = [
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=1-2,4-5', 200, '0123456789', null],
  ] as const;
  for (const [range, status, text, contentRange] of ranges) {
    const answer = await send('GET', `/v2/a/b/blobs/${digest}`, { headers: { range } });
    assert.deepEqual([answer.status, await answer.text(), answer.headers.get('content-range')], [status, text, contentRange], range);
  }
  const known = await send('GET', `/v2/a/b/blobs/${digest}`, { headers: { 'if-none-match': `"${digest}"` } });
  assert.equal(known.status, 304);
  const elsewhere = await problemOf(await send('GET', `/v2/a/other/blobs/${digest}`));
  assert.deepEqual([elsewhere.status, elsewhere.code], [404, 'BLOB_UNKNOWN']);
});

test('end-3 and end-7: a manifest comes back by tag and by digest, to the byte', async (t) => {
  const { send, pushImage } = await startRegistry(t);
  const pushed = await pushImage('a/b', 'main', bytes);
  for (const name of ['main', pushed]) {
    const answer = await send('GET', `/v2/a/b/manifests/${name}`, { headers: { accept: ociManifest } });
    assert.equal(digestOfBytes(await answer.text()), pushed);
    const head = await send('HEAD', `/v2/a/b/manifests/${name}`);
    assert.deepEqual([answer.headers.get('content-type'), head.headers.get('docker-content-digest')], [ociManifest, pushed]);
    assert.equal(head.headers.get('content-length'), answer.headers.get('content-length'));
  }
  const unacceptable = await send('GET', '/v2/a/b/manifests/main', { headers: { accept: ociIndex } });
  assert.equal((await problemOf(unacceptable)).code, 'MANIFEST_UNKNOWN');
  assert.equal((await send('HEAD', '/v2/a/b/manifests/none')).status, 404);
});

test('end-4a and end-6: a blob is pushed in two requests', async (t) => {
  const { send } = await startRegistry(t);
  const begun = await send('POST', '/v2/a/b/blobs/uploads/');
  assert.equal(begun.status, 202);
  const finished = await send('PUT', `${begun.headers.get('location')}?digest=${digest}`, { body: bytes });
  assert.deepEqual([finished.status, finished.headers.get('location')], [201, `/v2/a/b/blobs/${digest}`]);
});

test('end-4b: a blob is pushed in one request, by sha256 and by sha512', async (t) => {
  const { send, pushBlob } = await startRegistry(t);
  assert.equal(await pushBlob('a/b', bytes), digest);
  const long = digestOfBytes(bytes, 'sha512');
  assert.equal((await send('POST', `/v2/a/b/blobs/uploads/?digest=${long}`, { body: bytes })).status, 201);
  assert.equal(await (await send('GET', `/v2/a/b/blobs/${long}`)).text(), bytes.toString());
});

test('end-5 and end-13: a blob is pushed in chunks, each where the last one ended', async (t) => {
  const { send } = await startRegistry(t);
  const place = (await send('POST', '/v2/a/b/blobs/uploads/')).headers.get('location') ?? '';
  const chunk = (from: number, until: number) =>
    send('PATCH', place, { headers: { 'content-range': `${from}-${until - 1}` }, body: bytes.subarray(from, until) });
  const first = await chunk(0, 4);
  assert.deepEqual([first.status, first.headers.get('range'), first.headers.get('location')], [202, '0-3', place]);
  const early = await chunk(6, 10);
  assert.deepEqual([early.status, early.headers.get('range')], [416, '0-3']);
  const state = await send('GET', place);
  assert.deepEqual([state.status, state.headers.get('range')], [204, '0-3']);
  assert.equal((await chunk(4, 10)).status, 202);
  assert.equal((await send('PUT', `${place}?digest=${digest}`)).status, 201);
  assert.equal(await (await send('GET', `/v2/a/b/blobs/${digest}`)).text(), bytes.toString());
  assert.equal((await problemOf(await send('GET', place))).code, 'BLOB_UPLOAD_UNKNOWN');
});

test('an upload is cancelled, belongs to its repository, and must be what its digest says', async (t) => {
  const { send } = await startRegistry(t);
  const place = (await send('POST', '/v2/a/b/blobs/uploads/')).headers.get('location') ?? '';
  assert.equal((await problemOf(await send('GET', place.replace('a/b', 'a/c')))).code, 'BLOB_UPLOAD_UNKNOWN');
  assert.equal((await send('DELETE', place)).status, 204);
  assert.equal((await problemOf(await send('PATCH', place, { body: bytes }))).code, 'BLOB_UPLOAD_UNKNOWN');
  const wrong = await problemOf(await send('POST', `/v2/a/b/blobs/uploads/?digest=${digestOfBytes('other')}`, { body: bytes }));
  assert.deepEqual([wrong.status, wrong.code], [400, 'DIGEST_INVALID']);
  assert.match(wrong.message, new RegExp(`are ${digest}, not ${digestOfBytes('other')}`));
  assert.equal((await send('HEAD', `/v2/a/b/blobs/${digest}`)).status, 404);
});

test('end-7: what a manifest names must be there, and of the size it says', async (t) => {
  const { send, pushBlob } = await startRegistry(t);
  const put = async (text: string, type = ociManifest, to = 'v1') =>
    problemOf(await send('PUT', `/v2/a/b/manifests/${to}`, { headers: { 'content-type': type }, body: text }));
  assert.equal((await put(imageManifest(bytes))).code, 'MANIFEST_BLOB_UNKNOWN');
  await Promise.all([pushBlob('a/b', bytes), pushBlob('a/b', Buffer.from('{}'))]);
  const lies = JSON.stringify({ ...JSON.parse(imageManifest(bytes)), layers: [{ ...descriptor('x', bytes), size: 11 }] });
  assert.equal((await put(lies)).code, 'SIZE_INVALID');
  const index = JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests: [descriptor(ociManifest, 'absent')] });
  assert.equal((await put(index, ociIndex)).code, 'MANIFEST_BLOB_UNKNOWN');
  assert.equal((await put('{"schemaVersion":2', ociManifest)).code, 'MANIFEST_INVALID');
  assert.equal((await put(imageManifest(bytes), ociIndex)).code, 'MANIFEST_INVALID');
  assert.equal((await put(imageManifest(bytes), ociManifest, digestOfBytes('other'))).code, 'DIGEST_INVALID');
  assert.equal((await put(imageManifest(bytes), ociManifest, 'a tag')).code, 'MANIFEST_INVALID');
  assert.equal((await put(JSON.stringify({ x: 'x'.repeat(5_000_000) }))).status, 413);
  assert.equal((await send('GET', '/v2/a/b/manifests/v1')).status, 404);
});

test('a release tag names one digest for ever, also after it was deleted; a branch moves', async (t) => {
  const { send, pushImage, pushBlob } = await startRegistry(t);
  const first = await pushImage('a/b', '1.4.0', bytes);
  await pushImage('a/b', '1.4.0', bytes);
  await pushBlob('a/b', Buffer.from('other'));
  const move = async (tag: string) =>
    send('PUT', `/v2/a/b/manifests/${tag}`, { headers: { 'content-type': ociManifest }, body: imageManifest(Buffer.from('other')) });
  const refused = await problemOf(await move('1.4.0'));
  assert.deepEqual([refused.status, refused.code], [409, 'DENIED']);
  assert.ok(refused.message.includes(first), refused.message);
  assert.equal((await send('DELETE', '/v2/a/b/manifests/1.4.0')).status, 202);
  assert.equal((await move('1.4.0')).status, 409);
  await pushImage('a/b', 'main', bytes);
  assert.equal((await move('main')).status, 201);
});

test('end-8: tags come in order, page by page', async (t) => {
  const { send, pushImage } = await startRegistry(t);
  for (const tag of ['b', 'a', 'C', 'd']) await pushImage('a/b', tag, bytes);
  const page = async (query: string) => {
    const answer = await send('GET', `/v2/a/b/tags/list${query}`);
    return [((await answer.json()) as { tags: string[] }).tags, /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]];
  };
  assert.deepEqual(await page(''), [['a', 'b', 'C', 'd'], undefined]);
  assert.deepEqual(await page('?n=2'), [['a', 'b'], '/v2/a/b/tags/list?n=2&last=b']);
  assert.deepEqual(await page('?n=2&last=b'), [['C', 'd'], undefined]);
  assert.deepEqual(await page('?n=0'), [[], undefined]);
  assert.equal((await problemOf(await send('GET', '/v2/a/none/tags/list'))).code, 'NAME_UNKNOWN');
});

test('end-9 and end-10: tags, manifests and blobs are deleted, a blob not from under its manifest', async (t) => {
  const { send, pushImage } = await startRegistry(t);
  const manifest = await pushImage('a/b', 'main', bytes);
  assert.equal((await problemOf(await send('DELETE', `/v2/a/b/blobs/${digest}`))).status, 409);
  assert.equal((await send('DELETE', '/v2/a/b/manifests/main')).status, 202);
  assert.equal((await send('HEAD', `/v2/a/b/manifests/${manifest}`)).status, 200);
  assert.equal((await send('DELETE', `/v2/a/b/manifests/${manifest}`)).status, 202);
  assert.equal((await send('HEAD', `/v2/a/b/manifests/${manifest}`)).status, 404);
  assert.equal((await send('DELETE', `/v2/a/b/blobs/${digest}`)).status, 202);
  assert.equal((await send('HEAD', `/v2/a/b/blobs/${digest}`)).status, 404);
  assert.equal((await send('DELETE', `/v2/a/b/blobs/${digest}`)).status, 404);
});

test('end-11: a blob is mounted from another repository, or an upload begins', async (t) => {
  const { send, pushBlob } = await startRegistry(t);
  await pushBlob('vendor/base', bytes);
  const mounted = await send('POST', `/v2/a/b/blobs/uploads/?mount=${digest}&from=vendor/base`);
  assert.deepEqual([mounted.status, mounted.headers.get('location')], [201, `/v2/a/b/blobs/${digest}`]);
  assert.equal((await send('HEAD', `/v2/a/b/blobs/${digest}`)).status, 200);
  assert.equal((await send('POST', `/v2/a/c/blobs/uploads/?mount=${digest}&from=vendor/none`)).status, 202);
  assert.equal((await send('POST', `/v2/a/c/blobs/uploads/?mount=${digestOfBytes('none')}&from=vendor/base`)).status, 202);
});

test('end-12: referrers are listed before and after their subject, by type, page by page', async (t) => {
  const { send, pushBlob } = await startRegistry(t);
  await Promise.all([pushBlob('a/b', bytes), pushBlob('a/b', Buffer.from('{}'))]);
  const subject = descriptor(ociManifest, imageManifest(bytes));
  const attach = async (artifactType: string) => {
    const body = imageManifest(bytes, { subject, artifactType, annotations: { of: artifactType } });
    const to = `/v2/a/b/manifests/${digestOfBytes(body)}`;
    return (await send('PUT', to, { headers: { 'content-type': ociManifest }, body })).headers.get('oci-subject');
  };
  assert.deepEqual([await attach('x/sbom'), await attach('x/signature')], [subject.digest, subject.digest]);
  const list = async (query = '') => {
    const answer = await send('GET', `/v2/a/b/referrers/${subject.digest}${query}`);
    const { manifests, ...rest } = (await answer.json()) as { manifests: { artifactType: string; annotations: { of: string } }[] };
    assert.deepEqual(rest, { schemaVersion: 2, mediaType: ociIndex });
    assert.ok(manifests.every((one) => one.annotations.of === one.artifactType));
    return [
      manifests.map((one) => one.artifactType).toSorted(),
      answer.headers.get('oci-filters-applied'),
      answer.headers.get('link') !== null,
    ];
  };
  assert.deepEqual(await list(), [['x/sbom', 'x/signature'], null, false]);
  assert.deepEqual(await list('?artifactType=x/sbom'), [['x/sbom'], 'artifactType', false]);
  assert.equal((await list('?n=1'))[2], true);
  const none = await send('GET', `/v2/a/b/referrers/${digestOfBytes('none')}`);
  assert.deepEqual([none.status, ((await none.json()) as { manifests: unknown[] }).manifests], [200, []]);
  assert.equal((await send('GET', '/v2/a/b/referrers/none')).status, 400);
});

test('what is no name, no endpoint and no method is refused in the words of the specification', async (t) => {
  const { send } = await startRegistry(t);
  const refused = async (method: string, path: string) => {
    const { status, code } = await problemOf(await send(method, path));
    return `${status} ${code}`;
  };
  assert.equal(await refused('GET', '/v2/A/tags/list'), '400 NAME_INVALID');
  assert.equal(await refused('GET', `/v2/${'a'.repeat(256)}/tags/list`), '400 NAME_INVALID');
  assert.equal(await refused('GET', '/v2/a/b%20c/tags/list'), '400 NAME_INVALID');
  assert.equal(await refused('GET', '/v2/a/b/elsewhere'), '404 NAME_UNKNOWN');
  assert.equal(await refused('PATCH', '/v2/a/b/manifests/v1'), '405 UNSUPPORTED');
  assert.equal(await refused('GET', '/v2/a/b/blobs/sha256:12'), '400 DIGEST_INVALID');
});

test('two pushes of one blob and two of one manifest at once both succeed, and leave one of each', async (t) => {
  const { send, pushBlob, pushImage } = await startRegistry(t);
  const large = randomBytes(2_000_000);
  const digests = await Promise.all(Array.from({ length: 6 }, (_, at) => pushBlob(`a/r${at % 3}`, large)));
  assert.equal(new Set(digests).size, 1);
  const images = await Promise.all(Array.from({ length: 4 }, () => pushImage('a/b', '1.0.0', bytes)));
  assert.equal(new Set(images).size, 1);
  const read = Buffer.from(await (await send('GET', `/v2/a/r0/blobs/${digests[0]}`)).arrayBuffer());
  assert.deepEqual(read, large);
});
