import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { type Problem, ProblemSchema, routeTable } from '@beluga/contract';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import type { Log } from '../actions/context.ts';
import { listen, token } from './for-tests.ts';

const logged: unknown[] = [];
const log: Log = { info: () => {}, warn: () => {}, error: (fields) => void logged.push(fields) };
const { url, context } = await listen({ log, pause: async () => {} });

type Sent = { readonly method?: string; readonly body?: string | Buffer; readonly type?: string };

async function ask(path: string, { method = 'GET', body, type = 'application/json' }: Sent = {}): Promise<Problem> {
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': type }) };
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }),
  });
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
  const problem = (await response.json()) as Problem;
  assert.ok(Value.Check(ProblemSchema, problem), JSON.stringify(problem));
  assert.equal(problem.status, response.status);
  return problem;
}

const post = (path: string, body: unknown) => ask(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

test('what does not exist is told with its place', async () => {
  const { code, status, detail } = await ask('/api/v1/nothing?a=b');
  assert.deepEqual([code, status, detail], ['not-found', 404, 'There is nothing at GET /api/v1/nothing.']);
  assert.equal((await ask('/api/v1/releases', { method: 'DELETE' })).code, 'not-found');
  assert.equal((await ask('/')).code, 'not-found');
});

test('a body that is too large, no JSON, of another type or empty is refused in one sentence', async () => {
  const sentence = async (sent: Sent) => (await ask('/api/v1/deployments', { method: 'POST', ...sent })).detail;
  assert.equal(await sentence({ body: `"${'x'.repeat(1_100_000)}"` }), 'The request is larger than 1 MiB.');
  assert.equal(await sentence({ body: '{' }), 'The request does not fit: its body is not JSON.');
  assert.equal(await sentence({ body: '{"__proto__":{"a":1}}' }), 'The request does not fit: its body is not JSON.');
  assert.equal(
    await sentence({ body: 'a: b', type: 'application/yaml' }),
    'The request does not fit: its content-type is not application/json.',
  );
  assert.equal(await sentence({ body: '' }), 'The request does not fit: its body is empty.');
  assert.equal(await sentence({}), 'The request does not fit: body is empty (write keys and values).');
});

test('why a train is moved is told of a rollback only', async () => {
  const trip = { kind: 'rehearsal', reason: 'It is time.', incident: 'INC1' };
  const { detail, errors = [] } = await post('/api/v1/trains/avril/trips', trip);
  assert.equal(detail, 'The request does not fit: reason is of a rollback only, not of a rehearsal (leave reason out).');
  assert.deepEqual(
    errors.map(({ path }) => path),
    ['reason', 'incident'],
  );
});

test('every wrong part of a request is named, the first in the sentence', async () => {
  const { detail, errors = [] } = await post('/api/v1/deployments', { component: 'Web', enviroment: 'dev' });
  assert.match(detail, /^The request does not fit: body\.environment is missing/);
  assert.deepEqual(
    errors.map(({ path }) => path),
    ['body', 'body', 'body.component', 'body.enviroment'],
  );
  assert.equal(errors.at(-1)?.remedy, 'did you mean "environment"?');
});

test('the query is checked as well as the body', async () => {
  const detail = async (query: string) => (await ask(`/api/v1/deployments?${query}`)).detail;
  assert.match(await detail('limit=many'), /query\.limit is "many"/);
  assert.match(await detail('limit=0'), /query\.limit is 0 \(choose a whole number from 1 to 1000\)/);
  assert.match(await detail('component=a&component=b'), /query\.component is a list/);
  assert.match(await detail('page=2'), /unknown key "page" in query/);
  assert.match((await ask('/api/v1/logs?component=a&environment=dev&since=yesterday')).detail, /since/);
});

test('a manifest that comes by HTTP keeps to the same rules as a file', async () => {
  const manifest = { apiVersion: 'beluga/v1', kind: 'Job', metadata: { name: 'a', system: 'b' }, run: { schedule: '0 25 * * *' } };
  const image = `127.0.0.1:4600/a@sha256:${'0'.repeat(64)}`;
  const { detail } = await post('/api/v1/releases', { manifest, version: '1', image, layers: [], commit: null });
  assert.match(detail, /body\.manifest\.run\.schedule has "25" as its hour|run\.schedule has "25" as its hour/);
  assert.deepEqual(await context.store.views.components(), []);
});

test('a body cannot speak over the address', async () => {
  const { code, detail } = await post('/api/v1/deployments/dep-1/cancel', { id: 'dep-2' });
  assert.deepEqual([code, detail], ['unknown-deployment', 'No deployment is called dep-1.']);
});

test('each refusal of an action has its code and its status', async () => {
  const wish = { component: 'nobody', environment: 'dev', version: '1' };
  const refused = async (path: string, body?: object) => {
    const { code, status } = await (body === undefined ? ask(path) : post(path, body));
    return `${status} ${code}`;
  };
  assert.equal(await refused('/api/v1/deployments', wish), '404 unknown-component');
  assert.equal(await refused('/api/v1/plans', { ...wish, environment: 'production' }), '404 unknown-environment');
  assert.equal(await refused('/api/v1/deployments/dep-1'), '404 unknown-deployment');
  assert.equal(await refused('/api/v1/logs?component=nobody&environment=dev'), '404 unknown-component');
  assert.equal(await refused('/api/v1/runs?component=nobody&environment=dev'), '404 unknown-component');
  const manifest = { apiVersion: 'beluga/v1', kind: 'Service', metadata: { name: 'a', system: 'b' } };
  const release = { manifest, version: '1', image: `127.0.0.1:4600/missing@sha256:${'0'.repeat(64)}`, layers: [], commit: null };
  assert.equal(await refused('/api/v1/releases', release), '422 image-missing');
});

test('what nobody foresaw shows no details, and is in the log under the number that is told', async () => {
  const secret = 'password=hunter2';
  const broken = await listen({
    log,
    hash: () => {
      throw new Error(secret);
    },
  });
  const manifest = { apiVersion: 'beluga/v1', kind: 'Service', metadata: { name: 'a', system: 'b' } };
  const body = JSON.stringify({ manifest, version: '1', image: `127.0.0.1:4600/a@sha256:${'0'.repeat(64)}`, layers: [], commit: null });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${broken.url}/api/v1/releases`, { method: 'POST', headers, body });
  const problem = (await response.json()) as Problem;
  assert.deepEqual([problem.status, problem.code], [500, 'internal']);
  assert.doesNotMatch(JSON.stringify(problem), /hunter2/);
  const entry = logged.at(-1) as { readonly err: Error; readonly request: string };
  assert.equal(entry.err.message, secret);
  assert.ok(problem.detail.includes(entry.request));
});

test('an address that is no address and a request that is no HTTP are refused, not fatal', async () => {
  assert.equal((await ask('/api/v1/releases/a/%E0%A4%A')).code, 'invalid-request');
  assert.equal((await ask(`/api/v1/releases/a/${'x'.repeat(300)}`)).status < 500, true);
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.end('HELLO\r\n\r\n'));
    let text = '';
    socket
      .on('data', (chunk) => (text += String(chunk)))
      .on('close', () => resolve(text))
      .on('error', reject);
  });
  assert.match(answer, /^HTTP\/1\.1 400/);
});

test('no request breaks the server, whatever it carries', async () => {
  const routes = routeTable.filter(({ stream }) => stream === undefined);
  const asked = fc.record({
    route: fc.constantFrom(...routes),
    body: fc.oneof(fc.json(), fc.string()),
    query: fc.dictionary(fc.constantFrom('component', 'environment', 'limit', 'version', 'after', 'x'), fc.string({ unit: 'grapheme' })),
    part: fc.string({ minLength: 1, maxLength: 150, unit: 'grapheme' }),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ route, body, query, part }) => {
      const path = route.url.replace(/:\w+/g, () => encodeURIComponent(part.toWellFormed()));
      const response = await fetch(`${url}${path}?${new URLSearchParams(query).toString()}`, {
        method: route.method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(route.method === 'GET' ? {} : { body }),
      });
      assert.ok(response.status < 500, `${response.status} ${await response.clone().text()}`);
      await response.body?.cancel();
    }),
    { numRuns: 150 },
  );
});
