/**
 * A process that sends requests to one address at a steady rate, over kept connections and over new ones, until it is told to stop.
 *
 * It is a process of its own so that nothing else delays it. A request is sent when it is due whether the former ones were answered or
 * not, and none is sent twice: what a user would have seen as a failure counts as one. Only a machine too busy to answer is not pressed
 * further: while so many wait, what is due is left out.
 */
import { Agent, get } from 'node:http';
import { setPriority } from 'node:os';
import { createGauge, type Gauge } from './reading.ts';

/** What the parent says. */
export type Order =
  | { readonly kind: 'start'; readonly plan: Plan }
  | { readonly kind: 'mark'; readonly id: number }
  | { readonly kind: 'stop' };
export type Plan = {
  readonly address: string;
  readonly paths: readonly string[];
  readonly keptPerSecond: number;
  readonly newPerSecond: number;
  readonly connections: number;
};

const tickMs = 10;
const timeoutMs = 10_000;
const mostWaiting = 64;

let waiting = 0;
let next = 0;
let phase: Gauge = createGauge(performance.now());
let whole: Gauge = createGauge(performance.now());
let timer: NodeJS.Timeout | undefined;

process.on('message', (order: Order) => {
  if (order.kind === 'start') start(order.plan);
  if (order.kind === 'mark') mark(order.id);
  if (order.kind === 'stop') stop();
});
process.on('disconnect', () => process.exit(0));
preferThisProcess();

function start(plan: Plan): void {
  const kept = new Agent({ keepAlive: true, maxSockets: plan.connections, scheduling: 'fifo' });
  const startedMs = performance.now();
  phase = createGauge(startedMs);
  whole = createGauge(startedMs);
  const sent = { kept: 0, fresh: 0 };
  timer = setInterval(() => {
    const seconds = (performance.now() - startedMs) / 1000;
    for (; sent.kept < seconds * plan.keptPerSecond; sent.kept += 1) if (waiting < mostWaiting) send(plan, kept);
    for (; sent.fresh < seconds * plan.newPerSecond; sent.fresh += 1) if (waiting < mostWaiting) send(plan, false);
  }, tickMs);
}

function mark(id: number): void {
  process.send?.({ id, phase: phase.reading(), whole: whole.reading() });
  phase = createGauge(performance.now());
}

function stop(): void {
  clearInterval(timer);
  const drained = setInterval(() => {
    if (waiting > 0) return;
    clearInterval(drained);
    process.send?.({ id: 0, phase: phase.reading(), whole: whole.reading() }, () => process.disconnect?.());
  }, tickMs);
}

function send(plan: Plan, agent: Agent | false): void {
  const path = plan.paths[next++ % plan.paths.length] ?? '/';
  waiting += 1;
  const sentMs = performance.now();
  let ended = false;
  const end = (failure: string | null): void => {
    if (ended) return;
    ended = true;
    waiting -= 1;
    if (failure === null) succeed(performance.now() - sentMs);
    else fail(failure);
  };
  const request = get(plan.address + path, { agent, timeout: timeoutMs }, (response) => {
    const status = response.statusCode ?? 0;
    response.on('end', () => end(response.complete ? kindOfStatus(status) : 'reset'));
    response.on('error', () => end('reset'));
    response.resume();
  });
  request.on('timeout', () => {
    end('timeout');
    request.destroy();
  });
  request.on('error', (error: NodeJS.ErrnoException) => end(kindOfError(error)));
}

function succeed(latencyMs: number): void {
  const now = performance.now();
  phase.succeeded(latencyMs, now);
  whole.succeeded(latencyMs, now);
}

function fail(kind: string): void {
  phase.failed(kind);
  whole.failed(kind);
}

function kindOfStatus(status: number): string | null {
  if (status >= 500) return 'status-5xx';
  return status >= 200 && status < 400 ? null : 'wrong';
}

function kindOfError({ code }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'refused';
  return code === 'ETIMEDOUT' ? 'timeout' : 'reset';
}

function preferThisProcess(): void {
  try {
    setPriority(-5);
  } catch {
    // Only root may; the measure is then as busy as the machine.
  }
}
