import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { EventView } from '@beluga/contract';
import { ApiError, type Client } from '@beluga/contract/client';
import { deploy, quickPace, release } from '../reconcile/for-tests.ts';
import { startLoop } from '../reconcile/loop.ts';
import { createApi } from './api.ts';
import { listen, token } from './for-tests.ts';

const over = new AbortController();
after(() => over.abort());

/** So that a stream that never says what is expected fails its test, and none outlives the file. */
function patient(): { readonly signal: AbortSignal } {
  return { signal: AbortSignal.any([over.signal, AbortSignal.timeout(60_000)]) };
}

/** The next events of a stream, as many as asked. */
async function take(events: AsyncGenerator<EventView, void>, count: number): Promise<readonly EventView[]> {
  const taken: EventView[] = [];
  while (taken.length < count) {
    const { value } = await events.next();
    assert.ok(value !== undefined, `the stream ended after ${taken.length} of ${count} events`);
    taken.push(value);
  }
  return taken;
}

/** A stream that is open: what happens from now on will be seen. */
async function opened(client: Client, options: { readonly subject?: string } = {}) {
  const open = Promise.withResolvers<void>();
  const events = client.events({ ...options, ...patient(), onOpen: open.resolve });
  const first = events.next();
  await Promise.race([open.promise, first]);
  async function* all(): AsyncGenerator<EventView, void> {
    const { value } = await first;
    if (value !== undefined) yield value;
    yield* events;
  }
  return all();
}

test('what happens is seen as it happens, in order, by everybody who follows', async () => {
  const { client, context } = await listen();
  const [one, other] = [await opened(client), await opened(client)];
  await release(context, 'web', '1.0.0');
  await release(context, 'api', '1.0.0');
  const subjects = (await take(one, 2)).map(({ subject, type }) => `${type} ${subject}`);
  assert.deepEqual(subjects, ['release.registered release/web@1.0.0', 'release.registered release/api@1.0.0']);
  assert.deepEqual(
    (await take(other, 2)).map(({ type, subject }) => `${type} ${subject}`),
    subjects,
  );
});

test('who asks for a subject sees nothing else', async () => {
  const { client, context } = await listen();
  const events = await opened(client, { subject: 'release/api@' });
  for (const name of ['web', 'api', 'api_x', 'batch']) await release(context, name.replace('_', '-'), '1.0.0');
  await release(context, 'api', '2.0.0');
  assert.deepEqual(
    (await take(events, 2)).map(({ subject }) => subject),
    ['release/api@1.0.0', 'release/api@2.0.0'],
  );
});

test('every event is a CloudEvent 1.0', async () => {
  const { url, context } = await listen();
  await release(context, 'web', '1.0.0');
  const headers = { authorization: `Bearer ${token}`, 'last-event-id': '0' };
  const response = await fetch(`${url}/api/v1/events`, { headers, ...patient() });
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('data: ') && text.endsWith('\n\n')) break;
  }
  const data = JSON.parse(/data: (.*)/.exec(text)?.[1] ?? '{}') as Readonly<Record<string, unknown>>;
  const { specversion, source, type, subject, datacontenttype, id } = data;
  assert.deepEqual(
    { specversion, source, type, subject, datacontenttype },
    {
      ...{ specversion: '1.0', source: '/beluga', type: 'release.registered' },
      ...{ subject: 'release/web@1.0.0', datacontenttype: 'application/json' },
    },
  );
  assert.ok(text.includes(`id: ${String(id)}\n`));
});

test('a stream goes on over a restart of the server without gap or repetition', async () => {
  const { client, context, app, url } = await listen();
  const events = await opened(client);
  await release(context, 'web', '1.0.0');
  const before = await take(events, 1);
  await app.close();
  await release(context, 'web', '2.0.0');
  const restarted = await createApi(context, { tokens: context.store.tokens.owner, version: '1.2.4' });
  await restarted.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
  await release(context, 'web', '3.0.0');
  const seen = [...before, ...(await take(events, 2))].map(({ subject }) => subject);
  assert.deepEqual(seen, ['release/web@1.0.0', 'release/web@2.0.0', 'release/web@3.0.0']);
  await restarted.close();
});

