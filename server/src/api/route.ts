/** How a route is made: from its entry in the contract's table and what the noun's file says about it. */
import { type Input, type OperationId, type Output, routeOf } from '@beluga/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../actions/context.ts';
import { authenticate, authorize, callerOf, type Sessions, type Tokens } from './caller.ts';
import { schemaOf } from './openapi.ts';

/** What a handler works with. `who` is the caller's name, `input` what was sent, checked against the contract. */
export type Call<Id extends OperationId> = Served & {
  readonly who: string;
  readonly input: Input<Id>;
  readonly request: FastifyRequest;
};
/** The same for a stream; `signal` aborts when the caller hangs up or the server closes. */
export type StreamCall<Id extends OperationId> = Call<Id> & { readonly signal: AbortSignal };
export type Served = { readonly context: Context; readonly version: string };

/** The part of a route that is its own: act, then present. */
export type Handler<Id extends OperationId, Result> = {
  readonly act: (call: Call<Id>) => Promise<Result>;
  readonly present: (result: Result) => Output<Id>;
  /** The HTTP status of success; 200 unless said. */
  readonly status?: (result: Result) => number;
  /** Headers of the answer beside the usual ones. */
  readonly headers?: (result: Result) => Readonly<Record<string, string>>;
};
/** A route that answers with a stream; `open` gives its chunks, and throws what is wrong before the first. */
export type Streamed<Id extends OperationId> = {
  readonly contentType: string;
  readonly open: (call: StreamCall<Id>) => Promise<NodeJS.ReadableStream>;
};

export type Router = {
  serve<Id extends OperationId, Result>(id: Id, handler: Handler<Id, Result>): void;
  stream<Id extends OperationId>(id: Id, handler: Streamed<Id>): void;
};

/** Registers routes on `app`. Streams end when the server closes. */
export function router(app: FastifyInstance, served: Served, tokens: Tokens, sessions: Sessions): Router {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  const add = (id: OperationId, answer: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) => {
    const route = routeOf(id);
    app.route({
      method: route.method,
      url: route.url,
      onRequest: [authenticate(tokens, sessions, route.access), authorize(route.access)],
      schema: schemaOf(route),
      handler: answer,
    });
  };
  const callOf = <Id extends OperationId>(id: Id, request: FastifyRequest): Call<Id> => {
    return { ...served, who: callerOf(request)?.name ?? 'nobody', input: inputOf(id, request), request };
  };
  return {
    serve: (id, { act, present, status, headers }) =>
      add(id, async (request, reply) => {
        const result = await act(callOf(id, request));
        return reply
          .code(status?.(result) ?? 200)
          .headers(headers?.(result) ?? {})
          .send(present(result));
      }),
    stream: (id, { contentType, open }) =>
      add(id, async (request, reply) => {
        const signal = AbortSignal.any([closing.signal, hangUpOf(reply)]);
        const chunks = await open({ ...callOf(id, request), signal });
        // Not kept alive: its connection would turn idle while the server closes, and be waited for.
        return reply.type(contentType).headers({ 'x-accel-buffering': 'no', connection: 'close' }).send(chunks);
      }),
  };
}

/** What was sent, of the parts that the contract knows and that were therefore checked. */
function inputOf<Id extends OperationId>(id: Id, request: FastifyRequest): Input<Id> {
  const { params, query, body } = routeOf(id);
  const checked = [params && request.params, query && request.query, body && request.body];
  return Object.assign({}, ...checked) as Input<Id>;
}

function hangUpOf(reply: FastifyReply): AbortSignal {
  const hangUp = new AbortController();
  reply.raw.once('close', () => hangUp.abort());
  return hangUp.signal;
}
