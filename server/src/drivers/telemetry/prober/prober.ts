/**
 * The prober: 20 requests a second to one address, over a kept connection and a new one in turn, every failure counted.
 *
 * An answer below 500 counts as answered; a failure is named by what broke: `refused`, `reset`, `timeout`, `status-5xx`.
 */
import { Agent, request } from 'node:http';
import type { Ledger } from '../../../domain/deployment.ts';
import type { Meter, Telemetry } from '../telemetry.ts';
import { createHistogram } from './histogram.ts';

const everyMs = 50;
const timeoutMs = 2_000;

export function createProber(): Telemetry {
  return { measure };
}

function measure(address: string, path: string): Meter {
  const url = new URL(path, address);
  const kept = new Agent({ keepAlive: true, maxSockets: 8 });
  const latencies = createHistogram();
  const failures: Record<string, number> = {};
  const flying = new Set<Promise<void>>();
  let sent = 0;
  let failed = 0;
  let lastAnswer = performance.now();
  let longestGapMs = 0;

  const send = async (agent: Agent | false): Promise<void> => {
    sent += 1;
    const begun = performance.now();
    const failure = await ask(url, agent);
    const now = performance.now();
    if (failure !== null) {
      failed += 1;
      failures[failure] = (failures[failure] ?? 0) + 1;
      return;
    }
    latencies.add(now - begun);
    longestGapMs = Math.max(longestGapMs, now - lastAnswer);
    lastAnswer = now;
  };
  const timer = setInterval(() => {
    const flight = send(sent % 2 === 0 ? kept : false).finally(() => flying.delete(flight));
    flying.add(flight);
  }, everyMs);
  const reading = (): Ledger => ({
    ...{ sent: sent - flying.size, failed, failures: { ...failures } },
    longestGapMs: Math.round(longestGapMs),
    p50Ms: latencies.percentile(0.5),
    p99Ms: latencies.percentile(0.99),
  });
  return {
    reading,
    async stop() {
      clearInterval(timer);
      await Promise.all(flying);
      kept.destroy();
      return reading();
    },
  };
}

/** Null when it was answered, else the kind of failure. */
function ask(url: URL, agent: Agent | false): Promise<string | null> {
  return new Promise((resolve) => {
    const call = request(url, { agent, headers: { 'user-agent': 'beluga-prober' }, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      response.resume();
      response.once('end', () => resolve((response.statusCode ?? 500) >= 500 ? 'status-5xx' : null));
      response.once('error', () => resolve('reset'));
    });
    call.once('error', (error: NodeJS.ErrnoException) => resolve(kindOf(error)));
    call.end();
  });
}

function kindOf(error: NodeJS.ErrnoException): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout';
  return error.code === 'ECONNREFUSED' ? 'refused' : 'reset';
}
