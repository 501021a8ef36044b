/** Until when something holds that may not hold for ever. */
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';

/** RFC 3339; throws `expiry-out-of-range` for what has passed or is too far away. */
export function expiryOf(now: Temporal.Instant, wished: string | undefined, usualHours: number, mostHours: number): string {
  const latest = now.add({ hours: mostHours });
  const expiry = wished === undefined ? now.add({ hours: usualHours }) : Temporal.Instant.from(wished);
  if (Temporal.Instant.compare(expiry, now) <= 0 || Temporal.Instant.compare(expiry, latest) > 0) {
    throw new BelugaError('expiry-out-of-range', { expiresAt: stamp(expiry), latest: stamp(latest) });
  }
  return stamp(expiry);
}
