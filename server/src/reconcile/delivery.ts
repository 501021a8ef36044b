/** From what happened to what others know: deliveries are derived from the log and brought to their targets, again until they arrive. */
import type { Context } from '../actions/context.ts';
import type { Change } from '../domain/changes/change.ts';
import { type Delivery, nextAttempt } from '../domain/deliveries/delivery.ts';
import { deliveriesOf, type Target } from '../domain/deliveries/derive.ts';
import { noticeOf } from '../domain/notices/notice.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { DeliveryOutcome } from '../store/delivery.ts';

const width = 8;
const leaseMs = 120_000;

/** Derives what is new and brings what is due; gives how many it brought. */
export async function deliverDue(context: Context): Promise<number> {
  const targets = targetsOf(context);
  if (targets.length === 0) return 0;
  const newId = (): string => context.newId('dlv');
  while (await context.store.deliveries.relay((event) => deliveriesOf(event, targets), newId, context.now()));
  const due = await context.store.deliveries.take(width, leaseMs, context.now());
  await Promise.all(due.map((delivery) => bring(context, delivery)));
  return due.length;
}

function targetsOf({ outlets }: Context): readonly Target[] {
  const channels = outlets.channels.map(({ name, systems }): Target => ({ name, kind: 'channel', systems }));
  return outlets.itsm === null ? channels : [{ name: 'itsm', kind: 'itsm', systems: null }, ...channels];
}

async function bring(context: Context, delivery: Delivery): Promise<void> {
  const outcome = await attempt(context, delivery).catch((error: unknown) => outcomeOf(context, delivery, error));
  await context.store.deliveries.end(delivery, outcome, stamp(context.now()));
  if (outcome.state === 'dead')
    context.log.warn(
      { delivery: delivery.id, target: delivery.target, problem: outcome.problem },
      'a delivery is given up until somebody sends it again',
    );
}

async function attempt(context: Context, delivery: Delivery): Promise<DeliveryOutcome> {
  const { body, target } = delivery;
  const changes = (await Promise.all(body.changes.map((id) => context.store.changes.find(id)))).filter((change) => change !== null);
  if (body.kind === 'change') return { state: 'sent', reference: await record(context, changes, delivery.reference) };
  const channel = context.outlets.channels.find(({ name }) => name === target);
  if (channel === undefined) throw new BelugaError('delivery-refused', { target, problem: 'platform.yaml names no such channel' });
  await channel.channel.send(noticeOf(`${target}.${delivery.key}.${delivery.revision}`, body.kind, changes, channel.language));
  return { state: 'sent', reference: null };
}

async function record({ outlets }: Context, [change]: readonly Change[], reference: string | null): Promise<string | null> {
  if (outlets.itsm === null || change === undefined)
    throw new BelugaError('delivery-refused', { target: 'itsm', problem: 'platform.yaml names no ITSM tool' });
  return outlets.itsm.put(change, reference);
}

/** What was not foreseen may pass, too: the other side is not ours. */
function outcomeOf(context: Context, delivery: Delivery, error: unknown): DeliveryOutcome {
  const problem = error instanceof BelugaError ? error.message : 'something broke while it was sent; the server log has it';
  if (!(error instanceof BelugaError)) context.log.error({ error: String(error), delivery: delivery.id }, 'a delivery broke');
  if (error instanceof BelugaError && !error.retry) return { state: 'dead', problem };
  const spread = Number.parseInt(context.hash(`${delivery.id} ${delivery.attempts}`).slice(-4), 16) / 0xffff;
  const next = nextAttempt(delivery.attempts + 1, spread, Temporal.Instant.from(delivery.since), context.now());
  return next === null
    ? { state: 'dead', problem: `${problem} It was tried for a day.` }
    : { state: 'waiting', problem, nextAt: stamp(next) };
}

/** Where nobody is told, what happened meanwhile is not kept for whoever will be. */
export async function forgetWithoutTargets(context: Context): Promise<void> {
  if (targetsOf(context).length === 0) await context.store.deliveries.forget();
}
