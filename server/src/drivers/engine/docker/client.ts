/** The client of the engine's API, and what its failures mean. */
import Docker from 'dockerode';
import { BelugaError } from '../../../errors.ts';

export type Client = {
  readonly docker: Docker;
  readonly socket: string;
};

export function createClient(socket: string): Client {
  return { docker: new Docker({ socketPath: socket }), socket };
}

/** Runs a call; an engine that does not answer throws `engine-unreachable`, any other refusal is passed on. */
export async function call<T>(client: Client, work: (docker: Docker) => Promise<T>): Promise<T> {
  try {
    return await work(client.docker);
  } catch (cause) {
    throw isUnreachable(cause) ? unreachable(client, cause) : cause;
  }
}

/** The same, with null for an answer "there is no such thing". */
export async function callOrNull<T>(client: Client, work: (docker: Docker) => Promise<T>): Promise<T | null> {
  try {
    return await call(client, work);
  } catch (cause) {
    if (statusOf(cause) === 404) return null;
    throw cause;
  }
}

/** The same for a change that may be made already: "not modified", "no such thing" and "already in progress" are success. */
export async function change(client: Client, work: (docker: Docker) => Promise<unknown>): Promise<void> {
  try {
    await call(client, work);
  } catch (cause) {
    const status = statusOf(cause);
    if (status !== 304 && status !== 404 && !(status === 409 && /already in progress/.test(messageOf(cause)))) throw cause;
  }
}

export function statusOf(cause: unknown): number | null {
  return cause instanceof Error && 'statusCode' in cause && typeof cause.statusCode === 'number' ? cause.statusCode : null;
}

/** What the engine said, without the client's frame around it. */
export function messageOf(cause: unknown): string {
  if (cause instanceof Error && 'json' in cause) {
    const { json } = cause;
    if (typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string') return json.message;
  }
  return cause instanceof Error ? cause.message : String(cause);
}

const gone = new Set(['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', 'EACCES', 'ETIMEDOUT', 'ENOTSOCK']);

function isUnreachable(cause: unknown): boolean {
  return cause instanceof Error && statusOf(cause) === null && 'code' in cause && typeof cause.code === 'string' && gone.has(cause.code);
}

function unreachable(client: Client, cause: unknown): BelugaError {
  return new BelugaError('engine-unreachable', { socket: client.socket, problem: messageOf(cause) }, { cause });
}
