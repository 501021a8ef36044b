import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { afterMoving, comingStates, type TrainState, type TripKind, transitions, whileMoving } from './train.ts';
import { afterDeployment, decide, isThere, type Trip, type TripMember } from './trip.ts';

/** How a deployment ends, by whoever plays the engine. */
type Ends = (member: TripMember, to: 'target' | 'former') => 'succeeded' | 'rolled-back' | 'failed' | 'refused' | 'cancelled';
type World = Map<string, string | null>;

function tripOf(kind: TripKind, members: readonly { component: string; wave: number; former: string | null }[]): Trip {
  const rollback = kind === 'rollback';
  return {
    ...{
      id: 'trip-1',
      train: 'avril',
      kind,
      environment: 'prod',
      direction: rollback ? 'undo' : 'forward',
      reason: null,
      incident: null,
      requestedBy: 'lea',
    },
    members: members.map((one) => ({
      ...one,
      ...{ target: `${one.component}-new`, state: rollback ? 'moved' : 'waiting', deploymentId: null, tries: 0, reason: null },
    })),
  };
}

/** Moves a trip to its end as the reconciler does; after each step `look` sees what serves. */
function travel(start: Trip, world: World, ends: Ends, look: (trip: Trip) => void = () => {}): { state: string; trip: Trip } {
  let trip = start;
  const change = (names: readonly string[], next: (member: TripMember) => TripMember) => {
    trip = { ...trip, members: trip.members.map((one) => (names.includes(one.component) ? next(one) : one)) };
  };
  for (let step = 0; step < 200; step += 1) {
    look(trip);
    const decision = decide(trip);
    if (decision.kind === 'end') return { state: decision.state, trip };
    if (decision.kind === 'turn') trip = { ...trip, direction: 'undo', reason: decision.reason };
    else if (decision.kind === 'ask') {
      const names = decision.members.map(({ component }) => component);
      const there = (member: TripMember) => isThere(member, decision.to, world.get(member.component) ?? null);
      change(names, (member) => {
        if (there(member)) return { ...member, state: decision.to === 'target' ? 'moved' : 'returned' };
        return { ...member, state: decision.to === 'target' ? 'moving' : 'returning', tries: member.tries + 1 };
      });
    } else {
      const [member] = trip.members.filter(({ state }) => state === 'moving' || state === 'returning');
      assert.ok(member, 'a trip waits only for what moves');
      const to = member.state === 'moving' ? 'target' : 'former';
      const end = ends(member, to);
      if (end === 'succeeded') world.set(member.component, to === 'target' ? member.target : member.former);
      change([member.component], (one) => ({ ...one, state: afterDeployment(one, end), reason: end }));
    }
  }
  throw new Error('the trip does not end');
}

const anyMembers = fc
  .array(fc.record({ wave: fc.nat({ max: 3 }), former: fc.boolean() }), { maxLength: 8 })
  .map((members) => members.map(({ wave, former }, index) => ({ component: `c${index}`, wave, former: former ? `c${index}-old` : null })));
const anyEnds = fc.infiniteStream<ReturnType<Ends>>(
  fc.constantFrom<ReturnType<Ends>[]>('succeeded', 'succeeded', 'succeeded', 'rolled-back', 'refused', 'cancelled'),
);

describe('a trip', () => {
  it('brings every release, and begins a wave only when the one before has moved', () => {
    fc.assert(
      fc.property(anyMembers, (members) => {
        const world: World = new Map(members.map(({ component, former }) => [component, former]));
        const { state } = travel(
          tripOf('departure', members),
          world,
          () => 'succeeded',
          (trip) => {
            const begun = trip.members.filter((one) => one.state !== 'waiting').map(({ wave }) => wave);
            const open = trip.members.filter((one) => one.state !== 'moved').map(({ wave }) => wave);
            assert.ok(Math.max(0, ...begun) <= Math.min(...open, Infinity));
          },
        );
        assert.equal(state, 'succeeded');
        for (const { component } of members) assert.equal(world.get(component), `${component}-new`);
      }),
    );
  });

  it('that one release cannot make puts the former set back, whichever fails', () => {
    fc.assert(
      fc.property(anyMembers, fc.nat(), (members, seed) => {
        fc.pre(members.length > 0);
        const bad = `c${seed % members.length}`;
        const world: World = new Map(members.map(({ component, former }) => [component, former]));
        const { state } = travel(tripOf('departure', members), world, (member, to) =>
          to === 'target' && member.component === bad ? 'rolled-back' : 'succeeded',
        );
        assert.equal(state, 'rolled-back');
        for (const { component, former } of members) if (former !== null) assert.equal(world.get(component), former);
      }),
    );
  });

  it('ends with all new, all former, or says what is left, whatever happens', () => {
    fc.assert(
      fc.property(anyMembers, anyEnds, fc.constantFrom<TripKind>('rehearsal', 'departure', 'rollback'), (members, ends, kind) => {
        const world: World = new Map(
          members.map(({ component, former }) => [component, kind === 'rollback' ? `${component}-new` : former]),
        );
        const { state, trip } = travel(tripOf(kind, members), world, () => ends.next().value as ReturnType<Ends>);
        const isNew = members.every(({ component }) => world.get(component) === `${component}-new`);
        const isFormer = members.every(({ component, former }) => former === null || world.get(component) === former);
        const left = trip.members.filter((one) => one.state === 'stuck').map(({ component }) => component);
        if (state === 'failed') assert.ok(left.length > 0);
        else if (state === 'succeeded' && kind !== 'rollback') assert.ok(isNew);
        else assert.ok(isFormer);
      }),
    );
  });

  it('leaves alone what serves already', () => {
    const world: World = new Map([['c0', 'c0-new']]);
    const trip = tripOf('departure', [{ component: 'c0', wave: 0, former: 'c0-new' }]);
    assert.equal(travel(trip, world, () => assert.fail('nothing is deployed')).state, 'succeeded');
  });
});

describe('the states of a train', () => {
  it('follow a table that every trip keeps to', () => {
    for (const kind of ['rehearsal', 'departure', 'rollback'] as const) {
      const moving = whileMoving[kind];
      assert.ok(Object.values(transitions).some((next) => next.includes(moving)));
      for (const end of Object.values(afterMoving[kind])) assert.ok(transitions[moving].includes(end), `${moving} to ${end}`);
    }
  });

  it('hold installations to a train until it has arrived', () => {
    const coming = (Object.keys(transitions) as TrainState[]).filter((state) => comingStates.includes(state));
    assert.deepEqual(coming, ['open', 'locked', 'rehearsing', 'rehearsed', 'departing', 'rolled-back']);
  });
});
