/** What a load generator measured: counts and latencies in bounded memory, however long it runs. */

export type Reading = {
  readonly sent: number;
  readonly failed: number;
  /** By kind: `refused`, `reset`, `timeout`, `status-5xx`, `wrong`. */
  readonly failures: Readonly<Record<string, number>>;
  /** The longest time between two answers. */
  readonly longestGapMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
};

/** Latencies fall in buckets 5 % wide, from 0.1 ms up. */
const width = 1.05;
const smallestMs = 0.1;
const buckets = 300;

export type Gauge = {
  /** An answer that was right. */
  succeeded(latencyMs: number, nowMs: number): void;
  failed(kind: string): void;
  reading(): Reading;
};

/** A gauge that counts from `startedMs`; the first gap begins there. */
export function createGauge(startedMs: number): Gauge {
  const counts = new Uint32Array(buckets);
  const failures: Record<string, number> = {};
  let succeeded = 0;
  let failed = 0;
  let lastMs = startedMs;
  let longestGapMs = 0;
  return {
    succeeded: (latencyMs, nowMs) => {
      succeeded += 1;
      longestGapMs = Math.max(longestGapMs, nowMs - lastMs);
      lastMs = nowMs;
      const bucket = bucketOf(latencyMs);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    },
    failed: (kind) => {
      failed += 1;
      failures[kind] = (failures[kind] ?? 0) + 1;
    },
    reading: () => ({
      sent: succeeded + failed,
      failed,
      failures: { ...failures },
      longestGapMs: Math.round(longestGapMs),
      p50Ms: percentile(counts, succeeded, 0.5),
      p99Ms: percentile(counts, succeeded, 0.99),
    }),
  };
}

function bucketOf(latencyMs: number): number {
  const power = Math.ceil(Math.log(Math.max(latencyMs, smallestMs) / smallestMs) / Math.log(width));
  return Math.min(buckets - 1, power);
}

function percentile(counts: Uint32Array, total: number, share: number): number {
  let left = Math.ceil(total * share);
  if (left === 0) return 0;
  const found = counts.findIndex((count) => {
    left -= count;
    return left <= 0;
  });
  return Number((smallestMs * width ** found).toFixed(1));
}
