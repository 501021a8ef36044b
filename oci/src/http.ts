import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { OciError, problemOf, systemCode } from './errors.ts';
import { isLoopback } from './reference.ts';

// As import statements these two would load all that their lazy exports hide (WebSocket among it): 25 ms of a cold command.
const http = process.getBuiltinModule('node:http');

/** What is sent along; a function gives the bytes anew for each attempt. */
export type Body = Uint8Array | { readonly sizeBytes: number; open(): Readable };

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** Never tried again here: the caller has to look first at how far it came. */
  readonly single?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Must be read to its end or destroyed. */
  readonly body: IncomingMessage;
}

export interface HttpOptions {
  /** How often a request is tried in all. Default: 5. */
  readonly attempts?: number;
  /** The wait before the second attempt, in milliseconds; it doubles with each one. Default: 200. */
  readonly backOffMs?: number;
  /** How long nothing may arrive, in milliseconds. Default: 30000. */
  readonly idleMs?: number;
  /** Certificates in PEM to trust besides those of the system. */
  readonly certificates?: readonly string[];
}

const longestWaitMs = 10_000;
const transient = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'HPE_INVALID_EOF_STATE',
]);

/** Speaks HTTP over connections that are kept; tries again what may succeed later. */
export class HttpClient {
  readonly #options: Required<HttpOptions>;
  readonly #agents = new Map<string, Agent>();

  constructor(options: HttpOptions = {}) {
    this.#options = { attempts: 5, backOffMs: 200, idleMs: 30_000, certificates: [], ...options };
  }

  /**
   * Sends a request and gives the answer, whatever its status; 429 and 5xx answers, refused and broken connections are tried again.
   *
   * Throws `registry-unreachable` when no answer came at all.
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    for (let attempt = 1; ; attempt++) {
      const last = request.single === true || attempt >= this.#options.attempts;
      try {
        const answer = await this.once(request);
        if (last || !isTransientStatus(answer.status)) return answer;
        answer.body.resume();
        await wait(retryAfterMs(answer.headers) ?? this.#backOff(attempt));
      } catch (error) {
        if (last || !transient.has(systemCode(error))) throw unreachable(request.url, error);
        await wait(this.#backOff(attempt));
      }
    }
  }

  /** One attempt; throws the error of the connection. */
  async once(request: HttpRequest): Promise<HttpAnswer> {
    const isSecure = request.url.protocol === 'https:';
    const agent = this.#agentFor(request.url);
    const module = isSecure ? process.getBuiltinModule('node:https') : http;
    const options: RequestOptions = { method: request.method, agent, headers: headersOf(request), timeout: this.#options.idleMs };
    return await new Promise((resolve, reject) => {
      const outgoing = module.request(request.url, options, (body) =>
        resolve({ status: body.statusCode ?? 0, headers: body.headers, body }),
      );
      outgoing.on('timeout', () =>
        outgoing.destroy(Object.assign(new Error(`nothing for ${this.#options.idleMs} ms`), { code: 'ETIMEDOUT' })),
      );
      outgoing.on('error', reject);
      sendBody(outgoing, request.body, reject);
    });
  }

  /** Closes the connections that are kept. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  /** One agent for each way out: to this machine no proxy leads. */
  #agentFor(url: URL): Agent {
    const isDirect = isLoopback(url.host);
    const way = `${url.protocol} ${isDirect}`;
    const agent = this.#agents.get(way) ?? this.#openAgent(url.protocol === 'https:', isDirect);
    this.#agents.set(way, agent);
    return agent;
  }

  #openAgent(isSecure: boolean, isDirect: boolean): Agent {
    const options = { keepAlive: true, maxSockets: 8, ...(isDirect ? {} : { proxyEnv: process.env }) };
    if (!isSecure) return new http.Agent(options);
    const { certificates } = this.#options;
    // The default ones hold those of NODE_EXTRA_CA_CERTS; what is given to an agent stands instead of them, not beside.
    const trusted = () => process.getBuiltinModule('node:tls').getCACertificates('default');
    const trust = certificates.length === 0 ? {} : { ca: [...trusted(), ...certificates] };
    return new (process.getBuiltinModule('node:https').Agent)({ ...options, ...trust });
  }

  #backOff(attempt: number): number {
    return Math.min(this.#options.backOffMs * 2 ** (attempt - 1), longestWaitMs);
  }
}

/** Reads an answer to its end; refuses more than `mostBytes`. */
export async function readAll(body: IncomingMessage, mostBytes = 8 * 1024 * 1024): Promise<Buffer> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    sizeBytes += part.length;
    if (sizeBytes > mostBytes) {
      body.destroy();
      throw new Error(`the answer is longer than ${mostBytes} bytes`);
    }
    parts.push(part);
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

function sendBody(outgoing: ClientRequest, body: Body | undefined, failed: (error: Error) => void): void {
  if (body === undefined) outgoing.end();
  else if (body instanceof Uint8Array) outgoing.end(body);
  else {
    const stream = body.open();
    stream.on('error', (error) => {
      outgoing.destroy();
      failed(error);
    });
    outgoing.on('close', () => stream.destroy());
    stream.pipe(outgoing);
  }
}

function headersOf(request: HttpRequest): Readonly<Record<string, string | number>> {
  if (request.body === undefined) return request.method === 'POST' ? { 'content-length': 0, ...request.headers } : { ...request.headers };
  const sizeBytes = request.body instanceof Uint8Array ? request.body.length : request.body.sizeBytes;
  return { 'content-length': sizeBytes, ...request.headers };
}

/** RFC 4918, 11.5: after 507 (no space left) the request must not be repeated by itself. */
function isTransientStatus(status: number): boolean {
  return status === 429 || status === 408 || (status >= 500 && status !== 507);
}

function retryAfterMs(headers: IncomingHttpHeaders): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  const ms = /^[0-9]+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestWaitMs) : undefined;
}

function unreachable(url: URL, error: unknown): unknown {
  if (error instanceof OciError) return error;
  return new OciError('registry-unreachable', { registry: url.host, problem: problemOf(error) }, { cause: error });
}
