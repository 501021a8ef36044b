/** A registry over real HTTP in a temporary folder, and the few requests that most tests make. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { credentialsOf } from './authentication.ts';
import { type EmbeddedRegistry, type EmbeddedRegistryOptions, openEmbeddedRegistry } from './embedded-registry.ts';

export type StartedRegistry = EmbeddedRegistry & {
  readonly folder: string;
  readonly host: string;
  /** From now on nobody answers. */
  stop(): Promise<void>;
  /** Sends a request with the token that may write, unless the headers say otherwise. */
  send(method: string, path: string, options?: SendOptions): Promise<Response>;
  /** Pushes a blob at once and gives its digest. */
  pushBlob(name: string, bytes: Uint8Array): Promise<string>;
  /** Pushes an image of one layer and gives the digest of its manifest. */
  pushImage(name: string, reference: string, layer: Uint8Array): Promise<string>;
};

export type SendOptions = { readonly headers?: Readonly<Record<string, string>>; readonly body?: Uint8Array | string | ReadableStream };

export const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
export const ociIndex = 'application/vnd.oci.image.index.v1+json';
export const writer = `Basic ${Buffer.from('beluga:secret').toString('base64')}`;

/** Opens a registry of its own for a test, and removes it afterwards; `options` override. */
export async function startRegistry(t: TestContext, options: Partial<EmbeddedRegistryOptions> = {}): Promise<StartedRegistry> {
  const folder = options.folder ?? (await temporaryFolder(t));
  const server = createServer((request, response) => opened?.handle(request, response));
  const stop = async () => {
    opened?.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  t.after(stop);
  let opened: EmbeddedRegistry | null = null;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  opened = await openEmbeddedRegistry({ folder, host, authenticate, ...options });
  return { ...opened, folder, host, stop, ...requestsTo(host) };
}

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'beluga-registry-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function digestOfBytes(bytes: Uint8Array | string, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

export function descriptor(mediaType: string, bytes: Uint8Array | string): { mediaType: string; digest: string; size: number } {
  return { mediaType, digest: digestOfBytes(bytes), size: Buffer.byteLength(bytes) };
}

/** The manifest of an image of one layer, with an empty configuration. */
export function imageManifest(layer: Uint8Array, more: object = {}): string {
  const config = descriptor('application/vnd.oci.image.config.v1+json', '{}');
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: ociManifest,
    config,
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
    ...more,
  });
}

/** The codes and the sentence of a refusal. */
export async function problemOf(response: Response): Promise<{ status: number; code: string; message: string }> {
  const { errors } = (await response.json()) as { errors: readonly { code: string; message: string }[] };
  return { status: response.status, code: errors[0]?.code ?? '', message: errors[0]?.message ?? '' };
}

/** `secret` may write, `reader` may read. */
async function authenticate(authorization: string | undefined): ReturnType<EmbeddedRegistryOptions['authenticate']> {
  const credentials = credentialsOf(authorization);
  const token = credentials?.kind === 'basic' ? credentials.password : credentials?.token;
  if (token === 'secret') return { name: 'pipeline', access: 'write' };
  return token === 'reader' ? { name: 'visitor', access: 'read' } : null;
}

/** The requests, sent to a registry that is served at a host. */
export function requestsTo(host: string): Pick<StartedRegistry, 'send' | 'pushBlob' | 'pushImage'> {
  const send = (method: string, path: string, { headers = {}, body }: SendOptions = {}) =>
    fetch(`http://${host}${path}`, {
      method,
      headers: { authorization: writer, ...headers },
      redirect: 'manual',
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    });
  const pushBlob = async (name: string, bytes: Uint8Array) => {
    const digest = digestOfBytes(bytes);
    expectStatus(await send('POST', `/v2/${name}/blobs/uploads/?digest=${digest}`, { body: bytes }), 201);
    return digest;
  };
  const pushImage = async (name: string, reference: string, layer: Uint8Array) => {
    await Promise.all([pushBlob(name, Buffer.from('{}')), pushBlob(name, layer)]);
    const manifest = imageManifest(layer);
    const to = reference === '' ? digestOfBytes(manifest) : reference;
    expectStatus(await send('PUT', `/v2/${name}/manifests/${to}`, { headers: { 'content-type': ociManifest }, body: manifest }), 201);
    return digestOfBytes(manifest);
  };
  return { send, pushBlob, pushImage };
}

function expectStatus(response: Response, status: number): void {
  if (response.status !== status) throw new Error(`${response.url} answered ${response.status}, not ${status}.`);
}
