/** A service management tool of any kind behind a signed webhook: it is sent the whole change at each of its states. */
import { expectSuccess, type Post } from '../../../domain/deliveries/delivery.ts';
import { signatureHeaders } from '../../../domain/deliveries/signature.ts';
import type { Itsm } from '../itsm.ts';

export type ItsmWebhookOptions = {
  readonly url: string;
  readonly secret: string;
  readonly post: Post;
  readonly now: () => Temporal.Instant;
};

/** `webhook-id` is the change and its state: a receiver that saw it needs to do nothing. */
export function createItsmWebhook({ url, secret, post, now }: ItsmWebhookOptions): Itsm {
  return {
    async put(change, reference) {
      const body = JSON.stringify({ type: 'change', change });
      const headers = signatureHeaders(secret, { id: `${change.id}.${change.state}`, at: now(), body });
      const answer = await post({ method: 'POST', url, body, headers: { 'content-type': 'application/json', ...headers } });
      expectSuccess('the ITSM webhook', answer);
      return referenceIn(answer.text) ?? reference;
    },
  };
}

/** A receiver may answer with `{ "reference": "CHG0030001" }`. */
function referenceIn(text: string): string | null {
  try {
    const { reference } = JSON.parse(text) as { readonly reference?: unknown };
    return typeof reference === 'string' ? reference.slice(0, 200) : null;
  } catch {
    return null;
  }
}
