/** What freezes that are not recorded yet would hold up, and to when each of it moves: what waits, what is ready to come, and trains. */
import { appliesTo, type CalendarEntry, type Place } from '../domain/calendar/entry.ts';
import { type FirstStart, firstStartsIn, isMoved, type Shift } from '../domain/calendar/shift.ts';
import { stageBefore } from '../domain/platform.ts';
import { comingStates, type Train, type TripKind } from '../domain/trains/train.ts';
import type { OnTheWay } from '../store/calendar.ts';
import type { Context } from './context.ts';
import { readCalendar } from './gather-facts.ts';
import { placesOf } from './move-train.ts';

type HeldUp = Pick<OnTheWay, 'component' | 'version' | 'environment' | 'state' | 'deployment'> & Shift;
/** A move of a train that its calendar puts off. */
type HeldTrain = { readonly train: string; readonly kind: Exclude<TripKind, 'rollback'>; readonly environment: string } & Shift;
export type HoldUp = {
  /** What waits or could go on now. */
  readonly holdsUp: readonly HeldUp[];
  readonly trains: readonly HeldTrain[];
};

export const nothingHeldUp: HoldUp = { holdsUp: [], trains: [] };

type Clocks = { readonly before: FirstStart; readonly after: FirstStart; readonly now: Temporal.Instant };

/** `replaced` names the recorded entries in whose place the freezes would be. */
export async function heldUpBy(context: Context, freezes: readonly CalendarEntry[], replaced: readonly string[]): Promise<HoldUp> {
  const calendar = await readCalendar(context);
  const kept = calendar.entries.filter(({ id }) => !replaced.includes(id));
  const after = firstStartsIn({ ...calendar, entries: [...kept, ...freezes] });
  const clocks = { before: firstStartsIn(calendar), after, now: context.now() };
  const environments = [...new Set(freezes.flatMap((freeze) => freeze.environments))];
  const onTheWay = await Promise.all(environments.map((environment) => onTheWayTo(context, environment)));
  return { holdsUp: heldUp(clocks, onTheWay.flat(), freezes), trains: await heldTrains(context, clocks) };
}

function onTheWayTo(context: Context, environment: string): Promise<readonly OnTheWay[]> {
  const before = stageBefore(context.platform.environments, environment);
  return context.store.calendar.onTheWay(environment, before?.name ?? null);
}

function heldUp(clocks: Clocks, onTheWay: readonly OnTheWay[], freezes: readonly CalendarEntry[]): readonly HeldUp[] {
  return onTheWay.flatMap(({ system, criticality, notBefore, ...held }) => {
    const place = { environment: held.environment, system, criticality };
    if (!freezes.some((freeze) => appliesTo(freeze, place))) return [];
    return [{ ...held, ...shiftOf(clocks, [place], notBefore) }];
  });
}

function shiftOf({ before, after, now }: Clocks, places: readonly Place[], notBefore: string | null): Shift {
  const at = notBefore === null || Temporal.Instant.compare(notBefore, now) < 0 ? now : Temporal.Instant.from(notBefore);
  return { startsAt: before(places, at), movesTo: after(places, at) };
}

/** Whatever a train has still before it, on its date. */
async function heldTrains(context: Context, clocks: Clocks): Promise<readonly HeldTrain[]> {
  const trains = await context.store.trains.list({ states: comingStates });
  const components = [...new Set(trains.flatMap(({ members }) => members.map(({ component }) => component)))];
  const scopes = await context.store.calendar.scopesOf(components);
  const environments = placesOf(context);
  return trains.flatMap((train) =>
    movesOf(train).flatMap((kind): readonly HeldTrain[] => {
      const environment = environments[kind];
      const own = scopes.filter(({ component }) => train.members.some((member) => member.component === component));
      const places = own.map(({ system, criticality }) => ({ environment, system, criticality }));
      const shift = shiftOf(clocks, places, kind === 'rehearsal' ? train.rehearsalAt : train.departsAt);
      return isMoved(shift) ? [{ train: train.name, kind, environment, ...shift }] : [];
    }),
  );
}

function movesOf({ state }: Train): readonly HeldTrain['kind'][] {
  return state === 'open' || state === 'locked' ? ['rehearsal', 'departure'] : ['departure'];
}
