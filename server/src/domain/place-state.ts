/** How a place stands, from what was last seen of it: one word, the same in the estate, on a component's page and in a test. */
import type { ComponentKind } from './release.ts';

export type PlaceState = 'serving' | 'degraded' | 'down' | 'scheduled' | 'deploying' | 'unknown';

export type Seen = {
  readonly kind: ComponentKind;
  readonly moving: boolean;
  /** Null where nobody has looked yet. */
  readonly ready: number | null;
  readonly wanted: number | null;
};

export function placeState({ kind, moving, ready, wanted }: Seen): PlaceState {
  if (moving) return 'deploying';
  if (kind === 'Job') return 'scheduled';
  if (ready === null || wanted === null) return 'unknown';
  if (ready >= wanted) return 'serving';
  return ready === 0 ? 'down' : 'degraded';
}
