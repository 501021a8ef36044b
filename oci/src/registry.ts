import { Authorization, type Scope } from './authorization.ts';
import { type Credentials, findCredentials } from './credentials.ts';
import { type Digest, Digester, digestOf, isDigest } from './digest.ts';
import { OciError, problemOf } from './errors.ts';
import { type HttpAnswer, HttpClient, type HttpOptions, type HttpRequest, readAll } from './http.ts';
import { type Descriptor, mediaTypes } from './manifest.ts';
import { isLoopback } from './reference.ts';

export interface RegistryOptions extends HttpOptions {
  /** A function is asked when the registry asks. Without them those of Docker's configuration are looked for. */
  readonly credentials?: Credentials | (() => Promise<Credentials | undefined>);
  /** Speak plain http. Default: only to this machine. */
  readonly plainHttp?: boolean;
}

/** A manifest as the registry holds it: the bytes are what its digest names. */
export interface FoundManifest {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly bytes: Buffer;
}

const acceptedManifests = [mediaTypes.manifest, mediaTypes.index, mediaTypes.dockerManifest, mediaTypes.dockerIndex].join(', ');
const resumesOfOneBlob = 5;

/**
 * One registry, spoken to by the OCI distribution specification 1.1.
 *
 * Every method throws `registry-unreachable`, `registry-failed` (both after retries), `registry-refused` or `unauthorized-registry`.
 */
export class Registry {
  readonly host: string;
  readonly #http: HttpClient;
  readonly #origin: string;
  readonly #authorization: Authorization;

  constructor(host: string, options: RegistryOptions = {}) {
    const { credentials, plainHttp = isLoopback(host), ...httpOptions } = options;
    this.host = host;
    this.#http = new HttpClient(httpOptions);
    this.#origin = `${plainHttp ? 'http' : 'https'}://${host === 'docker.io' ? 'registry-1.docker.io' : host}`;
    const given = typeof credentials === 'object' && credentials.kind === 'bearer' ? credentials.token : undefined;
    const find = typeof credentials === 'function' ? credentials : async () => credentials ?? (await findCredentials(host));
    this.#authorization = new Authorization(this.#http, find, given);
  }

  /** Closes the connections that are kept open for later requests. */
  close(): void {
    this.#http.close();
  }

  /** What a tag or digest names, without its content; undefined if nothing. */
  async headManifest(repository: string, name: string): Promise<Omit<Descriptor, 'annotations'> | undefined> {
    const answer = await this.request(pull(repository), {
      method: 'HEAD',
      path: `${repository}/manifests/${name}`,
      headers: { accept: acceptedManifests },
    });
    answer.body.resume();
    if (answer.status === 404) return undefined;
    await this.expect(answer, [200], `the manifest ${repository}:${name}`);
    const digest = answer.headers['docker-content-digest'] ?? name;
    if (typeof digest === 'string' && isDigest(digest)) {
      return { mediaType: answer.headers['content-type'] ?? '', digest, size: Number(answer.headers['content-length'] ?? 0) };
    }
    const { mediaType, bytes, digest: computed } = await this.manifest(repository, name);
    return { mediaType, digest: computed, size: bytes.length };
  }

  /** The manifest that a tag or digest names; throws `image-missing`, `digest-mismatch`. */
  async manifest(repository: string, name: string): Promise<FoundManifest> {
    const answer = await this.request(pull(repository), {
      method: 'GET',
      path: `${repository}/manifests/${name}`,
      headers: { accept: acceptedManifests },
    });
    if (answer.status === 404) answer.body.resume();
    if (answer.status === 404)
      throw new OciError('image-missing', { image: `${this.host}/${repository}${isDigest(name) ? '@' : ':'}${name}` });
    await this.expect(answer, [200], `the manifest ${repository}:${name}`);
    const bytes = await this.#read(answer);
    const digest = digestOf(bytes);
    if (isDigest(name) && name !== digest) throw new OciError('digest-mismatch', { digest: name, source: this.host });
    return { mediaType: answer.headers['content-type'] ?? '', digest, bytes };
  }

