import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { digestOfBytes, imageManifest, ociManifest, problemOf, startRegistry, temporaryFolder, writer } from './registry-for-tests.ts';

test('a crash in the middle of an upload shows nothing, and the upload goes on where it was', async (t) => {
  const folder = await temporaryFolder(t);
  const bytes = randomBytes(500_000);
  const digest = digestOfBytes(bytes);
  const first = await startRegistry(t, { folder });
  const place = (await first.send('POST', '/v2/a/b/blobs/uploads/')).headers.get('location') ?? '';
  await first.send('PATCH', place, { headers: { 'content-range': '0-199999' }, body: bytes.subarray(0, 200_000) });
  const after = await startRegistry(t, { folder });
  assert.equal((await after.send('HEAD', `/v2/a/b/blobs/${digest}`)).status, 404);
  const state = await after.send('GET', place);
  assert.equal(state.headers.get('range'), '0-199999');
  await after.send('PATCH', place, { headers: { 'content-range': '200000-499999' }, body: bytes.subarray(200_000) });
  assert.equal((await after.send('PUT', `${place}?digest=${digest}`)).status, 201);
  assert.deepEqual(Buffer.from(await (await after.send('GET', `/v2/a/b/blobs/${digest}`)).arrayBuffer()), bytes);
});

test('a client that hangs up leaves an upload that another may go on with, and nothing to see', async (t) => {
  const registry = await startRegistry(t);
  const place = (await registry.send('POST', '/v2/a/b/blobs/uploads/')).headers.get('location') ?? '';
  const bytes = randomBytes(100_000);
  await hangUpAfter(registry.host, place, bytes, 60_000);
  const received = await untilReceived(registry, place);
  assert.ok(received <= 60_000, `${received} bytes`);
  const rest = { headers: { 'content-range': `${received}-99999` }, body: bytes.subarray(received) };
  assert.equal((await registry.send('PATCH', place, rest)).status, 202);
  assert.equal((await registry.send('PUT', `${place}?digest=${digestOfBytes(bytes)}`)).status, 201);
});

test('two writers of one upload: the second is told, and what the first sends is whole', async (t) => {
  const registry = await startRegistry(t);
  const place = (await registry.send('POST', '/v2/a/b/blobs/uploads/')).headers.get('location') ?? '';
  const bytes = randomBytes(50_000);
  const { outgoing, answered } = openPatch(registry.host, place, bytes.length);
  outgoing.write(bytes.subarray(0, 25_000));
  let second = await registry.send('PATCH', place);
  while (second.status === 202) second = await registry.send('PATCH', place);
  assert.deepEqual(await problemOf(second).then(({ status, code }) => [status, code]), [409, 'BLOB_UPLOAD_INVALID']);
  outgoing.end(bytes.subarray(25_000));
  await answered;
});

test('a blob that rots on disk is never given out as whole, is put aside, and may be pushed again', async (t) => {
  const warnings: string[] = [];
  const folder = await temporaryFolder(t);
  const first = await startRegistry(t, { folder });
  for (const [bytes, damage] of [
    [randomBytes(50_000), (file: string) => truncateSync(file, 49_000)],
    [randomBytes(50_001), (file: string) => writeFileSync(file, randomBytes(50_001))],
  ] as const) {
    const digest = await first.pushBlob('a/b', bytes);
    damage(join(folder, 'blobs', 'sha256', digest.slice(7, 9), digest.slice(7)));
    const after = await startRegistry(t, { folder, warn: (_fields, message) => warnings.push(message) });
    const read = await after.send('GET', `/v2/a/b/blobs/${digest}`);
    assert.ok(read.status >= 400, `${read.status}`);
    await read.body?.cancel();
    assert.equal((await after.send('HEAD', `/v2/a/b/blobs/${digest}`)).status, 404);
    await after.pushBlob('a/b', bytes);
    assert.deepEqual(Buffer.from(await (await after.send('GET', `/v2/a/b/blobs/${digest}`)).arrayBuffer()), bytes);
  }
  assert.ok(warnings.some((message) => message.includes('quarantine')));
  assert.ok(readdirSync(join(folder, 'quarantine')).length > 0);
});

test('a full disk is said, keeps nothing half-written, and what was there is still whole', async (t) => {
  const folder = smallDisk(t, '3m');
  const registry = await startRegistry(t, { folder });
  const kept = randomBytes(500_000);
  const digest = await registry.pushBlob('a/b', kept);
  const large = randomBytes(8_000_000);
  const refused = await registry.send('POST', `/v2/a/b/blobs/uploads/?digest=${digestOfBytes(large)}`, { body: large });
  const { status, code, message } = await problemOf(refused);
  assert.deepEqual([status, code], [507, 'UNAVAILABLE']);
  assert.match(message, /The disk that holds \S+ is full/);
  assert.deepEqual(readdirSync(join(folder, 'uploads')), []);
  assert.deepEqual(Buffer.from(await (await registry.send('GET', `/v2/a/b/blobs/${digest}`)).arrayBuffer()), kept);
  await registry.pushBlob('a/b', randomBytes(500_000));
});

