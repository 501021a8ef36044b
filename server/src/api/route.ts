/** How a route is made: from its entry in the contract's table and what the noun's file says about it. */
import { type Input, type OperationId, type Output, routeOf } from '@beluga/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../actions/context.ts';
import { authenticate, authorize, callerOf, type Tokens } from './caller.ts';
import { schemaOf } from './openapi.ts';

/** What a handler works with. `who` is the caller's name, `input` what was sent, checked against the contract. */
export type Call<Id extends OperationId> = Served & {
  readonly who: string;
  readonly input: Input<Id>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Aborts when the caller hangs up or the server closes. */
  readonly signal: AbortSignal;
};
export type Served = { readonly context: Context; readonly version: string };

/** The part of a route that is its own: act, then present. */
export type Handler<Id extends OperationId, Result> = {
  readonly act: (call: Call<Id>) => Promise<Result>;
  readonly present: (result: Result) => Output<Id>;
  /** The HTTP status of success; 200 unless said. */
  readonly status?: (result: Result) => number;
};
/** A route that answers with a stream; `open` gives its chunks, and throws what is wrong before the first. */
export type Streamed<Id extends OperationId> = {
  readonly contentType: string;
  readonly open: (call: Call<Id>) => Promise<NodeJS.ReadableStream>;
};

export type Router = {
  serve<Id extends OperationId, Result>(id: Id, handler: Handler<Id, Result>): void;
  stream<Id extends OperationId>(id: Id, handler: Streamed<Id>): void;
};

/** Registers routes on `app`. Streams end when the server closes. */
export function router(app: FastifyInstance, served: Served, tokens: Tokens): Router {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  const add = (id: OperationId, answer: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) => {
    const route = routeOf(id);
    app.route({
      method: route.method,
      url: route.url,
      onRequest: authenticate(tokens, route.access),
      schema: schemaOf(route),
      preHandler: authorize(route.access),
      handler: answer,
    });
  };
  const callOf = <Id extends OperationId>(request: FastifyRequest, reply: FastifyReply): Call<Id> => {
    const input = { ...parts(request.params), ...parts(request.query), ...parts(request.body) } as Input<Id>;
    const signal = AbortSignal.any([closing.signal, hangUpOf(reply)]);
    return { ...served, who: callerOf(request)?.name ?? 'nobody', input, request, reply, signal };
  };
  return {
    serve: (id, { act, present, status }) =>
      add(id, async (request, reply) => {
        const result = await act(callOf(request, reply));
        return reply.code(status?.(result) ?? 200).send(present(result));
      }),
    stream: (id, { contentType, open }) =>
      add(id, async (request, reply) => {
        const chunks = await open(callOf(request, reply));
        return reply.type(contentType).header('x-accel-buffering', 'no').send(chunks);
      }),
  };
}

function parts(part: unknown): object {
  return typeof part === 'object' && part !== null ? part : {};
}

function hangUpOf(reply: FastifyReply): AbortSignal {
  const hangUp = new AbortController();
  reply.raw.once('close', () => hangUp.abort());
  return hangUp.signal;
}