test('closing ends every stream, and waits for no idle connection', async () => {
  const { client, app, url } = await listen();
  await opened(client);
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/api/v1/events`, { headers, ...patient() });
  await client.health();
  const ended = (async () => {
    for await (const _ of response.body ?? []);
  })();
  await Promise.all([app.close(), ended]);
});

test('who hangs up is forgotten', async () => {
  let listeners = 0;
  const plane = await listen();
  const { store } = plane.context;
  const counted = {
    ...store,
    onEvent: (listener: () => void) => {
      const end = store.onEvent(listener);
      listeners += 1;
      return () => {
        listeners -= 1;
        end();
      };
    },
  };
  const { client } = await listen({ store: counted }, { tokens: store.tokens.owner });
  const hangUp = new AbortController();
  const events = client.events({ signal: hangUp.signal });
  const first = events.next();
  while (listeners === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  hangUp.abort();
  await first;
  while (listeners > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('an event that no event is called is refused', async () => {
  const { client } = await listen();
  await assert.rejects(client.events({ after: 'yesterday', ...patient() }).next(), /headers\.last-event-id is "yesterday"/);
});

test('the log of all instances comes merged; what is wrong is refused before the first line', async () => {
  const { client, context, engine } = await listen();
  const loop = startLoop(context, 'stream-test', quickPace);
  await release(context, 'web', '1.0.0');
  await deploy(context, 'web', '1.0.0', 'dev');
  await loop.stop();
  const place = { component: 'web', environment: 'dev' };
  const lines = [];
  for await (const line of client.logs(place)) lines.push(line);
  assert.deepEqual(
    lines.map(({ text, stream }) => `${stream} ${text}`),
    ['out listening on 8080', 'out listening on 8080'],
  );
  const refused = (input: Parameters<typeof client.logs>[0], status: number) =>
    assert.rejects(client.logs(input).next(), (error) => error instanceof ApiError && error.problem.status === status);
  await refused({ ...place, instance: 'web.dev.none.9' }, 404);
  await refused({ ...place, instance: 'web.dev.none.9', follow: true }, 404);
  await refused({ ...place, environment: 'nowhere' }, 404);
  await refused({ ...place, grep: '(?=look)' }, 400);
  engine.reachable(false);
  const kept: string[] = [];
  await assert.rejects(
    async () => {
      for await (const { text } of client.logs(place)) kept.push(text);
    },
    (error) => error instanceof ApiError && error.problem.status === 503,
  );
  assert.equal(kept.length, 2, 'what was kept comes before the refusal');
});

test('the log of a former release is kept after its instances are gone, and goes on from any line', async () => {
  const { client, context } = await listen();
  const loop = startLoop(context, 'stream-test', quickPace);
  await release(context, 'web', '1.0.0');
  await release(context, 'web', '2.0.0');
  await deploy(context, 'web', '1.0.0', 'dev');
  await deploy(context, 'web', '2.0.0', 'dev');
  await loop.stop();
  const read = async (input: object) => {
    const lines = [];
    for await (const line of client.logs({ component: 'web', environment: 'dev', ...input })) lines.push(line);
    return lines;
  };
  const all = await read({});
  assert.equal(all.length, 6);
  const there = new Set((await context.engine.instances()).map(({ name }) => name));
  const previous = await read({ previous: true });
  assert.equal(previous.length, 4);
  assert.ok(previous.every(({ instance }) => !there.has(instance)));
  const one = previous[0]?.instance ?? '';
  assert.deepEqual(
    await read({ instance: one }),
    previous.filter(({ instance }) => instance === one),
  );
  assert.deepEqual(await read({ after: all[1]?.cursor ?? 0 }), all.slice(2));
  assert.equal((await read({ level: 'warn' })).length, 0);
  assert.equal((await read({ grep: 'listen.*[0-9]{4}$' })).length, 4);
});

test('what else listens on the address answers by itself', async () => {
  const { url } = await listen(
    {},
    { beside: [{ prefix: '/v2', handle: (request, response) => void response.end(`beside ${request.url}`) }] },
  );
  assert.equal(await (await fetch(`${url}/v2/`)).text(), 'beside /v2/');
  assert.equal((await fetch(`${url}/api/v1/health`)).status, 200);
});
