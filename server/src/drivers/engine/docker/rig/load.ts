/** Constant load on one address over kept connections and new ones, every failure counted by kind. */
import { Agent, request } from 'node:http';

export type LoadOptions = {
  readonly url: string;
  /** Requests a second over kept connections. */
  readonly kept: number;
  /** Requests a second, each on a connection of its own. */
  readonly fresh: number;
  /** Connections that are kept. */
  readonly connections?: number;
  readonly method?: string;
};
export type LoadReport = {
  readonly sent: number;
  readonly failed: number;
  readonly failures: Readonly<Record<string, number>>;
  /** Answers by body, so that it shows which versions served. */
  readonly answers: Readonly<Record<string, number>>;
  readonly longestGapMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
};
export type Load = { stop(): Promise<LoadReport> };

const tickMs = 10;
const timeoutMs = 10_000;

/** Ends with `stop`, or with the process: a test that failed on the way leaves no load behind. */
export function startLoad(options: LoadOptions): Load {
  const kept = new Agent({ keepAlive: true, maxSockets: options.connections ?? 32, scheduling: 'fifo' });
  const tally = new Tally();
  const flying = new Set<Promise<void>>();
  const began = performance.now();
  const sent = { kept: 0, fresh: 0 };
  const fire = (agent: Agent | false) => {
    const flight = send(options, agent, tally).finally(() => flying.delete(flight));
    flying.add(flight);
  };
  const timer = setInterval(() => {
    const seconds = (performance.now() - began) / 1000;
    for (; sent.kept < seconds * options.kept; sent.kept += 1) fire(kept);
    for (; sent.fresh < seconds * options.fresh; sent.fresh += 1) fire(false);
  }, tickMs).unref();
  const stop = async () => {
    clearInterval(timer);
    await Promise.all(flying);
    kept.destroy();
    return tally.report();
  };
  return { stop };
}

function send(options: LoadOptions, agent: Agent | false, tally: Tally): Promise<void> {
  const began = performance.now();
  return new Promise((resolve) => {
    const end = (outcome: string, body = '') => {
      tally.add(outcome, body, performance.now() - began);
      resolve();
    };
    const signal = AbortSignal.timeout(timeoutMs);
    const asked = request(options.url, { agent, signal, method: options.method ?? 'GET' }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () => end((answer.statusCode ?? 500) >= 500 ? `status-${answer.statusCode}` : 'answered', body));
      answer.on('error', (cause) => end(kindOf(cause)));
    });
    asked.on('error', (cause) => end(signal.aborted ? 'timeout' : kindOf(cause)));
    asked.end();
  });
}

function kindOf(cause: Error): string {
  return 'code' in cause ? String(cause.code) : cause.message;
}

class Tally {
  readonly #failures: Record<string, number> = {};
  readonly #answers: Record<string, number> = {};
  readonly #latencies: number[] = [];
  #last = performance.now();
  #gap = 0;
  #failed = 0;

  add(outcome: string, body: string, tookMs: number): void {
    if (outcome !== 'answered') {
      this.#failed += 1;
      this.#failures[outcome] = (this.#failures[outcome] ?? 0) + 1;
      return;
    }
    const now = performance.now();
    this.#gap = Math.max(this.#gap, now - this.#last);
    this.#last = now;
    this.#latencies.push(tookMs);
    if (body.length < 20) this.#answers[body] = (this.#answers[body] ?? 0) + 1;
  }

  report(): LoadReport {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const at = (share: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
    return {
      sent: sorted.length + this.#failed,
      failed: this.#failed,
      failures: { ...this.#failures },
      answers: { ...this.#answers },
      longestGapMs: round(this.#gap),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      worstMs: at(1),
    };
  }
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
