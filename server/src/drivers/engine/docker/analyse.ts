/** Judging a canary by what the router tells of each request, its own and those of the former version. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { judge, type Seen } from '../../../domain/rollout/analysis.ts';
import type { Step } from '../../../domain/rollout/step.ts';
import { BelugaError } from '../../../errors.ts';
import { ring } from './router/configuration.ts';

const everyMs = 200;

/**
 * Watches until the canary is proven: `forMs` at least, and until it got enough requests, at most the analysis' time. Gives the reason.
 * Throws `canary-worse` as soon as that shows, `canary-unproven` when the time is over.
 */
export async function analyse(socket: string, pool: string, step: Step & { kind: 'analyse' }, signal: AbortSignal): Promise<string> {
  const began = performance.now();
  const limitMs = Math.max(step.forMs, step.analysis.withinMs);
  const watch = new Watch(socket, pool);
  try {
    for (;;) {
      await sleep(everyMs, undefined, { signal });
      const passed = performance.now() - began;
      const { verdict, reason } = judge(watch.canary.seen(), watch.former.seen(), step.analysis);
      if (verdict === 'worse' && (passed >= step.forMs || reason.includes('failed'))) throw new BelugaError('canary-worse', { reason });
      if (verdict === 'as-good' && passed >= step.forMs) return reason;
      if (passed >= limitMs) throw new BelugaError('canary-unproven', { seconds: Math.round(limitMs / 1000), reason });
    }
  } finally {
    watch.close();
  }
}

/** Follows the router's lines about one pool; connects again when the router was started anew. */
class Watch {
  readonly canary = new Side();
  readonly former = new Side();
  readonly #path: string;
  readonly #pool: string;
  #socket: Socket | null = null;
  #closed = false;

  constructor(path: string, pool: string) {
    this.#path = path;
    this.#pool = pool;
    this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#socket?.destroy();
  }

  #open(): void {
    if (this.#closed) return;
    let rest = '';
    const socket = connect(this.#path);
    this.#socket = socket;
    socket.on('connect', () => socket.write(`show events ${ring} -w -n\n`));
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#add(line);
    });
    socket.on('error', () => {});
    socket.on('close', () => setTimeout(() => this.#open(), everyMs).unref());
  }

  #add(line: string): void {
    const request = parseTrial(line);
    if (request?.pool === this.#pool) (request.canary ? this.canary : this.former).add(request);
  }
}

type Request = { readonly pool: string; readonly canary: boolean; readonly failed: boolean; readonly ms: number };

/**
 * A line of the router's about one request: pool, backend, server, status, ms to its answer, retries, how it ended. Null for what is none, and
 * for one that its client gave up. What a canary did not answer was tried again elsewhere, or went elsewhere at once since it is down.
 */
export function parseTrial(line: string): Request | null {
  const [pool, backend, server, status, ms, retries, end] = line.trim().split(' ');
  if (pool === undefined || backend === undefined || end === undefined || end.startsWith('C')) return null;
  const canary = backend !== pool;
  const retried = canary && (server === 'former' || Number(retries?.replace('+', '')) > 0);
  const failed = retried || Number(status) >= 500 || end.startsWith('S');
  return { pool, canary, failed, ms: Number(ms) };
}

/** At most so many latencies are kept: the latest. */
const kept = 4_096;

class Side {
  readonly #latencies: number[] = [];
  #requests = 0;
  #failed = 0;

  add({ failed, ms }: Request): void {
    if (!failed) this.#latencies[(this.#requests - this.#failed) % kept] = ms;
    this.#requests += 1;
    if (failed) this.#failed += 1;
  }

  seen(): Seen {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const p99Ms = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0;
    return { requests: this.#requests, failed: this.#failed, p99Ms };
  }
}
