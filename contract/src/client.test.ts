import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { ApiError, createClient, ServerUnreachable } from './client.ts';

type Seen = { readonly line: string; readonly headers: IncomingMessage['headers']; readonly body: string };

/** A server that answers as told, and what it was asked. */
async function answering(answer: (response: ServerResponse, seen: Seen, count: number) => void) {
  const asked: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const seen = { line: `${request.method} ${request.url}`, headers: request.headers, body };
      asked.push(seen);
      answer(response, seen, asked.length);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, server, client: createClient({ url: `${url}/`, token: 'secret' }) };
}

const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const problem = { type: 't', title: 'T', status: 409, detail: 'It is so.', code: 'release-exists', remedy: 'Do so.', retry: false };

test('each part of what is asked stands where the interface wants it: address, query or body', async () => {
  const { client, asked } = await answering((response) => void json(response, { items: [] }));
  await client.showRelease({ component: 'web', version: '1.0.0+b/é' });
  await client.listDeployments({ component: 'web', limit: 5 });
  await client.listComponents();
  await client.cancelDeployment({ id: 'dep-1' });
  await client.recordSocle({ name: 'node-26', image: 'i', vendor: 'v', layers: [] });
  assert.deepEqual(
    asked.map(({ line, body }) => `${line} ${body}`.trim()),
    [
      'GET /api/v1/releases/web/1.0.0%2Bb%2F%C3%A9',
      'GET /api/v1/deployments?component=web&limit=5',
      'GET /api/v1/components',
      'POST /api/v1/deployments/dep-1/cancel {}',
      'PUT /api/v1/socles/node-26 {"image":"i","vendor":"v","layers":[]}',
    ],
  );
  assert.ok(asked.every(({ headers }) => headers.authorization === 'Bearer secret'));
});

test('a refusal is thrown with the problem of the server', async () => {
  const { client } = await answering((response) => void json(response, problem, 409));
  await assert.rejects(client.status(), (error) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.message, 'It is so.');
    assert.deepEqual(error.problem, problem);
    return true;
  });
});

test('an answer that no Beluga server gives is told as such', async () => {
  const { client } = await answering(
    (response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
  );
  await assert.rejects(client.status(), (error) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.problem.code, 'not-beluga');
    assert.equal(error.problem.retry, true);
    assert.match(error.message, /\/api\/v1\/status answered 502/);
    return true;
  });
});

test('nobody at the address, a cut answer and no answer in time are told with the address', async () => {
  const { url, server } = await answering(() => {});
  server.close();
  await assert.rejects(createClient({ url }).health(), {
    name: 'ServerUnreachable',
    message: `The server at ${url} does not answer: connection refused.`,
  });
  const cut = await answering((response) => void response.writeHead(200).write('{"a', () => response.destroy()));
  await assert.rejects(cut.client.health(), ServerUnreachable);
  const silent = await answering(() => {});
  await assert.rejects(createClient({ url: silent.url, timeoutMs: 50 }).health(), /does not answer: no answer in time/);
});

test('whoever gives up gets what they gave up with, not an unreachable server', async () => {
  const { client } = await answering(() => {});
  const giving = new AbortController();
  const asked = client.health({}, { signal: giving.signal });
  giving.abort(new Error('enough'));
  await assert.rejects(asked, /enough/);
});

const event = (id: number) =>
  `id: ${id}\ndata: ${JSON.stringify({ specversion: '1.0', id: String(id), type: 't', subject: 's', time: 'now', data: null })}\n\n`;

test('events go on after the last one that was seen when the server comes back', async () => {
  const parts = [`retry: 1\nid: 4\n\n${event(5)}: still here\n\n`, event(6).slice(0, 20), `${event(6)}\n${event(7)}`];
  const { client, asked } = await answering((response, _, count) => {
    if (count === 2) return void json(response, { ...problem, status: 503, retry: true }, 503);
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(parts[count > 2 ? count - 2 : 0]);
  });
  const seen: string[] = [];
  for await (const { id } of client.events()) {
    seen.push(id);
    if (id === '7') break;
  }
  assert.deepEqual(seen, ['5', '6', '7']);
  assert.deepEqual(
    asked.map(({ headers }) => headers['last-event-id']),
    [undefined, '5', '5', '5'],
  );
});

test('events before which the stream was cut are not lost, though none was seen yet', async () => {
  const { client, asked } = await answering((response, _, count) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(count === 1 ? 'retry: 1\nid: 4\n\n' : event(5));
  });
  for await (const { id } of client.events()) {
    assert.equal(id, '5');
    break;
  }
  assert.equal(asked[1]?.headers['last-event-id'], '4');
});

test('events of a server that was never there, or that refuses, are an error at once', async () => {
  const { url, server } = await answering(() => {});
  server.close();
  await assert.rejects(createClient({ url }).events().next(), ServerUnreachable);
  const { client } = await answering((response) => void json(response, { ...problem, status: 401 }, 401));
  await assert.rejects(client.events().next(), ApiError);
});

test('a server that stays away longer than the patience is an error', async () => {
  const { client, server } = await answering((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(event(1));
    server.close();
  });
  const events = client.events({ patienceMs: 100 });
  assert.equal((await events.next()).done, false);
  await assert.rejects(events.next(), ServerUnreachable);
});

test('events end without a word when the signal aborts', async () => {
  const { client } = await answering((response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(event(1)));
  const done = new AbortController();
  const seen: string[] = [];
  for await (const { id } of client.events({ signal: done.signal })) {
    seen.push(id);
    done.abort();
  }
  assert.deepEqual(seen, ['1']);
});

test('the lines of a log come as they are, whatever the chunks; a failure in the middle is thrown after them', async () => {
  const line = (text: string) => ({ at: '2026-01-01T00:00:00Z', instance: 'web.dev.a.1', stream: 'out', text });
  const text = Buffer.from(`\n${JSON.stringify(line('é\u2028'))}\n${JSON.stringify({ problem })}\n`);
  const { client } = await answering((response) => {
    for (const byte of text) response.write(Buffer.of(byte));
    response.end();
  });
  const lines = client.logs({ component: 'web', environment: 'dev' });
  assert.deepEqual((await lines.next()).value, line('é\u2028'));
  await assert.rejects(lines.next(), ApiError);
});
