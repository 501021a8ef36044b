/** Requests with the built-in fetch: one address, no redirect followed (a signed body goes nowhere else), ten seconds at most. */
import { BelugaError } from '../../../errors.ts';
import type { Http } from '../http.ts';

const patienceMs = 10_000;
const mostChars = 1_000_000;

/** Throws `delivery-failed` when nobody answers. The address is not repeated: that of a webhook is a secret. */
export function createPost(timeoutMs: number = patienceMs): Http {
  return async ({ method, url, headers = {}, body }) => {
    try {
      const init = {
        method,
        headers,
        redirect: 'manual' as const,
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body }),
      };
      const response = await fetch(url, init);
      return { status: response.status, text: (await response.text()).slice(0, mostChars) };
    } catch (error) {
      throw new BelugaError('delivery-failed', { target: 'the other side', problem: problemOf(error) });
    }
  };
}

function problemOf(error: unknown): string {
  const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: string } };
  if (name === 'TimeoutError') return 'it did not answer in time';
  return `it cannot be reached (${cause?.code ?? name ?? 'unknown'})`;
}
