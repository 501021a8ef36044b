/** The OpenAPI 3.1 document, made of the routes that are really registered. */
import { ProblemSchema, type Route } from '@beluga/contract';
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';

const problem = { description: 'What is wrong and what to do.', content: { 'application/problem+json': { schema: ProblemSchema } } };
const types = {
  ndjson: 'application/x-ndjson',
  sse: 'text/event-stream',
  text: 'text/calendar',
  atom: 'application/atom+xml',
} as const;

/** Collects the routes registered from now on; `GET /api/v1/openapi.json` gives the document. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Beluga', version, description: 'From a commit to production with one command.' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'The token of the platform.' } } },
    },
  });
}

/** The schemas of a route as Fastify and the document take them. */
export function schemaOf(route: Route): FastifySchema {
  const { params, query, headers, body, responses } = route;
  const type = route.stream === undefined ? 'application/json' : types[route.stream];
  const answers = Object.entries(responses).map(([status, schema]) => [
    status,
    { description: (schema as { description?: string }).description ?? 'Done.', content: { [type]: { schema } } },
  ]);
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.url.split('/')[3] ?? 'api'],
    security: route.access === 'public' ? [] : [{ token: [] }],
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    response: { ...Object.fromEntries(answers), '4xx': problem, '5xx': problem },
  };
}
