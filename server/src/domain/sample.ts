/**
 * What a component was seen to do and use between two looks: the router counts its requests and the engine its CPU time from the start on,
 * so what happened is what a count grew by.
 */
import type { Place } from './workload.ts';

/** One look at one place. */
export type Reading = {
  readonly atMs: number;
  readonly requests: number;
  readonly failed: number;
  /** Of the last requests, in milliseconds; null where the router does not say. */
  readonly latencyMs: number | null;
  readonly serving: number;
  /** CPU time since each instance started, in milliseconds. */
  readonly cpuMs: ReadonlyMap<string, number>;
  /** Null where the engine says nothing of any instance. */
  readonly memoryBytes: number | null;
};

export type Sample = {
  /** RFC 3339. */
  readonly at: string;
  readonly requestsPerSecond: number | null;
  readonly failedPerSecond: number | null;
  readonly latencyMs: number | null;
  /** Thousandths of a core. */
  readonly cpuMillis: number | null;
  readonly memoryBytes: number | null;
  readonly serving: number;
};
export type PlacedSample = Place & Sample;

/** What happened since the look before; a count that fell began anew, and says nothing this time. */
export function sampleOf(before: Reading, now: Reading, at: string): Sample {
  const seconds = (now.atMs - before.atMs) / 1000;
  const requestsPerSecond = growth(before.requests, now.requests, seconds);
  const busy = requestsPerSecond !== null && requestsPerSecond > 0;
  return {
    at,
    requestsPerSecond,
    failedPerSecond: growth(before.failed, now.failed, seconds),
    latencyMs: busy ? now.latencyMs : null,
    cpuMillis: cpuBetween(before.cpuMs, now.cpuMs, seconds),
    memoryBytes: now.memoryBytes,
    serving: now.serving,
  };
}

function growth(before: number, now: number, seconds: number): number | null {
  return seconds <= 0 || now < before ? null : (now - before) / seconds;
}

/** Of the instances that were there both times; milliseconds a second are thousandths of a core. */
function cpuBetween(before: Reading['cpuMs'], now: Reading['cpuMs'], seconds: number): number | null {
  const grown = [...now].flatMap(([instance, ms]) => {
    const grew = growth(before.get(instance) ?? Number.POSITIVE_INFINITY, ms, seconds);
    return grew === null ? [] : [grew];
  });
  return grown.length === 0 ? null : grown.reduce((sum, one) => sum + one, 0);
}
