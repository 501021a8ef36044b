/**
 * The prober: 20 requests a second to one address, over a kept connection and a new one in turn, every failure counted.
 *
 * An answer below 500 counts as answered, redirects are not followed, and nothing is sent twice: what a client without retries would
 * have seen. It never throws; an address that cannot be asked counts as refused.
 */
import { Agent, request } from 'node:http';
import type { Ledger, Measured, Phase } from '../../../domain/ledger.ts';
import type { Meter, Telemetry } from '../telemetry.ts';
import { createHistogram } from './histogram.ts';

export type FailureKind = 'refused' | 'reset' | 'timeout' | 'status-5xx';

const everyMs = 50;
const timeoutMs = 2_000;
/** An answer that goes on for longer is cut off here and counts as answered. */
const enoughBytes = 256 * 1024;

export function createProber(): Telemetry {
  return { measure: (address, path, phase) => new Probe(address, path, phase) };
}

class Probe implements Meter {
  readonly #url: URL | null;
  readonly #kept = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #whole = new Tally();
  readonly #phases = new Map<Phase, Tally>();
  readonly #flying = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #phase: Phase;
  #sent = 0;

  constructor(address: string, path: string, phase: Phase) {
    const base = address.includes('://') ? address : `http://${address}`;
    this.#url = URL.canParse(path, base) ? new URL(path, base) : null;
    this.#phase = phase;
    this.#timer = setInterval(() => this.#tick(), everyMs).unref();
  }

  enter(phase: Phase): void {
    this.#phase = phase;
  }

  reading(): Ledger {
    const phases = [...this.#phases].map(([phase, tally]) => [phase, tally.measured()] as const);
    return { ...this.#whole.measured(), phases: Object.fromEntries(phases) };
  }

  async stop(): Promise<Ledger> {
    clearInterval(this.#timer);
    await Promise.all(this.#flying);
    this.#kept.destroy();
    return this.reading();
  }

  #tick(): void {
    const flight: Promise<void> = this.#send(this.#sent % 2 === 0 ? this.#kept : false).finally(() => this.#flying.delete(flight));
    this.#flying.add(flight);
    this.#sent += 1;
  }

  async #send(agent: Agent | false): Promise<void> {
    const tallies = [this.#whole, this.#tally(this.#phase)];
    const begun = performance.now();
    for (const tally of tallies) tally.begin(begun);
    const failure = this.#url === null ? 'refused' : await ask(this.#url, agent);
    for (const tally of tallies) tally.end(failure, performance.now(), begun);
  }

  #tally(phase: Phase): Tally {
    const tally = this.#phases.get(phase) ?? new Tally();
    this.#phases.set(phase, tally);
    return tally;
  }
}

/** Counts what has an answer or has failed; a gap that still lasts is part of the longest one. */
class Tally {
  readonly #latencies = createHistogram();
  readonly #failures = new Map<FailureKind, number>();
  #ended = 0;
  #lastSent = performance.now();
  #lastAnswer = performance.now();
  #longestGapMs = 0;

  begin(at: number): void {
    this.#lastSent = at;
  }

  end(failure: FailureKind | null, now: number, begun: number): void {
    this.#ended += 1;
    if (failure !== null) {
      this.#failures.set(failure, (this.#failures.get(failure) ?? 0) + 1);
      return;
    }
    this.#latencies.add(now - begun);
    this.#longestGapMs = Math.max(this.#longestGapMs, now - this.#lastAnswer);
    this.#lastAnswer = now;
  }

  measured(): Measured {
    return {
      sent: this.#ended,
      failed: [...this.#failures.values()].reduce((sum, count) => sum + count, 0),
      failures: Object.fromEntries(this.#failures),
      longestGapMs: Math.round(Math.max(this.#longestGapMs, this.#lastSent - this.#lastAnswer)),
      p50Ms: this.#latencies.percentile(0.5),
      p99Ms: this.#latencies.percentile(0.99),
    };
  }
}

/** Null when it was answered to the end, else the kind of failure. */
function ask(url: URL, agent: Agent | false): Promise<FailureKind | null> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const fail = (error?: NodeJS.ErrnoException) => resolve(signal.aborted ? 'timeout' : kindOf(error));
    try {
      const call = request(url, { agent, headers: { 'user-agent': 'beluga-prober' }, signal }, (response) => {
        const verdict = (response.statusCode ?? 500) >= 500 ? 'status-5xx' : null;
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes < enoughBytes) return;
          resolve(verdict);
          call.destroy();
        });
        response.once('end', () => resolve(verdict));
        response.once('error', fail);
      });
      call.once('error', fail);
      call.once('close', fail);
      call.end();
    } catch {
      resolve('refused');
    }
  });
}

const unreached = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'];

function kindOf(error?: NodeJS.ErrnoException): FailureKind {
  return unreached.includes(error?.code ?? '') ? 'refused' : 'reset';
}