  /** Writes a manifest under a tag or its digest. */
  async putManifest(repository: string, name: string, mediaType: string, bytes: Uint8Array): Promise<HttpAnswer['headers']> {
    const request = {
      method: 'PUT',
      path: `${repository}/manifests/${name}`,
      headers: { 'content-type': mediaType },
      body: bytes,
    } as const;
    const answer = await this.request(push(repository), request);
    await this.expect(answer, [200, 201, 202], `the manifest ${repository}:${name}`);
    answer.body.resume();
    return answer.headers;
  }

  /** Whether a repository holds a blob. */
  async holdsBlob(repository: string, digest: Digest): Promise<boolean> {
    const answer = await this.request(pull(repository), { method: 'HEAD', path: `${repository}/blobs/${digest}` });
    answer.body.resume();
    if (answer.status === 404) return false;
    await this.expect(answer, [200, 307], `the blob ${digest}`);
    return true;
  }

  /** The content of a blob, resumed when the connection breaks, verified at its end; throws `blob-missing`, `digest-mismatch`. */
  async *blob(repository: string, digest: Digest): AsyncGenerator<Buffer, void> {
    const digester = new Digester();
    for (let attempt = 1; ; attempt++) {
      try {
        for await (const part of await this.#openBlob(repository, digest, digester.sizeBytes)) {
          digester.update(part);
          yield part;
        }
        break;
      } catch (error) {
        if (error instanceof OciError) throw error;
        if (attempt >= resumesOfOneBlob)
          throw new OciError('registry-unreachable', { registry: this.host, problem: problemOf(error) }, { cause: error });
      }
    }
    if (digester.digest() !== digest) throw new OciError('digest-mismatch', { digest, source: this.host });
  }

