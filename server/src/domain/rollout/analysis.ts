/**
 * Whether a canary is as good as the former version, from what the router saw of both in the same time.
 *
 * Too few requests prove nothing: they are never taken for success.
 */
import type { Analysis } from '../release.ts';

/** What was seen of one side. A request that failed here and was answered by the other side counts as failed. */
export type Seen = { readonly requests: number; readonly failed: number; readonly p99Ms: number };
export type Judgement = { readonly verdict: 'as-good' | 'worse' | 'not-proven'; readonly reason: string };

/** So many failures are no accident, however few requests there were. */
const plainFailures = 3;
/** Differences below this are the machine's, not the release's. */
const slackMs = 10;

export function judge(canary: Seen, former: Seen, rules: Analysis): Judgement {
  const enough = canary.requests >= rules.requests;
  if ((enough || canary.failed >= plainFailures) && percent(canary) > percent(former) + rules.errorPercent)
    return { verdict: 'worse', reason: `${told(canary)} failed, ${told(former)} of the former version` };
  if (!enough) return { verdict: 'not-proven', reason: `it got ${canary.requests} requests, ${rules.requests} are needed` };
  if (former.requests > 0 && canary.p99Ms > former.p99Ms * rules.latencyFactor + slackMs)
    return {
      verdict: 'worse',
      reason: `99 % answered within ${round(canary.p99Ms)} ms, the former version within ${round(former.p99Ms)} ms`,
    };
  return { verdict: 'as-good', reason: `${told(canary)} failed, 99 % answered within ${round(canary.p99Ms)} ms` };
}

function percent({ requests, failed }: Seen): number {
  return requests === 0 ? 0 : (failed / requests) * 100;
}

function told({ requests, failed }: Seen): string {
  return `${failed} of ${requests} requests`;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
