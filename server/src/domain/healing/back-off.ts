/**
 * How long an instance that crashed stays down before it is started again.
 *
 * The rule of Kubernetes (Pod Lifecycle, "Container restarts"): the first restart at once, then 10 s, 20 s, 40 s and so on to 300 s;
 * an instance that ran for 10 minutes starts from the beginning.
 */
const firstMs = 10_000;
const longestMs = 300_000;
const forgivenAfterMs = 600_000;

/** Milliseconds to wait after so many crashes in a row. */
export function backOffMs(crashes: number): number {
  if (crashes <= 1) return 0;
  return Math.min(firstMs * 2 ** Math.min(crashes - 2, 10), longestMs);
}

/** Whether it has run well for so long that earlier crashes do not count any more. */
export function isForgiven(runsSince: Temporal.Instant, now: Temporal.Instant): boolean {
  return now.epochMilliseconds - runsSince.epochMilliseconds >= forgivenAfterMs;
}