  /** A small blob, such as a configuration, whole. */
  async smallBlob(repository: string, digest: Digest, mostBytes = 8 * 1024 * 1024): Promise<Buffer> {
    const parts: Buffer[] = [];
    let sizeBytes = 0;
    for await (const part of this.blob(repository, digest)) {
      sizeBytes += part.length;
      if (sizeBytes > mostBytes)
        throw new OciError('not-an-image', { image: `${this.host}/${repository}`, problem: `${digest} is longer than ${mostBytes} bytes` });
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  /** All tags of a repository, page by page. */
  async tags(repository: string): Promise<readonly string[]> {
    const tags: string[] = [];
    let path: string | undefined = `${repository}/tags/list`;
    while (path !== undefined) {
      const page = await this.jsonPage(pull(repository), path, `the tags of ${repository}`);
      tags.push(...((page?.value as { readonly tags?: readonly string[] | null } | undefined)?.tags ?? []));
      path = page?.next;
    }
    return tags;
  }

  /** One page of a JSON listing, and the path of the next one; undefined if there is nothing. */
  async jsonPage(
    scopes: readonly Scope[],
    path: string,
    what: string,
  ): Promise<{ readonly value: unknown; readonly next: string | undefined } | undefined> {
    const answer = await this.request(scopes, { method: 'GET', path });
    if (answer.status === 404) answer.body.resume();
    if (answer.status === 404) return undefined;
    await this.expect(answer, [200], what);
    const value: unknown = JSON.parse((await this.#read(answer)).toString('utf8'));
    return { value, next: nextPage(answer.headers.link) };
  }

  /**
   * Sends a request below `/v2/`, with the authorization it needs; for what this class has no method for.
   *
   * `path` may be a full URL, such as the `Location` of an upload. Gives any answer but 401 and 5xx.
   */
  async request(scopes: readonly Scope[], request: RawRequest): Promise<HttpAnswer> {
    const { path, ...rest } = request;
    const url = new URL(/^(https?:\/)?\//.test(path) ? path : `/v2/${path}`, this.#origin);
    for (let challenges = 0; ; challenges++) {
      const authorization = url.origin === new URL(this.#origin).origin ? this.#authorization.header(scopes) : undefined;
      const headers = { ...request.headers, ...(authorization === undefined ? {} : { authorization }) };
      const answer = await this.#http.send({ ...rest, url, headers });
      if (answer.status !== 401) return await this.#followed(answer, request);
      const problem = await this.#problem(answer);
      const isNew = challenges < 2 && (await this.#authorization.answer(answer, scopes, authorization));
      if (!isNew) throw new OciError('unauthorized-registry', { registry: this.host, what: path, problem });
    }
  }

  /** Throws the refusal of an answer whose status is not one of those expected. */
  async expect(answer: HttpAnswer, statuses: readonly number[], what: string): Promise<void> {
    const { status } = answer;
    if (statuses.includes(status)) return;
    const words = { registry: this.host, status, what, problem: await this.#problem(answer) };
    if (status === 403) throw new OciError('unauthorized-registry', words);
    if (status === 507) throw new OciError('registry-full', words);
    if (status === 429 || status >= 500) throw new OciError('registry-failed', words);
    throw new OciError('registry-refused', words);
  }

  async #followed(answer: HttpAnswer, request: RawRequest): Promise<HttpAnswer> {
    const { location } = answer.headers;
    const isRedirect = [301, 302, 303, 307, 308].includes(answer.status) && location !== undefined;
    if (!isRedirect || request.method !== 'GET') return answer;
    answer.body.resume();
    const url = new URL(location, this.#origin);
    const { authorization: _, ...headers } = request.headers ?? {};
    return await this.#http.send({ method: 'GET', url, headers });
  }

  async #openBlob(repository: string, digest: Digest, from: number): Promise<AsyncIterable<Buffer>> {
    const headers = from === 0 ? {} : { range: `bytes=${from}-` };
    const answer = await this.request(pull(repository), { method: 'GET', path: `${repository}/blobs/${digest}`, headers });
    if (answer.status === 404) answer.body.resume();
    if (answer.status === 404) throw new OciError('blob-missing', { digest, repository: `${this.host}/${repository}` });
    await this.expect(answer, [200, 206], `the blob ${digest}`);
    const body = answer.body as AsyncIterable<Buffer>;
    return answer.status === 206 ? body : after(from, body);
  }

  async #read(answer: HttpAnswer): Promise<Buffer> {
    try {
      return await readAll(answer.body);
    } catch (error) {
      throw new OciError('registry-unreachable', { registry: this.host, problem: problemOf(error) }, { cause: error });
    }
  }

  async #problem(answer: HttpAnswer): Promise<string> {
    const text = (await readAll(answer.body).catch(() => Buffer.from(''))).toString('utf8');
    try {
      const { errors } = JSON.parse(text) as { readonly errors?: readonly { readonly code?: string; readonly message?: string }[] };
      const said = errors?.map((error) => (error.message || error.code || '').replace(/\.$/, '')).join('; ');
      return said || 'it gave no reason';
    } catch {
      return text.trim().slice(0, 200) || 'it gave no reason';
    }
  }
}

type RawRequest = Omit<HttpRequest, 'url'> & { readonly path: string };

/** What reading a repository needs. */
export function pull(repository: string): readonly Scope[] {
  return [{ repository, actions: 'pull' }];
}

/** What writing to a repository needs. */
export function push(repository: string): readonly Scope[] {
  return [{ repository, actions: 'pull,push' }];
}

/** What comes after the first bytes, for registries that know no ranges. */
async function* after(bytes: number, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let left = bytes;
  for await (const part of body) {
    if (left < part.length) yield part.subarray(left);
    left = Math.max(left - part.length, 0);
  }
}

function nextPage(link: string | string[] | undefined): string | undefined {
  const text = Array.isArray(link) ? link.join(',') : link;
  return text === undefined ? undefined : /<([^>]+)>\s*;\s*rel="?next"?/.exec(text)?.[1];
}
