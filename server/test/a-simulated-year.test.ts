/**
 * A year of an estate in virtual time: 12 back-offices on two trains, 200 continuous components, freezes and incidents.
 *
 * Everything random comes from one seed: BELUGA_YEAR_SEED tries another year.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listen } from '../src/api/for-tests.ts';
import { brokenIn, type PartySet, sentenceOf, withReleases } from '../src/domain/trains/contract.ts';
import { faultsOf } from '../src/domain/trains/prognosis.ts';
import { withDatabase } from '../src/store/postgres/for-tests.ts';
import { createStore } from '../src/store/store.ts';
import { type Contracts, createEstate, type Entry, type SimulatedTrain, stages } from './year/estate.ts';
import { keep, recomputed, toldOf } from './year/measured.ts';
import { travel } from './year/trip.ts';

const seed = Number(process.env['BELUGA_YEAR_SEED'] ?? 20_270_104);
const backOffices = Array.from({ length: 12 }, (_, index) => `bo-${String(index + 1).padStart(2, '0')}`);
const components = Array.from({ length: 200 }, (_, index) => `app-${String(index + 1).padStart(3, '0')}`);
const estate = createEstate();
const tally = { installed: 0, heldByTrain: 0, heldByToday: 0, heldByCalendar: 0, incidents: 0, mendedAtOnce: 0 };
const versions = new Map<string, number>();
/** What the random numbers go on from. */
let draw = seed;
/** The major version of the back-offices in production. */
let major = 1;

describe(`a simulated year (seed ${seed})`, () => {
  it('begins with 12 back-offices and 200 continuous components', () => {
    for (const environment of stages) {
      for (const name of backOffices) {
        estate.release(name, '1.0.0', backOffice(name, 1));
        assert.equal(estate.install({ component: name, version: '1.0.0', environment, purpose: 'deploy' }).reason, null);
      }
    }
    for (const name of components) assert.equal(ship(name, Number(name.slice(4)) % 2 === 0 ? 'narrow' : 'wide'), 'succeeded');
    assert.equal(estate.set('prod').size, 212);
    tally.installed = 0;
  });

  it('sees the train of April arrive on its day, with every continuous component unchanged', () => {
    workdays('2027-01-05', '2027-01-31', null);
    const april = openTrain('avril', '2027-02-01', '2027-04-10T09:00');
    workdays('2027-02-01', '2027-03-25', april);
    lock(april, '2027-03-25T17:00');
    workdays('2027-03-29', '2027-04-01', april);
    rehearse(april, '2027-04-03T09:00');
    workdays('2027-04-05', '2027-04-08', april);
    depart(april, '2027-04-10T09:00');
  });

  it('sees the train of October put back when a release does not start, then arrive, be taken back, and arrive again', () => {
    workdays('2027-04-12', '2027-08-29', null);
    const october = openTrain('octobre', '2027-08-30', '2027-10-09T09:00');
    workdays('2027-08-30', '2027-09-23', october);
    lock(october, '2027-09-23T17:00');
    workdays('2027-09-27', '2027-09-30', october);
    rehearse(october, '2027-10-02T09:00');
    workdays('2027-10-04', '2027-10-07', october);

    estate.at('2027-10-09T09:00');
    const former = digestsOf(estate.set('prod'));
    estate.sick.add('bo-08@3.0.0');
    assert.equal(travel(estate, october, 'departure'), 'rehearsed');
    estate.sick.clear();
    assert.deepEqual(digestsOf(estate.set('prod')), former);

    const before = estate.set('prod');
    depart(october, '2027-10-09T11:00');
    workdays('2027-10-11', '2027-10-13', null);
    takeBack(october, '2027-10-14T10:00', before);
    depart(october, '2027-10-16T09:00');
    workdays('2027-10-18', '2027-12-31', null);
  });

  it('had more than 400 daytime installations, and everything that can hold one up did', () => {
    assert.ok(tally.installed >= 400, JSON.stringify(tally));
    for (const [what, count] of Object.entries(tally)) assert.ok(count > 0, `${what}: ${JSON.stringify(tally)}`);
    if (process.env['BELUGA_YEAR_SEED'] !== undefined) process.stdout.write(`${JSON.stringify(tally)}\n`);
  });

  it('is told by its log alone: what serves, what was counted, what became of each train', () => {
    const told = recompute(estate.log);
    assert.deepEqual(told.prod, Object.fromEntries([...estate.set('prod').values()].map(({ component, version }) => [component, version])));
    assert.equal(told.installed, tally.installed);
    assert.deepEqual(told.trains, { avril: 'arrived', octobre: 'arrived' });
  });

  it('shows measures that its log gives when every figure is counted by hand', async () => {
    const [database, now] = [await withDatabase(), Temporal.Instant.from('2028-01-03T00:00:00Z')];
    const told = toldOf(estate.log);
    await keep(database, told);
    const { client } = await listen({ store: createStore(database.kysely, database.listen), now: () => now });
    const shown = await client.measureDelivery({ environment: 'prod', days: 363 });
    const counted = recomputed(told, Date.parse(shown.from), Date.parse(shown.to));
    assert.ok(counted.installations > 400);
    assert.equal(shown.installations, counted.installations);
    for (const { name, value, deployments } of shown.figures) {
      const own = counted.figures[name];
      assert.ok(Math.abs((value ?? -1) - (own?.value ?? -1)) < 1e-6, `${name}: ${value} is shown, ${own?.value} is counted`);
      assert.deepEqual(deployments.toSorted(), own?.deployments, name);
    }
    assert.deepEqual(shown.waits.map(({ gate }) => gate).toSorted(), Object.keys(counted.waits).toSorted());
    for (const { gate, hours } of shown.waits) assert.ok(Math.abs(hours - (counted.waits[gate] ?? -1)) < 1e-6, gate);
  });
});

