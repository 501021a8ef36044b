/** How a call to the server can fail. */
import type { Problem } from './api-schema.ts';

/** The server refused or could not do it; `problem` says what, why and what to do. The message is the problem's sentence. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/** Nobody answers at the address of the server, or not in time. */
export class ServerUnreachable extends Error {
  readonly url: string;
  readonly remedy = 'Start it with `beluga up`, or check the address; `beluga doctor` tells more.';

  constructor(url: string, reason: string, cause?: unknown) {
    super(`The server at ${url} does not answer: ${reason}.`, { cause });
    this.name = 'ServerUnreachable';
    this.url = url;
  }
}

/** The error for an answer that is not a success. */
export async function refusalOf(url: string, response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  const problem = problemIn(text);
  return new ApiError(problem ?? notOurs(url, response.status));
}

/** The error for a connection that failed: never for one that the caller gave up. */
export function unreachable(url: string, error: unknown): ServerUnreachable {
  return error instanceof ServerUnreachable ? error : new ServerUnreachable(url, reasonOf(error), error);
}

function problemIn(text: string): Problem | null {
  try {
    const value = JSON.parse(text) as Partial<Problem> | null;
    return typeof value?.code === 'string' && typeof value.detail === 'string' ? (value as Problem) : null;
  } catch {
    return null;
  }
}

function notOurs(url: string, status: number): Problem {
  return {
    type: 'about:blank',
    title: 'Not a Beluga server',
    status,
    detail: `${url} answered ${status} with something that no Beluga server says.`,
    code: 'not-beluga',
    remedy: 'Check the address, and the proxy in between if there is one.',
    retry: status >= 500,
  };
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ENOTFOUND: 'the host is unknown',
  EAI_AGAIN: 'the host is unknown',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { code } = (error.cause ?? error) as { readonly code?: unknown };
  return typeof code === 'string' ? (reasons[code] ?? code) : error.message;
}
