/**
 * The HTTP interface: every operation of the contract's route table, one file of routes for each noun.
 *
 * Each request passes the same list: authenticate, authorize, validate, act, present. Whatever goes wrong is answered as a
 * problem (RFC 9457). The interface holds no state of its own; several servers may serve it side by side.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Context } from '../actions/context.ts';
import { stamp } from '../domain/stamp.ts';
import { auditRoutes } from './audit.ts';
import { automationRoutes } from './automation.ts';
import { calendarRoutes } from './calendar.ts';
import type { Sessions, Tokens } from './caller.ts';
import { changeRoutes } from './change.ts';
import { componentRoutes } from './component.ts';
import { configRoutes } from './config.ts';
import { deliveryRoutes } from './delivery.ts';
import { deploymentRoutes } from './deployment.ts';
import { driftRoutes } from './drift.ts';
import { estateRoutes } from './estate.ts';
import { eventRoutes } from './event.ts';
import { evidenceRoutes } from './evidence.ts';
import { gateRoutes } from './gate.ts';
import { instanceRoutes } from './instance.ts';
import { jobRunRoutes } from './job-run.ts';
import { leftoverRoutes } from './leftover.ts';
import { logRoutes } from './log.ts';
import { measureRoutes } from './measure.ts';
import { describeApi } from './openapi.ts';
import { planRoutes } from './plan.ts';
import { platformRoutes } from './platform.ts';
import { answerFailure, answerNothingThere } from './problem.ts';
import { publicationRoutes } from './publication.ts';
import { releaseRoutes } from './release.ts';
import { router } from './route.ts';
import { sampleRoutes } from './sample.ts';
import { scaleRoutes } from './scale.ts';
import { sessionRoutes } from './session.ts';
import { socleRoutes } from './socle.ts';
import { statusRoutes } from './status.ts';
import { tokenRoutes } from './token.ts';
import { trainRoutes } from './train.ts';
import { validatorOf } from './validation.ts';

export type ApiOptions = {
  /** Who carries a token; null for nobody. */
  readonly tokens: Tokens;
  /** The version of the server. */
  readonly version: string;
  /** What else listens on the same address, such as the registry under `/v2/`; it answers by itself, token and all. */
  readonly beside?: readonly Beside[];
  /** Answers what nobody else does: the console. */
  readonly otherwise?: Handle;
};
export type Handle = (request: IncomingMessage, response: ServerResponse) => void;
export type Beside = { readonly prefix: string; readonly handle: Handle };

const nouns = [
  statusRoutes,
  platformRoutes,
  sessionRoutes,
  estateRoutes,
  componentRoutes,
  releaseRoutes,
  deploymentRoutes,
  planRoutes,
  changeRoutes,
  deliveryRoutes,
  publicationRoutes,
  measureRoutes,
  automationRoutes,
  instanceRoutes,
  driftRoutes,
  leftoverRoutes,
  sampleRoutes,
  scaleRoutes,
  logRoutes,
  configRoutes,
  jobRunRoutes,
  socleRoutes,
  evidenceRoutes,
  gateRoutes,
  calendarRoutes,
  tokenRoutes,
  trainRoutes,
  eventRoutes,
  auditRoutes,
];

const bodyLimit = 1_048_576;
/** What is pushed to the registry beside may take as long as it takes; only heads of requests have a limit (Node's 60 s). */
const requestTimeout = 0;

/** The interface, ready to listen. Closing it ends streams first, then waits for the requests in flight. */
export async function createApi(context: Context, options: ApiOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: (error, request, reply) => answerFailure(context.log, error, request, reply),
    serverFactory: (handle) => createServer({ requestTimeout, keepAliveTimeout: 72_000 }, dispatch(options, handle)),
  });
  app.setValidatorCompiler(({ schema, httpPart }) => validatorOf(schema, httpPart ?? 'body'));
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler((error, request, reply) => answerFailure(context.log, error, request, reply));
  app.setNotFoundHandler(answerNothingThere);
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  await describeApi(app, options.version);
  app.after(() => {
    const sessions: Sessions = (cookie, proof) => context.store.sessions.owner(cookie, proof, stamp(context.now()));
    const route = router(app, { context, version: options.version }, options.tokens, sessions);
    for (const routes of nouns) routes(route);
  });
  await app.ready();
  return app;
}

/** What the interface itself answers; the rest belongs to the console where there is one. */
const own = /^\/(api|metrics)([/?]|$)/;

function dispatch({ beside = [], otherwise }: ApiOptions, handle: Handle): Handle {
  return (request, response) => {
    const { url = '/' } = request;
    const other = beside.find(({ prefix }) => url.startsWith(prefix));
    const last = own.test(url) ? handle : (otherwise ?? handle);
    (other?.handle ?? last)(request, response);
  };
}