// The days.

/** Three teams ship each day, and more where a train asks for it; what is refused is mended at once; some of it breaks something. */
function workdays(first: string, last: string, train: SimulatedTrain | null): void {
  const end = Temporal.PlainDate.from(last);
  for (let day = Temporal.PlainDate.from(first); Temporal.PlainDate.compare(day, end) <= 0; day = day.add({ days: 1 })) {
    if (day.dayOfWeek > 5) continue;
    estate.at(`${day.toString()}T10:00`);
    for (let team = 0; team < 3; team += 1) workOn(components[Math.floor(random() * components.length)] ?? 'app-001');
    if (train !== null && day.dayOfWeek < 5) for (const name of heldUpBy(train).slice(0, 20)) ship(name, 'wide');
    assertCompatible(estate.set('prod'));
  }
}

function workOn(name: string): void {
  const former = estate.set('prod').get(name)?.version ?? '';
  const [width, luck] = [random(), random()];
  if (ship(name, width < 0.65 ? 'wide' : width < 0.9 ? 'narrow' : 'early') === 'refused') {
    if (ship(name, 'wide') === 'succeeded') tally.mendedAtOnce += 1;
    return;
  }
  if (luck > 0.05) return;
  tally.incidents += 1;
  const back = estate.install({ component: name, version: former, environment: 'prod', purpose: 'rollback' });
  if (back.state === 'refused') countRefusal(back.reason);
}

type Width = 'wide' | 'narrow' | 'early';

/** A new release of a component, into both environments. */
function ship(component: string, width: Width): string {
  versions.set(component, (versions.get(component) ?? 0) + 1);
  const version = `1.${versions.get(component)}.0`;
  estate.release(component, version, rangeOf(component, width));
  for (const environment of stages) {
    const { state, reason } = estate.install({ component, version, environment, purpose: 'deploy' });
    if (state !== 'succeeded') return countRefusal(reason);
  }
  tally.installed += 1;
  return 'succeeded';
}

function countRefusal(reason: string | null): string {
  const text = reason ?? '';
  if (text.includes('would break train')) tally.heldByTrain += 1;
  else if (text.includes('requires')) tally.heldByToday += 1;
  else if (text.includes('is frozen') || text.includes('no open window')) tally.heldByCalendar += 1;
  else assert.fail(`refused for no reason of this world: ${text}`);
  return 'refused';
}

