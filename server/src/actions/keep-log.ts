/** Keeps what an instance has written and was not kept yet; safe to repeat, at any time, side by side. */
import type { Place } from '../domain/workload.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';

export async function keepLog({ engine, logs }: Pick<Context, 'engine' | 'logs'>, place: Place, instance: string): Promise<void> {
  const intake = await logs.intake(place, instance);
  try {
    for await (const line of engine.logs(instance, intake.since === null ? {} : { since: intake.since })) intake.take(line);
  } catch (error) {
    if (!(error instanceof BelugaError && error.code === 'unknown-instance')) throw error;
  } finally {
    await logs.settle(place);
  }
}
