import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { createPost } from '../../http/fetch/post.ts';
import { itsmContract } from '../itsm.contract.ts';
import { createItsmWebhook } from './webhook.ts';

const states = new Map<string, string>();
const left = { before: 0, after: 0 };
let unsigned = 0;
const server = createServer((request, response) => {
  void (async () => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const signed = `${String(request.headers['webhook-id'])}.${String(request.headers['webhook-timestamp'])}.${body}`;
    const expected = `v1,${createHmac('sha256', 'a-secret').update(signed).digest('base64')}`;
    if (request.headers['webhook-signature'] !== expected) unsigned += 1;
    if (left.before > 0 && left.before-- > 0) return response.writeHead(503).end();
    const { change } = JSON.parse(body) as { change: { id: string; state: string } };
    states.set(change.id, change.state);
    if (left.after > 0 && left.after-- > 0) return request.socket.destroy();
    return response.writeHead(200).end(JSON.stringify({ reference: `REF-${change.id}` }));
  })();
});
await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
after(() => {
  server.closeAllConnections();
  server.close();
});

describe('a signed ITSM webhook', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/changes`;
  const itsm = createItsmWebhook({ url, secret: 'a-secret', post: createPost(2_000), now: () => Temporal.Now.instant() });
  itsmContract(() => ({
    itsm,
    records: (change) => [states.get(change) ?? ''].filter((state) => state !== ''),
    fail: (kind, times) => {
      left[kind] = times;
    },
  }));
  it('is signed each time, as Standard Webhooks describes it', () => {
    assert.equal(unsigned, 0);
    assert.ok(states.size > 5);
  });
});
