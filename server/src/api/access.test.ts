import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Problem, ProblemSchema, type Route, routeTable } from '@beluga/contract';
import { Value } from 'typebox/value';
import { listen, token } from './for-tests.ts';

const { url, context } = await listen();
const readOnly = 'a-token-that-may-read';
await context.store.tokens.create(readOnly, { id: 'tok-read', name: 'ines', access: 'read', at: '2026-01-01T00:00:00Z', who: 'lea' });
const callers = {
  'without a token': {},
  'with a wrong token': { authorization: 'Bearer wrong' },
  'with a token that may read': { authorization: `Bearer ${readOnly}` },
  'with a token': { authorization: `Bearer ${token}` },
};
type Caller = keyof typeof callers;

/** Calls a route with nothing that it needs: whoever may not call must learn nothing else. */
async function call(route: Route, caller: Caller): Promise<{ readonly status: number; readonly problem: Problem | null }> {
  const response = await fetch(url + route.url.replace(/:\w+/g, 'x'), {
    method: route.method,
    headers: { 'content-type': 'application/json', ...callers[caller] },
    ...(route.method === 'GET' ? {} : { body: '{}' }),
    signal: AbortSignal.timeout(10_000),
  });
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true;
  const problem = isProblem ? ((await response.json()) as Problem) : null;
  if (!isProblem) await response.body?.cancel();
  return { status: response.status, problem };
}

for (const route of routeTable) {
  for (const caller of Object.keys(callers) as Caller[]) {
    const mayOnlyRead = caller === 'with a token that may read' && route.access === 'write';
    const open = route.access === 'public' || (caller.startsWith('with a token') && !mayOnlyRead);
    test(`${route.method} ${route.url} ${open ? 'lets in' : 'turns away'} a caller ${caller}`, async () => {
      const { status, problem } = await call(route, caller);
      if (open) {
        assert.notEqual(status, 401);
        assert.ok(status < 500, `${status} ${problem?.detail}`);
        return;
      }
      assert.equal(status, mayOnlyRead ? 403 : 401);
      assert.equal(problem?.code, mayOnlyRead ? 'read-only-token' : 'unauthorized');
      assert.ok(Value.Check(ProblemSchema, problem));
    });
  }
}

test('a token is read as RFC 6750 says, and in no other way', async () => {
  const status = async (authorization: string, query = '') =>
    (await fetch(`${url}/api/v1/components${query}`, { headers: { authorization } })).status;
  assert.equal(await status(`bearer ${token}`), 200);
  assert.equal(await status(token), 401);
  assert.equal(await status(`Basic ${btoa(`beluga:${token}`)}`), 401);
  assert.equal(await status(`Bearer ${token} ${token}`), 401);
  assert.equal(await status('', `?access_token=${token}`), 401);
});

test('a caller who is turned away is told how to come in', async () => {
  const response = await fetch(`${url}/api/v1/status`);
  assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="beluga"');
  assert.match(((await response.json()) as Problem).remedy, /Authorization: Bearer/);
});
