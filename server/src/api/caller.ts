/**
 * Who calls, and what they may do: a bearer token, or the session of a browser.
 *
 * A session is a cookie and a proof that the page sends as a header. A page of another origin has no proof, so that neither a forged
 * request nor an application on another port of this host, which is sent the cookie, can do anything with it.
 */
import type { Operation } from '@beluga/contract';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { BelugaError } from '../errors.ts';

export type Caller = { readonly name: string; readonly access: 'read' | 'write' };
/** Who carries a token; null for nobody. It compares hashes, so that its time tells nothing about the token. */
export type Tokens = (token: string) => Promise<Caller | null>;

/** Who a cookie and its proof belong to; null for nobody. */
export type Sessions = (cookie: string, proof: string) => Promise<Caller | null>;

const callers = new WeakMap<FastifyRequest, Caller>();

/** Who was authenticated; null on a public route. */
export function callerOf(request: FastifyRequest): Caller | null {
  return callers.get(request) ?? null;
}

/** Finds out who calls from the bearer token (RFC 6750) or the session; on a loopback address too. Throws `unauthorized`. */
export function authenticate(tokens: Tokens, sessions: Sessions, access: Operation['access']): onRequestAsyncHookHandler {
  return async (request) => {
    if (access === 'public') return;
    const token = /^Bearer +([\x21-\x7e]{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1];
    const caller = token === undefined ? await sessionCaller(sessions, request) : await tokens(token);
    if (caller === null) throw new BelugaError('unauthorized');
    callers.set(request, caller);
  };
}

/** Whether the caller may: look, or change too. Roles come with identity. Throws `unauthorized` and `read-only-token`. */
export function authorize(access: Operation['access']): onRequestAsyncHookHandler {
  return async (request) => {
    const caller = callerOf(request);
    if (access !== 'public' && caller === null) throw new BelugaError('unauthorized');
    if (access === 'write' && caller?.access === 'read') throw new BelugaError('read-only-token', { who: caller.name });
  };
}

async function sessionCaller(sessions: Sessions, request: FastifyRequest): Promise<Caller | null> {
  const cookie = cookieOf(request);
  const proof = request.headers['x-beluga-proof'];
  return cookie === null || typeof proof !== 'string' ? null : sessions(cookie, proof);
}

/** The session's cookie; null without one. Cookies are shared by all ports of a host, so the port is in the name. */
export function cookieOf(request: FastifyRequest): string | null {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const name = `${cookieName(request)}=`;
  return cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length) || null;
}

/** The header that keeps a session's cookie (RFC 6265bis), or with an empty value forgets it. */
export function setCookie(request: FastifyRequest, value: string): string {
  const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
  const end = value === '' ? '; Max-Age=0' : '';
  return `${cookieName(request)}=${value}; Path=/api/v1; HttpOnly; SameSite=Strict${secure}${end}`;
}

function cookieName(request: FastifyRequest): string {
  return `beluga-${/:(\d{1,5})$/.exec(request.headers.host ?? '')?.[1] ?? 'session'}`;
}
