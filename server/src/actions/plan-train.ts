/** Makes trains, lets releases on and off, closes the doors; the moves are in `move-train.ts`. */

import { onTheClock, stamp } from '../domain/stamp.ts';
import { faultsOf } from '../domain/trains/prognosis.ts';
import { disorderIn, type Train, type TrainDates, type TrainState } from '../domain/trains/train.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findRelease } from './find-release.ts';
import { departureOf } from './gather-neighbours.ts';

export async function createTrain(context: Context, who: string, wish: TrainDates & { readonly name: string }): Promise<Train> {
  const { name, opensAt, locksAt, rehearsalAt, departsAt } = wish;
  const disorder = disorderIn(wish);
  if (disorder !== null) throw new BelugaError('train-dates', { date: disorder.date, after: disorder.after });
  const created = await context.store.trains.create(name, { opensAt, locksAt, rehearsalAt, departsAt }, who, stamp(context.now()));
  if (!created) throw new BelugaError('train-exists', { train: name });
  return findTrain(context, name);
}

export async function findTrain(context: Context, name: string): Promise<Train> {
  const train = await context.store.trains.find(name);
  if (train !== null) return train;
  const known = (await context.store.trains.list()).map((one) => one.name);
  throw new BelugaError('unknown-train', { train: name, known: known.length === 0 ? 'none yet' : known.join(', ') });
}

export async function boardTrain(
  context: Context,
  who: string,
  wish: { readonly train: string; readonly component: string; readonly version: string },
): Promise<Train> {
  const train = await findTrain(context, wish.train);
  const { component, version } = wish;
  const release = await findRelease(context, component, version);
  const { timeZone } = context.platform.calendar;
  if (Temporal.Instant.compare(context.now(), train.opensAt) < 0) {
    throw new BelugaError('train-closed', {
      train: train.name,
      state: `opens on ${onTheClock(train.opensAt, timeZone)}`,
      what: 'let releases on',
    });
  }
  const member = { component, version, releaseDigest: release.digest, addedBy: who, addedAt: stamp(context.now()) };
  return must(context, train, 'let releases on', await context.store.trains.add(train.name, member));
}

export async function leaveTrain(
  context: Context,
  who: string,
  wish: { readonly train: string; readonly component: string },
): Promise<Train> {
  const train = await findTrain(context, wish.train);
  const { component } = wish;
  if (!train.members.some((member) => member.component === component))
    throw new BelugaError('not-aboard', { train: train.name, component });
  return must(context, train, 'let releases off', await context.store.trains.remove(train.name, component, who, stamp(context.now())));
}

/** Refuses a set that cannot work or has no order, with every reason. */
export async function lockTrain(context: Context, who: string, name: string): Promise<Train> {
  const train = await findTrain(context, name);
  if (train.state === 'locked') return train;
  const faults = await faultsOfTrain(context, train);
  if (faults.length > 0) throw new BelugaError('train-unfit', { train: name, faults: faults.join(' ') });
  return must(
    context,
    train,
    'be locked',
    await context.store.trains.move(name, ['open'], { to: 'locked', who, at: stamp(context.now()) }),
  );
}

const reopenable: readonly TrainState[] = ['locked', 'rehearsed', 'rolled-back'];

/** Lets releases on and off again until another date; what was rehearsed must be rehearsed again. */
export async function reopenTrain(
  context: Context,
  who: string,
  wish: { readonly train: string; readonly locksAt: string },
): Promise<Train> {
  const train = await findTrain(context, wish.train);
  const { locksAt } = wish;
  if (Temporal.Instant.compare(locksAt, train.departsAt) > 0) throw new BelugaError('train-dates', { date: 'departsAt', after: 'locksAt' });
  const done = await context.store.trains.move(train.name, reopenable, { to: 'open', who, at: stamp(context.now()), locksAt });
  return must(context, train, 'be opened again', done);
}

export async function cancelTrain(context: Context, who: string, name: string): Promise<Train> {
  const train = await findTrain(context, name);
  const from = ['open', ...reopenable] as const;
  return must(
    context,
    train,
    'be cancelled',
    await context.store.trains.move(name, from, { to: 'cancelled', who, at: stamp(context.now()) }),
  );
}

/** Closes the doors of what should be locked by now; one that cannot be says why, and stays open. */
export async function lockDueTrains(context: Context): Promise<void> {
  const now = context.now();
  for (const train of await context.store.trains.list({ states: ['open'], lockedBefore: stamp(now) })) {
    const faults = await faultsOfTrain(context, train);
    const reason = `It should have been locked on ${onTheClock(train.locksAt, context.platform.calendar.timeZone)}. ${faults.join(' ')}`;
    if (faults.length === 0) await context.store.trains.move(train.name, ['open'], { to: 'locked', who: 'beluga', at: stamp(now) });
    else if (train.reason !== reason) await context.store.trains.say(train.name, reason, stamp(now));
  }
}

async function faultsOfTrain(context: Context, train: Train): Promise<readonly string[]> {
  const current = await context.store.neighbours.parties(departureOf(context));
  return faultsOf(new Map(current.map((one) => [one.component, one])), await context.store.trains.parties(train.name));
}

async function must(context: Context, train: Train, what: string, done: boolean): Promise<Train> {
  const after = await findTrain(context, train.name);
  if (!done) throw new BelugaError('train-closed', { train: train.name, state: `is ${after.state}`, what });
  return after;
}