test('garbage is collected beside pushes that go on, and never what a release needs to go back to', async (t) => {
  const registry = await startRegistry(t);
  const offered = await registry.pushImage('a/old', '', randomBytes(10_000));
  const garbage = await registry.pushImage('a/junk', '', randomBytes(10_000));
  const tagged = await registry.pushImage('a/tagged', '1.0.0', randomBytes(10_000));
  age(registry.folder);
  const olderThan = Temporal.Now.instant();
  const pushes = Array.from({ length: 30 }, (_, at) => registry.pushImage(`a/new${at % 5}`, '', randomBytes(20_000 + at)));
  const collections = Array.from({ length: 5 }, () => registry.registry.collect(new Set([offered]), olderThan));
  const digests = await Promise.all(pushes);
  const removed = await Promise.all(collections);
  const holds = (name: string, digest: string) => registry.registry.holds(`${registry.host}/${name}@${digest}`);
  for (const [at, digest] of digests.entries()) assert.equal(await holds(`a/new${at % 5}`, digest), true, `push ${at}`);
  assert.deepEqual([await holds('a/old', offered), await holds('a/tagged', tagged), await holds('a/junk', garbage)], [true, true, false]);
  assert.equal(
    removed.reduce((sum, one) => sum + (one?.manifests ?? 0), 0),
    1,
  );
});

test('an image that is released while garbage is collected stays whole, or its release is refused', async (t) => {
  const registry = await startRegistry(t);
  const pushed: string[] = [];
  for (let at = 0; at < 20; at++)
    pushed.push(`${registry.host}/a/old${at}@${await registry.pushImage(`a/old${at}`, '', randomBytes(1_000 + at))}`);
  age(registry.folder);
  const collecting = registry.registry.collect(new Set(), Temporal.Now.instant());
  const kept = await Promise.allSettled(pushed.toReversed().map((image) => registry.registry.keep(image)));
  await collecting;
  for (const [at, { status }] of kept.toReversed().entries()) {
    assert.equal(await registry.registry.holds(pushed[at] ?? ''), status === 'fulfilled', `image ${at}: ${status}`);
  }
});

test('what is attached to a kept image is kept with it', async (t) => {
  const registry = await startRegistry(t);
  const layer = randomBytes(1_000);
  const kept = await registry.pushImage('a/b', '', layer);
  const body = imageManifest(layer, { subject: { mediaType: ociManifest, digest: kept, size: imageManifest(layer).length } });
  const sbom = digestOfBytes(body);
  await registry.send('PUT', `/v2/a/b/manifests/${sbom}`, { headers: { 'content-type': ociManifest }, body });
  age(registry.folder);
  await registry.registry.collect(new Set([kept]), Temporal.Now.instant());
  assert.equal((await registry.send('HEAD', `/v2/a/b/manifests/${sbom}`)).status, 200);
});

/** As if everything had been pushed three hours ago. */
function age(folder: string): void {
  const then = Date.now() / 1000 - 3 * 3600;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), then, then);
  }
}

function smallDisk(t: TestContext, size: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'beluga-small-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'beluga-test', folder]);
  t.after(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

function openPatch(host: string, place: string, length: number) {
  const [hostname, port] = host.split(':');
  const headers = { authorization: writer, 'content-length': length };
  const outgoing = request({ hostname, port: Number(port), method: 'PATCH', path: place, headers, agent: false });
  const answered = once(outgoing, 'response').then(([answer]) => (answer as NodeJS.ReadableStream).resume());
  return { outgoing, answered };
}

async function hangUpAfter(host: string, place: string, bytes: Buffer, sent: number): Promise<void> {
  const { outgoing, answered } = openPatch(host, place, bytes.length);
  answered.catch(() => undefined);
  outgoing.on('error', () => undefined);
  await new Promise<void>((resolve) => outgoing.write(bytes.subarray(0, sent), () => resolve()));
  outgoing.socket?.end();
}

/** How much of an upload is there, once nobody writes to it any more. */
async function untilReceived(registry: Awaited<ReturnType<typeof startRegistry>>, place: string): Promise<number> {
  for (;;) {
    const idle = await registry.send('PATCH', place, { headers: { 'content-length': '0' } });
    const range = idle.headers.get('range');
    await idle.body?.cancel();
    if (idle.status === 202) return range === '0-0' ? 0 : Number(range?.slice(2)) + 1;
  }
}
