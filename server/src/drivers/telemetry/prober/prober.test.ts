import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../../../domain/ledger.ts';
import type { Meter } from '../telemetry.ts';
import { createHistogram } from './histogram.ts';
import { createProber } from './prober.ts';

const prober = createProber();

async function serve(t: TestContext, answer: RequestListener): Promise<{ server: Server; address: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Waits until the reading is as wanted, or gives the last one after ten seconds. */
async function readingWhen(meter: Meter, wanted: (ledger: Ledger) => boolean): Promise<Ledger> {
  for (let tried = 0; tried < 500 && !wanted(meter.reading()); tried += 1) await sleep(20);
  return meter.reading();
}

test('every answered request is counted, over a kept connection and a new one in turn', async (t) => {
  const connections = new Map<number, number>();
  const { address } = await serve(t, (request, response) => {
    const port = request.socket.remotePort ?? 0;
    connections.set(port, (connections.get(port) ?? 0) + 1);
    response.end(request.url);
  });
  const meter = prober.measure(address, '/health', 'before');
  await readingWhen(meter, ({ sent }) => sent >= 10);
  const ledger = await meter.stop();
  const asked = [...connections.values()].reduce((sum, count) => sum + count, 0);
  assert.equal(ledger.sent, asked);
  assert.equal(ledger.failed, 0);
  assert.deepEqual(ledger.failures, {});
  assert.ok(ledger.p50Ms > 0 && ledger.p99Ms >= ledger.p50Ms && ledger.longestGapMs > 0);
  const once = [...connections.values()].filter((count) => count === 1).length;
  assert.ok(once >= 5 && Math.max(...connections.values()) >= 5, 'half of them reuse one connection');
});

test('a refusal of the application, a page that is not there and a redirect count as answered', async (t) => {
  const answers = [302, 404, 401, 200];
  let asked = 0;
  const { address } = await serve(t, (request, response) => {
    assert.equal(request.url, '/');
    asked += 1;
    response.writeHead(answers[asked % answers.length] ?? 200, { location: '/elsewhere' }).end();
  });
  const meter = prober.measure(address, '/', 'before');
  await readingWhen(meter, ({ sent }) => sent >= 8);
  const ledger = await meter.stop();
  assert.equal(ledger.sent, asked);
  assert.equal(ledger.failed, 0);
});

test('an answer of 500 and above is a failure, and the gap it leaves is measured while it lasts', async (t) => {
  const { address } = await serve(t, (_, response) => response.writeHead(503).end('no server'));
  const meter = prober.measure(address, '/', 'before');
  const during = await readingWhen(meter, ({ sent }) => sent >= 8);
  assert.ok(during.longestGapMs >= 200, `nothing was answered for ${during.longestGapMs} ms`);
  const ledger = await meter.stop();
  assert.deepEqual(ledger.failures, { 'status-5xx': ledger.sent });
  assert.equal(ledger.p99Ms, 0);
});

test('an address where nobody listens is refused', async (t) => {
  const { server, address } = await serve(t, (_, response) => response.end());
  await new Promise((resolve) => server.close(resolve));
  const meter = prober.measure(address, '/', 'before');
  await readingWhen(meter, ({ failed }) => failed >= 3);
  const ledger = await meter.stop();
  assert.deepEqual(ledger.failures, { refused: ledger.sent });
});

test('an address that makes no sense is refused, and nothing is thrown', async () => {
  const meter = prober.measure('http://:::nowhere', '/', 'before');
  await readingWhen(meter, ({ failed }) => failed >= 2);
  const ledger = await meter.stop();
  assert.deepEqual(ledger.failures, { refused: ledger.sent });
});

test('a connection that breaks before or within the answer is reset', async (t) => {
  let asked = 0;
  const { address } = await serve(t, (request, response) => {
    asked += 1;
    if (asked % 2 === 0) return request.socket.destroy();
    response.writeHead(200, { 'content-length': 100 });
    response.write('half', () => request.socket.destroy());
  });
  const meter = prober.measure(address, '/', 'before');
  await readingWhen(meter, ({ failed }) => failed >= 4);
  const ledger = await meter.stop();
  assert.deepEqual(ledger.failures, { reset: ledger.sent });
});

test('a server that takes the request and says nothing times out, and stop waits for that', async (t) => {
  const silent = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    t.after(() => socket.destroy());
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.after(() => silent.close());
  const meter = prober.measure(`127.0.0.1:${(silent.address() as AddressInfo).port}`, '/', 'before');
  await sleep(300);
  assert.equal(meter.reading().sent, 0, 'what flies is not counted yet');
  const ledger = await meter.stop();
  assert.ok(ledger.sent >= 1);
  assert.deepEqual(ledger.failures, { timeout: ledger.sent });
});

test('an answer that never ends counts as answered once enough of it came', async (t) => {
  const { address } = await serve(t, (_, response) => {
    const pour = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      if (!response.destroyed) response.once('drain', pour);
    };
    pour();
  });
  const meter = prober.measure(address, '/', 'before');
  await readingWhen(meter, ({ sent }) => sent >= 3);
  const ledger = await meter.stop();
  assert.equal(ledger.failed, 0);
});

test('percentiles are within 5 % from microseconds to an hour', () => {
  const histogram = createHistogram();
  assert.equal(histogram.percentile(0.99), 0);
  for (let ms = 1; ms <= 1000; ms += 1) histogram.add(ms);
  for (const share of [0.01, 0.5, 0.9, 0.99, 1]) {
    const got = histogram.percentile(share);
    assert.ok(got >= share * 1000 * 0.999 && got <= share * 1000 * 1.051, `${share}: ${got}`);
  }
  histogram.add(0);
  histogram.add(1e9);
  assert.ok(histogram.percentile(0) <= 0.05);
  assert.ok(histogram.percentile(1) > 3_600_000);
});

test('what is sent in a phase is counted there, and in the whole', async (t) => {
  const { address } = await serve(t, (_, response) => response.end());
  const meter = prober.measure(address, '/', 'before');
  await readingWhen(meter, ({ phases }) => (phases?.before?.sent ?? 0) >= 2);
  meter.enter('during');
  await readingWhen(meter, ({ phases }) => (phases?.during?.sent ?? 0) >= 3);
  const ledger = await meter.stop();
  const { before, during, after } = ledger.phases ?? {};
  assert.equal(ledger.sent, (before?.sent ?? 0) + (during?.sent ?? 0));
  assert.equal(after, undefined);
  assert.ok((during?.p99Ms ?? 0) > 0 && (during?.longestGapMs ?? 0) > 0);
});
