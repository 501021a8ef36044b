/** Sends once more what was given up, or what somebody lost. */
import type { Delivery } from '../domain/deliveries/delivery.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';

export async function replayDelivery(context: Context, who: string, id: string): Promise<Delivery> {
  const { state } = await findDelivery(context, id);
  if (state === 'waiting') throw new BelugaError('not-replayable', { id, state });
  await context.store.deliveries.replay(id, who, stamp(context.now()));
  return findDelivery(context, id);
}

async function findDelivery(context: Context, id: string): Promise<Delivery> {
  const delivery = await context.store.deliveries.find(id);
  if (delivery === null) throw new BelugaError('unknown-delivery', { id });
  return delivery;
}
