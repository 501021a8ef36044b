/** Signs what a webhook is sent: HMAC-SHA-256 over identifier, time and body, as Standard Webhooks describes it. */
import { createHmac } from 'node:crypto';

export type Signed = { readonly id: string; readonly at: Temporal.Instant; readonly body: string };

/** The headers of a signed request. The receiver computes the same and compares; an old time tells a repeated one. */
export function signatureHeaders(secret: string, { id, at, body }: Signed): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(at.epochMilliseconds / 1000));
  const signature = createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
}