/** What a component requires of its back-office: this and the next major version, this one only, or the next one only. */
function rangeOf(component: string, width: Width): Contracts {
  const provider = backOffices[Number(component.slice(4)) % backOffices.length] ?? 'bo-01';
  const range = { wide: `>=${major} <${major + 2}`, narrow: `^${major}`, early: `^${major + 1}` }[width];
  return { requires: [{ component: provider, contract: provider, range }] };
}

/** Every third begins a chain; every fourth provides the former major version beside the new one. */
function backOffice(name: string, version: number): Contracts {
  const index = backOffices.indexOf(name);
  const before = backOffices[index - 1] ?? '';
  const both = index % 4 === 0 && version > 1 ? [version - 1, version] : [version];
  return {
    provides: both.map((one) => ({ contract: name, version: `${one}.0.0` })),
    requires: index % 3 === 0 ? [] : [{ component: before, contract: before, range: `^${version}` }],
  };
}

// The trains.

function openTrain(name: string, day: string, departure: string): SimulatedTrain {
  estate.at(`${day}T08:00`);
  const members = backOffices.map((one) => estate.release(one, `${major + 1}.0.0`, backOffice(one, major + 1)));
  return estate.train(name, departure, members);
}

function lock(train: SimulatedTrain, local: string): void {
  estate.at(local);
  assert.deepEqual(faultsOf(estate.set('prod'), train.members), []);
  estate.become(train, 'locked');
}

function rehearse(train: SimulatedTrain, local: string): void {
  estate.at(local);
  assert.deepEqual(travel(estate, train, 'rehearsal'), 'rehearsed');
  assertCompatible(estate.set('preprod'));
}

function depart(train: SimulatedTrain, local: string): void {
  estate.at(local);
  const former = estate.set('prod');
  assert.deepEqual(travel(estate, train, 'departure'), 'arrived');
  major += 1;
  const set = estate.set('prod');
  assertCompatible(set);
  for (const name of backOffices) assert.equal(set.get(name)?.version, `${major}.0.0`);
  for (const name of components) assert.equal(set.get(name), former.get(name), `${name} runs unchanged`);
}

/** Back to the set before, with those that came since and cannot live without the train, and nobody else. */
function takeBack(train: SimulatedTrain, local: string, before: PartySet): void {
  estate.at(local);
  const since = estate.set('prod');
  assert.deepEqual(travel(estate, train, 'rollback', before), 'rolled-back');
  major -= 1;
  const set = estate.set('prod');
  assertCompatible(set);
  for (const name of backOffices) assert.equal(set.get(name)?.version, `${major}.0.0`);
  const taken = components.filter((name) => set.get(name) !== since.get(name));
  assert.ok(taken.length > 0, 'somebody came since who needs the train');
  for (const name of taken) assert.equal(set.get(name), before.get(name));
}

/** The components that would lack something with the train there. */
function heldUpBy(train: SimulatedTrain): readonly string[] {
  const broken = stages.flatMap((environment) => brokenIn(withReleases(estate.set(environment), train.members)));
  return [...new Set(broken.map(({ component }) => component))];
}

function assertCompatible(set: PartySet): void {
  assert.deepEqual(brokenIn(set).map(sentenceOf), []);
}

function digestsOf(set: PartySet): readonly string[] {
  return [...set.values()].map(({ digest }) => digest).toSorted();
}

/** From the log alone. The first day, which fills the estate, is not counted. */
function recompute(log: readonly Entry[]) {
  const prod: Record<string, string> = {};
  const trains: Record<string, string> = {};
  let installed = 0;
  for (const one of log) {
    if (one.kind === 'train') trains[one.train] = one.state;
    else if (one.state === 'succeeded' && one.environment === 'prod') {
      prod[one.component] = one.version;
      if (one.purpose === 'deploy' && one.component.startsWith('app-') && one.at > '2027-01-05') installed += 1;
    }
  }
  return { prod, trains, installed };
}

/** A random number from the seed (mulberry32). */
function random(): number {
  draw = (draw + 0x6d2b79f5) | 0;
  let mixed = Math.imul(draw ^ (draw >>> 15), 1 | draw);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
