/** Failures as problem details (RFC 9457): one sentence, what to do, a stable code. */
import type { Problem } from '@beluga/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../actions/context.ts';
import { BelugaError, type ErrorCode } from '../errors.ts';
import { InvalidRequest } from './validation.ts';

/** The HTTP status of each code; what is not listed is 500. */
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  'not-found': 404,
  'invalid-request': 400,
  'request-too-large': 413,
  unauthorized: 401,
  'sign-in-refused': 403,
  'link-used': 403,
  'unknown-component': 404,
  'unknown-environment': 404,
  'unknown-version': 404,
  'unknown-deployment': 404,
  'unknown-train': 404,
  'not-aboard': 404,
  'unknown-instance': 404,
  'wrong-expression': 400,
  'unknown-socle': 404,
  'release-exists': 409,
  'socle-deprecated': 409,
  'socle-instead-of-itself': 422,
  'not-on-a-socle': 409,
  'runtime-differs': 409,
  'rebase-changes-application': 422,
  'image-missing': 422,
  'evidence-expired': 422,
  'image-unreadable': 422,
  'signature-missing': 409,
  'registry-failed': 502,
  'signer-unreachable': 503,
  'nothing-to-roll-back': 409,
  'not-cancellable': 409,
  'unknown-change': 404,
  'not-published': 409,
  'unknown-delivery': 404,
  'not-replayable': 409,
  'not-reviewable': 409,
  'train-exists': 409,
  'train-closed': 409,
  'train-unfit': 409,
  'train-held': 409,
  'not-a-job': 409,
  'not-a-service': 409,
  'not-deployed': 409,
  'would-stop-serving': 409,
  'engine-unreachable': 503,
  'router-unreachable': 503,
  'database-unreachable': 503,
  'pull-failed': 502,
  'no-port-left': 503,
  'disk-full': 507,
  'only-the-owner': 403,
  'read-only-token': 403,
  'unknown-token': 404,
  'unknown-approval': 404,
  'unknown-override': 404,
  'own-request': 403,
  'plan-changed': 409,
  'no-longer-open': 409,
  'not-decidable': 409,
  'expiry-out-of-range': 422,
  'no-verification': 409,
  'line-stopped-already': 409,
  'line-moves': 409,
  'unknown-readiness-line': 404,
  'unknown-system': 404,
  'unknown-calendar-entry': 404,
  'calendar-unreadable': 422,
  'calendar-range': 422,
};

/** The problem that tells of a failure. What nobody foresaw is told without its details. */
export function problemOf(error: unknown, requestId: string): Problem {
  const known = foreseen(error);
  if (known === null) return refusalOf(new BelugaError('internal', { problem: `its log has the details of request ${requestId}` }));
  const errors = error instanceof InvalidRequest && error.errors.length > 0 ? { errors: [...error.errors] } : {};
  return { ...refusalOf(known), ...errors };
}

/** Answers a failed request; what nobody foresaw goes to the log. */
export function answerFailure(log: Log, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error, request.id);
  if (problem.status >= 500) log.error({ err: error, request: request.id, method: request.method, url: request.url }, problem.detail);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="beluga"');
  if (problem.status === 503) reply.header('retry-after', '5');
  void reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Answers a request for what does not exist. */
export function answerNothingThere(request: FastifyRequest, reply: FastifyReply): void {
  const path = `${request.method} ${request.url.split('?')[0]}`.slice(0, 200);
  const problem = refusalOf(new BelugaError('not-found', { path }));
  void reply.code(404).type('application/problem+json').send(JSON.stringify(problem));
}

/** A refusal of the catalogue as a problem. */
export function refusalOf(error: BelugaError): Problem {
  const { code, message, remedy, retry, log } = error;
  const title = code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');
  const problem = { type: `urn:beluga:error:${code}`, title, status: statuses[code] ?? 500, detail: message, code, remedy, retry };
  return log.length === 0 ? problem : { ...problem, log: [...log] };
}

/** The refusal of the catalogue that an error is; null for what nobody foresaw. */
function foreseen(error: unknown): BelugaError | null {
  if (error instanceof BelugaError) return error.code === 'internal' ? null : error;
  if (error instanceof InvalidRequest) return new BelugaError('invalid-request', { problem: error.message });
  return fromFastify((error ?? {}) as FastifyFailure);
}

type FastifyFailure = { readonly code?: string; readonly statusCode?: number };

function fromFastify({ code = '', statusCode = 500 }: FastifyFailure): BelugaError | null {
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new BelugaError('request-too-large', { most: '1 MiB' });
  if (statusCode < 400 || statusCode >= 500) return null;
  return new BelugaError('invalid-request', { problem: sentences[code] ?? 'it is not HTTP as this server speaks it' });
}

const sentences: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'its content-type is not application/json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'its body is empty',
  FST_ERR_CTP_INVALID_JSON_BODY: 'its body is not JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'its body is not as long as content-length says',
  FST_ERR_BAD_URL: 'its address is not a valid URL',
};
