/** The image that tests install, and a registry on loopback that holds nothing else. */
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { assembleNodeBase } from '@beluga/oci/base';
import { LayerCache } from '@beluga/oci/cache';
import { folderEntry, root, textEntry } from '@beluga/oci/entry';
import { assemble, type Image } from '@beluga/oci/image';
import type { RegistryAccess } from '../../engine.ts';
import { applicationSource, taskSource } from './application.ts';

export type TestRegistry = {
  readonly access: RegistryAccess;
  /** By digest. */
  readonly image: string;
  close(): Promise<void>;
};

/** Compressed once and kept between runs: it takes some seconds. */
const cache = fileURLToPath(new URL('../../../../../../node_modules/.cache/beluga-test-images', import.meta.url));

export async function openTestRegistry(): Promise<TestRegistry> {
  const image = await testImage();
  const login = { username: 'tester', password: 'p4ssw0rd' };
  const server = createServer((request, response) => serve(image, login, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { access: { host, login: async () => login }, image: `${host}/shop@${image.digest}`, close };
}

async function testImage(): Promise<Image> {
  const base = await assembleNodeBase(process.execPath, { cache });
  const entries = [folderEntry('app'), textEntry('app/app.js', applicationSource), textEntry('app/task.js', taskSource)];
  const layer = await new LayerCache(cache).layer({ owner: root, compression: 'gzip', name: 'test application', entries });
  return assemble({
    base: { image: base, name: 'node' },
    layers: [{ layer, storey: 'application', from: 'app' }],
    run: { command: ['node', '/app/app.js'] },
  });
}

type Login = { readonly username: string; readonly password: string };

/** What a pull by digest needs of the OCI distribution specification. */
function serve(image: Image, login: Login, request: IncomingMessage, response: ServerResponse): void {
  const expected = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  if (request.headers.authorization !== expected) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
    return;
  }
  const wanted =
    decodeURIComponent(request.url ?? '')
      .split('/')
      .at(-1) ?? '';
  if (wanted === image.digest) answer(request, response, image.manifest.mediaType ?? '', wanted, image.manifestBytes);
  else if (wanted === image.manifest.config.digest) answer(request, response, 'application/octet-stream', wanted, image.configBytes);
  else serveLayer(image, wanted, request, response);
}

function serveLayer(image: Image, wanted: string, request: IncomingMessage, response: ServerResponse): void {
  const layer = image.layers.find(({ descriptor }) => descriptor.digest === wanted);
  if (layer?.source.kind !== 'file') {
    response.writeHead(request.url === '/v2/' ? 200 : 404).end();
    return;
  }
  response.writeHead(200, { 'content-length': layer.descriptor.size, 'docker-content-digest': wanted });
  if (request.method === 'HEAD') response.end();
  else createReadStream(layer.source.file).pipe(response);
}

function answer(request: IncomingMessage, response: ServerResponse, type: string, digest: string, bytes: Buffer): void {
  response.writeHead(200, { 'content-type': type, 'content-length': bytes.length, 'docker-content-digest': digest });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
