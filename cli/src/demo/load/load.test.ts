import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Load, startLoad } from './load.ts';
import { createGauge } from './reading.ts';

async function serve(listener: RequestListener): Promise<{ server: Server; address: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function load(address: string): Load {
  return startLoad({ address, paths: ['/', '/b'], keptPerSecond: 80, newPerSecond: 20, connections: 4 });
}

/** Waits until so many requests were answered or failed, however slow the machine is. */
async function untilSent(running: Load, number: number): Promise<void> {
  for (let sent = 0; sent < number; sent += (await running.mark()).sent) await wait(50);
}

test('an address that always answers has no failed request, over kept and over new connections', async () => {
  const seen = { connections: 0, paths: new Set<string>() };
  const { server, address } = await serve((request, response) => {
    seen.paths.add(request.url ?? '');
    response.end('ok');
  });
  server.on('connection', () => (seen.connections += 1));
  const running = load(address);
  await untilSent(running, 60);
  const whole = await running.stop();
  server.close();
  assert.ok(whole.sent >= 60);
  assert.deepEqual([whole.failed, whole.failures], [0, {}]);
  assert.deepEqual([...seen.paths].toSorted(), ['/', '/b']);
  assert.ok(seen.connections > 5, `only ${seen.connections} connections were opened`);
  assert.deepEqual(await running.stop(), whole);
});

test('every kind of failure is counted as what it is', async () => {
  let turn = 0;
  const { server, address } = await serve((request, response) => {
    turn += 1;
    if (turn % 3 === 0) request.socket.destroy();
    else response.writeHead(turn % 3 === 1 ? 503 : 404).end();
  });
  const running = load(address);
  await untilSent(running, 30);
  const { sent, failed, failures } = await running.stop();
  server.close();
  assert.equal(failed, sent);
  assert.deepEqual(Object.keys(failures).toSorted(), ['reset', 'status-5xx', 'wrong']);
});

test('an address where nobody listens refuses every request', async () => {
  const { server, address } = await serve(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  const running = load(address);
  await untilSent(running, 5);
  const { sent, failures } = await running.stop();
  assert.deepEqual(failures, { refused: sent });
});

test('a gauge tells the longest gap and its percentiles within five per cent', () => {
  const gauge = createGauge(0);
  for (let number = 1; number <= 100; number += 1) gauge.succeeded(number, number * 10);
  gauge.succeeded(1, 1900);
  gauge.failed('reset');
  const { sent, failed, longestGapMs, p50Ms, p99Ms } = gauge.reading();
  assert.deepEqual([sent, failed, longestGapMs], [102, 1, 900]);
  assert.ok(p50Ms >= 47 && p50Ms <= 53, `${p50Ms}`);
  assert.ok(p99Ms >= 94 && p99Ms <= 105, `${p99Ms}`);
  assert.equal(createGauge(0).reading().p99Ms, 0);
});
