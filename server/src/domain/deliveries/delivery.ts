/**
 * A delivery: something that another system is told, again and again until it has it.
 *
 *   waiting ──▶ sent
 *      │ └────▶ waiting (it did not answer: later again)
 *      └──────▶ dead (it refused, or a day went by; seen and sent again by a person)
 *
 * Its target and key make it one: telling it twice is telling the newer state of the same thing.
 */
import { BelugaError } from '../../errors.ts';

export type DeliveryState = 'waiting' | 'sent' | 'dead';

export type Delivery = {
  readonly id: string;
  /** `itsm`, or the name of a channel. */
  readonly target: string;
  readonly key: string;
  readonly body: DeliveryBody;
  readonly revision: number;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAt: string;
  /** What the other side calls it; null until it said so. */
  readonly reference: string | null;
  readonly problem: string | null;
  readonly createdAt: string;
  /** Since when it is tried. */
  readonly since: string;
  readonly sentAt: string | null;
};

/** What it is about; what it says is read when it is sent, so that it says the newest. */
export type DeliveryBody = { readonly kind: 'change' | 'started' | 'ended' | 'failed'; readonly changes: readonly string[] };

const firstMs = 1_000;
const mostMs = 300_000;
const giveUpMs = 24 * 3_600_000;

/** When to try again after so many attempts, or null: given up. Spread by `spread` (0 to 1), so that many do not come back at once. */
export function nextAttempt(attempts: number, spread: number, since: Temporal.Instant, now: Temporal.Instant): Temporal.Instant | null {
  if (now.epochMilliseconds - since.epochMilliseconds >= giveUpMs) return null;
  const pauseMs = Math.min(mostMs, firstMs * 2 ** Math.min(attempts - 1, 20));
  return now.add({ milliseconds: Math.round(pauseMs * (0.5 + spread / 2)) });
}

/** How drivers reach others over HTTP; main.ts hands it in. Rejects when nobody answers in time. */
export type Post = (request: {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}) => Promise<Answer>;
export type Answer = { readonly status: number; readonly text: string };

/** Throws `delivery-refused` for what will be refused again, `delivery-failed` for what may pass. Addresses may hold secrets: none is repeated. */
export function expectSuccess(target: string, { status, text }: Answer): void {
  if (status >= 200 && status < 300) return;
  const said = text.replace(/\s+/g, ' ').slice(0, 200);
  const problem = `it answered ${status}${said === '' ? '' : `: ${said}`}`;
  throw new BelugaError(passing.has(status) || status >= 500 ? 'delivery-failed' : 'delivery-refused', { target, problem });
}

/** Too many, too early, being changed by another; and what people mend without a new delivery: credentials. */
const passing = new Set([401, 403, 408, 409, 423, 425, 429]);
