/** The interface for tests: listening on a free port of loopback, with a control plane on a real database. */
import { after } from 'node:test';
import { type Client, createClient } from '@beluga/contract/client';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../actions/context.ts';
import { createPlane, type Plane } from '../reconcile/for-tests.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { type ApiOptions, createApi } from './api.ts';

export const token = 'a-good-token';

export type Listening = Plane & { readonly app: FastifyInstance; readonly url: string; readonly client: Client };

/** A fresh interface; it closes when the test file ends. */
export async function listen(changes: Partial<Context> = {}, options: Partial<ApiOptions> = {}): Promise<Listening> {
  const database = await withDatabase();
  const plane = createPlane(database, undefined, changes);
  await plane.context.store.tokens.add(token, 'lea', '2026-01-01T00:00:00Z');
  const app = await createApi(plane.context, { tokens: plane.context.store.tokens.owner, version: '1.2.3', ...options });
  after(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { ...plane, app, url, client: createClient({ url, token }) };
}
