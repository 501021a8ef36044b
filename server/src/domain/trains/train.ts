/**
 * A release train: a named set of releases with dates, that goes through the last two environments as one unit.
 *
 *   open ──▶ locked ──▶ rehearsing ──▶ rehearsed ──▶ departing ──▶ arrived ──▶ rolling-back ──▶ rolled-back
 *                         │  ▲             │              │                          │
 *                         ▼  └─────────────┘              ├──▶ rehearsed             ├──▶ stranded
 *                       locked (put back)                 │    (put back)            │
 *                                                         └──▶ stranded ─────────────┘ (tried again)
 *
 * Only an open train takes releases in and lets them out. A move that cannot be carried through puts back what had moved; `stranded`
 * says that this failed too: a person mends the cause and rolls back again.
 */
export type TrainState =
  | 'open'
  | 'locked'
  | 'rehearsing'
  | 'rehearsed'
  | 'departing'
  | 'arrived'
  | 'rolling-back'
  | 'rolled-back'
  | 'stranded'
  | 'cancelled';

export const transitions: Readonly<Record<TrainState, readonly TrainState[]>> = {
  open: ['locked', 'cancelled'],
  locked: ['open', 'rehearsing', 'cancelled'],
  rehearsing: ['rehearsed', 'locked', 'stranded'],
  rehearsed: ['open', 'rehearsing', 'departing', 'cancelled'],
  departing: ['arrived', 'rehearsed', 'stranded'],
  arrived: ['rolling-back'],
  'rolling-back': ['rolled-back', 'stranded'],
  'rolled-back': ['open', 'rehearsing', 'departing', 'cancelled'],
  stranded: ['rolling-back'],
  cancelled: [],
};

export type TripKind = 'rehearsal' | 'departure' | 'rollback';

/** What a train is while it moves, and what it is after. */
export const whileMoving: Readonly<Record<TripKind, TrainState>> = {
  rehearsal: 'rehearsing',
  departure: 'departing',
  rollback: 'rolling-back',
};
export const afterMoving: Readonly<Record<TripKind, Readonly<Record<TripEnd, TrainState>>>> = {
  rehearsal: { succeeded: 'rehearsed', 'rolled-back': 'locked', failed: 'stranded' },
  departure: { succeeded: 'arrived', 'rolled-back': 'rehearsed', failed: 'stranded' },
  // What is rolled back is never taken forward again by itself: one that could not be put back is tried until it is, or told.
  rollback: { succeeded: 'rolled-back', 'rolled-back': 'stranded', failed: 'stranded' },
};
export type TripEnd = 'succeeded' | 'rolled-back' | 'failed';

/** The states of a train that is still to come: an installation of today must not break it. */
export const comingStates: readonly TrainState[] = ['open', 'locked', 'rehearsing', 'rehearsed', 'departing', 'rolled-back'];

export type TrainDates = {
  /** RFC 3339. From then on releases get in. */
  readonly opensAt: string;
  /** From then on the set is what it is. */
  readonly locksAt: string;
  readonly rehearsalAt: string;
  readonly departsAt: string;
};

export type TrainMember = {
  readonly component: string;
  readonly version: string;
  readonly releaseDigest: string;
  readonly addedBy: string;
  readonly addedAt: string;
};

export type Train = TrainDates & {
  readonly name: string;
  readonly state: TrainState;
  /** Why it is in this state, where that needs saying. */
  readonly reason: string | null;
  readonly members: readonly TrainMember[];
  readonly createdBy: string;
  readonly createdAt: string;
};

/** The first date that does not come after the one before it; null when they are in order. */
export function disorderIn(dates: TrainDates): { readonly date: keyof TrainDates; readonly after: keyof TrainDates } | null {
  const order = ['opensAt', 'locksAt', 'rehearsalAt', 'departsAt'] as const;
  for (const [index, after] of order.slice(0, -1).entries()) {
    const date = order[index + 1] ?? after;
    if (Temporal.Instant.compare(dates[after], dates[date]) > 0) return { date, after };
  }
  return null;
}
