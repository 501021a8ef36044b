/** Who calls, and what they may do. */
import type { Operation } from '@beluga/contract';
import type { FastifyRequest, onRequestAsyncHookHandler, preHandlerAsyncHookHandler } from 'fastify';
import { BelugaError } from '../errors.ts';

export type Caller = { readonly name: string };
/** Who carries a token; null for nobody. It compares hashes, so that its time tells nothing about the token. */
export type Tokens = (token: string) => Promise<Caller | null>;

const callers = new WeakMap<FastifyRequest, Caller>();

/** Who was authenticated; null on a public route. */
export function callerOf(request: FastifyRequest): Caller | null {
  return callers.get(request) ?? null;
}

/** Finds out who calls from the bearer token (RFC 6750); on a loopback address too. Throws `unauthorized`. */
export function authenticate(tokens: Tokens, access: Operation['access']): onRequestAsyncHookHandler {
  return async (request) => {
    if (access === 'public') return;
    const token = /^Bearer +([\x21-\x7e]{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1];
    const caller = token === undefined ? null : await tokens(token);
    if (caller === null) throw new BelugaError('unauthorized');
    callers.set(request, caller);
  };
}

/** Whether the caller may. A token of the platform may look and change; roles come with identity. */
export function authorize(access: Operation['access']): preHandlerAsyncHookHandler {
  return async (request) => {
    if (access !== 'public' && callerOf(request) === null) throw new BelugaError('unauthorized');
  };
}
