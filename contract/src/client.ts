/**
 * The typed client of the HTTP interface: one method for each operation, in Node and in a browser.
 *
 * It loads no schema (types only), so that a command line that uses it starts in no time.
 */
import type { EventView, LogLineView } from './api-schema.ts';
import { refusalOf, unreachable } from './client-errors.ts';
import { type FollowOptions, follow, readLines } from './client-streams.ts';
import { base, type Operation, type OperationId, operations } from './operations.ts';
import type { Input, Output } from './routes.ts';

export { ApiError, ServerUnreachable } from './client-errors.ts';
export type { FollowOptions } from './client-streams.ts';

export type ClientOptions = {
  /** Where the server listens, such as `http://127.0.0.1:4600`. */
  readonly url: string;
  readonly token?: string;
  readonly fetch?: typeof fetch;
  /** How long an answer may take. Default: 60 s. Streams have no such limit. */
  readonly timeoutMs?: number;
};
export type CallOptions = { readonly signal?: AbortSignal };

type Streams = 'readLogs' | 'followEvents' | 'publicationFeed';
type Nothing = Readonly<Record<never, never>>;
type Method<Id extends OperationId> =
  unknown extends Input<Id>
    ? (input?: Nothing, options?: CallOptions) => Promise<Output<Id>>
    : Nothing extends Input<Id>
      ? (input?: Input<Id>, options?: CallOptions) => Promise<Output<Id>>
      : (input: Input<Id>, options?: CallOptions) => Promise<Output<Id>>;

/** Every method throws `ApiError` when the server refuses, `ServerUnreachable` when nobody answers. */
export type Client = { readonly [Id in Exclude<OperationId, Streams>]: Method<Id> } & {
  /** What happens from now on, or after an event; survives restarts of the server. Ends when the signal aborts. */
  events(options?: FollowOptions): AsyncGenerator<EventView, void>;
  /** Installations in production as an Atom feed. */
  feed(input?: Input<'publicationFeed'>, options?: CallOptions): Promise<string>;
  /** The lines of a component's log; with `follow` it goes on until the signal aborts. */
  logs(input: Input<'readLogs'>, options?: CallOptions): AsyncGenerator<LogLineView, void>;
};

export type Send = (request: Asked, options: CallOptions & { readonly timeoutMs?: number }) => Promise<Response>;
type Asked = {
  readonly id: OperationId;
  readonly input: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A client of the server at `url`. Nothing is sent before a method is called. */
export function createClient(options: ClientOptions): Client {
  const send = sender(options);
  const { timeoutMs = 60_000 } = options;
  const call =
    (id: OperationId) =>
    async (input: Readonly<Record<string, unknown>> = {}, callOptions: CallOptions = {}) => {
      const response = await send({ id, input }, { ...callOptions, timeoutMs });
      const { stream }: Operation = operations[id];
      return (stream === 'text' ? response.text() : response.json()).catch((error: unknown) =>
        giveUp(options.url, error, callOptions.signal),
      );
    };
  const methods = Object.fromEntries((Object.keys(operations) as OperationId[]).map((id) => [id, call(id)]));
  return {
    ...methods,
    events: (followOptions = {}) => follow(send, options.url, followOptions),
    feed: async (input = {}, callOptions = {}) => (await send({ id: 'publicationFeed', input }, { ...callOptions, timeoutMs })).text(),
    logs: (input, callOptions = {}) => readLines(send, options.url, input, callOptions),
  } as Client;
}

function sender({ url, token, fetch: using = fetch }: ClientOptions): Send {
  const root = url.replace(/\/+$/, '');
  return async ({ id, input, headers = {} }, { signal, timeoutMs }) => {
    const { address, body, method } = requestOf(operations[id], input);
    const response = await using(root + address, {
      method,
      headers: {
        ...headers,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      body,
      signal: anyOf(signal, timeoutMs),
    }).catch((error: unknown) => giveUp(url, error, signal));
    if (!response.ok) throw await refusalOf(root + address, response);
    return response;
  };
}

function anyOf(signal: AbortSignal | undefined, timeoutMs: number | undefined): AbortSignal | null {
  const signals = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)].filter((one) => one !== undefined);
  return signals.length === 0 ? null : AbortSignal.any(signals);
}

function giveUp(url: string, error: unknown, signal: AbortSignal | undefined): never {
  if (signal?.aborted === true) throw error;
  throw unreachable(url, error);
}

/** Puts each part of the input where it belongs: into the address, the query or the body. */
function requestOf(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
): { readonly address: string; readonly body: string | null; readonly method: string } {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = operation.url.replace(/:(\w+)/g, (_, name: string) => {
    const value = encodeURIComponent(String(rest.get(name)));
    rest.delete(name);
    return value;
  });
  if (operation.method !== 'GET') return { address: base + path, body: JSON.stringify(Object.fromEntries(rest)), method: operation.method };
  const query = new URLSearchParams([...rest].map(([name, value]) => [name, String(value)])).toString();
  return { address: base + path + (query === '' ? '' : `?${query}`), body: null, method: 'GET' };
}
