import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { testCertificate, testKey } from '@beluga/oci/certificate-for-tests';

const program = join(import.meta.dirname, '..', 'main.ts');

test('a platform with a certificate of the company is trusted with --ca or BELUGA_CA, and refused in one sentence without', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'beluga-ca-'));
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, testCertificate);
  const server = createServer({ key: testKey, cert: testCertificate }, (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  const address = server.address();
  const url = `https://localhost:${typeof address === 'object' ? address?.port : ''}`;
  const call = (words: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    new Promise<string>((resolve) => {
      const env = { ...process.env, BELUGA_URL: url, BELUGA_TOKEN: 'x', ...more };
      execFile(process.execPath, [program, 'token', 'list', ...words], { env }, (_error, stdout, stderr) => resolve(stdout + stderr));
    });
  const [given, set, without] = await Promise.all([call(['--ca', ca]), call([], { BELUGA_CA: ca }), call([])]);
  assert.deepEqual([given.trim(), set.trim()], ['There are no tokens.', 'There are no tokens.']);
  assert.match(without, /does not answer: .*SELF_SIGNED/);
});
