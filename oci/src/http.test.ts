/** The way to a registry: certificates of the company, proxies, and none of them where they do not belong. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { testCertificate, testKey } from './certificate-for-tests.ts';
import { digestOf } from './digest.ts';
import { Registry } from './registry.ts';
import { startDockerRegistry, temporaryFolder } from './registry-for-tests.ts';

const run = promisify(execFile);
const program = new URL('registry.ts', import.meta.url).href;

test('a registry with a certificate of the company is trusted with that certificate, and refused in one sentence without', async (t) => {
  const { host } = await startSecureRegistry(t);
  const holds = (certificates: readonly string[]) => open(t, host, { certificates }).holdsBlob('team/app', digestOf('x'));
  assert.equal(await holds([testCertificate]), false);
  await assert.rejects(holds([]), { code: 'registry-unreachable', message: /does not answer: self-signed certificate/ });
});

test('certificates of NODE_EXTRA_CA_CERTS are trusted, also beside others that were given', async (t) => {
  const { host, certificate } = await startSecureRegistry(t);
  const other = `${testCertificate.slice(0, 27)}`;
  assert.ok(other.startsWith('-----BEGIN'));
  const script = `
    const { Registry } = await import(${JSON.stringify(program)});
    for (const certificates of [[], [process.env.GIVEN]]) {
      const registry = new Registry(${JSON.stringify(host)}, { plainHttp: false, attempts: 1, certificates });
      console.log(await registry.holdsBlob('team/app', ${JSON.stringify(digestOf('x'))}));
      registry.close();
    }`;
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificate, GIVEN: (await import('node:tls')).rootCertificates[0] };
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { env });
  assert.equal(stdout, 'false\nfalse\n');
});

test('HTTPS_PROXY leads to registries of other machines, NO_PROXY past it, and nothing leads to this machine but the straight way', async (t) => {
  const { host } = await startSecureRegistry(t);
  const asked: string[] = [];
  const proxy = await startProxy(t, host, asked);
  withVariables(t, { HTTPS_PROXY: `http://${proxy}`, https_proxy: undefined, NO_PROXY: 'past.test', no_proxy: undefined });
  const holds = (name: string) => open(t, name, { certificates: [testCertificate] }).holdsBlob('team/app', digestOf('x'));
  assert.equal(await holds('registry.test'), false);
  assert.deepEqual(asked, ['registry.test:443']);
  assert.equal(await holds(host), false);
  await assert.rejects(holds('past.test'), { code: 'registry-unreachable', message: /past\.test does not answer/ });
  assert.deepEqual(asked, ['registry.test:443']);
});

test('a registry that is busy is asked again, and no more often than it may be; one whose disk is full is asked once', async (t) => {
  const answers = [503, 429, 200, 507, 500, 500, 500];
  const asked: number[] = [];
  const server = createServer((_request, response) => {
    const status = answers[asked.length] ?? 500;
    asked.push(status);
    response.writeHead(status, status === 429 ? { 'retry-after': '0' } : {}).end();
  });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const registry = new Registry(`127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, { attempts: 3, backOffMs: 1 });
  t.after(() => registry.close());
  const holds = () => registry.holdsBlob('team/app', digestOf('x'));
  assert.equal(await holds(), true);
  await assert.rejects(holds(), { code: 'registry-full' });
  assert.deepEqual(asked, [503, 429, 200, 507]);
  await assert.rejects(holds(), { code: 'registry-failed', message: /500/ });
  assert.deepEqual(asked.slice(4), [500, 500, 500]);
});

function open(t: TestContext, host: string, options: { readonly certificates: readonly string[] }): Registry {
  const registry = new Registry(host, { plainHttp: false, attempts: 1, ...options });
  t.after(() => registry.close());
  return registry;
}

async function startSecureRegistry(t: TestContext): Promise<{ readonly host: string; readonly certificate: string }> {
  const folder = await temporaryFolder(t);
  await Promise.all([writeFile(`${folder}/cert.pem`, testCertificate), writeFile(`${folder}/key.pem`, testKey)]);
  const tls = { certificate: `${folder}/cert.pem`, key: `${folder}/key.pem` };
  const { host } = await startDockerRegistry(t, { configuration: { http: { addr: '127.0.0.1:0', tls } } });
  return { host, certificate: tls.certificate };
}

/** A proxy that takes every CONNECT to one registry. */
async function startProxy(t: TestContext, to: string, asked: string[]): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer().on('connect', (request, client: Socket) => {
    asked.push(request.url ?? '');
    const upstream = connect(Number(to.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

function withVariables(t: TestContext, variables: Readonly<Record<string, string | undefined>>): void {
  const former = { ...process.env };
  t.after(() => {
    for (const name of Object.keys(variables)) set(name, former[name]);
  });
  for (const [name, value] of Object.entries(variables)) set(name, value);
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
