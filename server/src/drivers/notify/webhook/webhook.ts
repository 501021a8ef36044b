/** Programs that listen: a CDEvent 0.5 (cdevents.dev) in a CloudEvent 1.0, signed. What has no CDEvent is a CloudEvent of our own type. */
import type { Change } from '../../../domain/changes/change.ts';
import { expectSuccess, type Post } from '../../../domain/deliveries/delivery.ts';
import { signatureHeaders } from '../../../domain/deliveries/signature.ts';
import type { Notice } from '../../../domain/notices/notice.ts';
import type { Channel } from '../notify.ts';

export type WebhookOptions = { readonly url: string; readonly secret: string; readonly post: Post; readonly now: () => Temporal.Instant };

export function createWebhook({ url, secret, post, now }: WebhookOptions): Channel {
  return {
    async send(notice) {
      const body = JSON.stringify(cloudEventOf(notice));
      const headers = signatureHeaders(secret, { id: notice.id, at: now(), body });
      const type = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
      expectSuccess('the webhook', await post({ method: 'POST', url, body, headers: { ...type, ...headers } }));
    },
  };
}

const source = '/beluga';

function cloudEventOf({ id, kind, changes }: Notice): object {
  const [change] = changes;
  const at = change?.closedAt ?? change?.times.implementing ?? change?.openedAt ?? '';
  const head = { specversion: '1.0', id, source, time: at, datacontenttype: 'application/json' };
  if (kind !== 'ended' || change === undefined)
    return { ...head, type: `beluga.change.${kind}`, subject: changes.map((one) => one.id).join(','), data: { changes } };
  const event = cdEventOf(id, at, change);
  return { ...head, type: event.context.type, subject: event.subject.id, data: event };
}

/** `service.deployed` for the first, `service.upgraded` for the next, `service.rolledback` for the way back. */
function cdEventOf(id: string, timestamp: string, { facts, id: change }: Change) {
  const predicate = facts.formerVersion === null ? 'deployed' : facts.purpose === 'rollback' ? 'rolledback' : 'upgraded';
  const { component, environment, image, version } = facts;
  const name = image.slice(image.lastIndexOf('/') + 1, image.indexOf('@'));
  const digest = encodeURIComponent(image.slice(image.indexOf('@') + 1));
  return {
    context: { specversion: '0.5.0', id, source, type: `dev.cdevents.service.${predicate}.0.3.0`, timestamp },
    subject: { id: component, source, content: { environment: { id: environment, source }, artifactId: `pkg:oci/${name}@${digest}` } },
    customData: { change, version, formerVersion: facts.formerVersion, system: facts.system },
    customDataContentType: 'application/json',
  };
}
