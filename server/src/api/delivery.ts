import type { DeliveryView } from '@beluga/contract';
import { replayDelivery } from '../actions/replay-delivery.ts';
import type { Delivery } from '../domain/deliveries/delivery.ts';
import type { Router } from './route.ts';

export function deliveryRoutes(route: Router): void {
  route.serve('listDeliveries', {
    act: ({ context, input }) => context.store.deliveries.list({ ...input, limit: input.limit ?? 50 }),
    present: (deliveries) => ({ items: deliveries.map(presentDelivery) }),
  });
  route.serve('replayDelivery', {
    act: ({ context, who, input }) => replayDelivery(context, who, input.id),
    present: presentDelivery,
  });
}

function presentDelivery({ body, key: _key, revision: _revision, since: _since, ...delivery }: Delivery): DeliveryView {
  return { ...delivery, kind: body.kind, changes: [...body.changes] };
}
