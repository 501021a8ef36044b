/** Takes a train through the simulated estate, decided as on the platform. */

import type { Party, PartySet } from '../../src/domain/trains/contract.ts';
import { ordered } from '../../src/domain/trains/plan.ts';
import { faultsOf } from '../../src/domain/trains/prognosis.ts';
import { returnOf } from '../../src/domain/trains/return.ts';
import { afterMoving, type TrainState, type TripKind, whileMoving } from '../../src/domain/trains/train.ts';
import { afterDeployment, decide, isThere, type Trip, type TripMember } from '../../src/domain/trains/trip.ts';
import type { Estate, SimulatedTrain, Stage } from './estate.ts';

/** Moves it to its end; null with the reasons when it may not begin. `before` is what a rollback goes back to. */
export function travel(
  estate: Estate,
  train: SimulatedTrain,
  kind: TripKind,
  before: PartySet = new Map(),
): TrainState | readonly string[] {
  const environment: Stage = kind === 'rehearsal' ? 'preprod' : 'prod';
  const obstacles = kind === 'rollback' ? [] : obstaclesOf(estate, train, environment);
  if (obstacles.length > 0) return obstacles;
  estate.become(train, whileMoving[kind]);
  const parties = new Map<string, Party>();
  let trip = kind === 'rollback' ? backward(estate, train, before, parties) : forward(estate, train, kind, environment, parties);
  for (;;) {
    const decision = decide(trip);
    if (decision.kind === 'end') {
      estate.become(train, afterMoving[kind][decision.state]);
      return train.state;
    }
    if (decision.kind === 'wait') throw new Error('nothing here takes time');
    if (decision.kind === 'turn') trip = { ...trip, direction: 'undo', reason: decision.reason };
    else
      trip = {
        ...trip,
        members: trip.members.map((one) => (decision.members.includes(one) ? step(estate, trip, one, decision.to, parties) : one)),
      };
  }
}

function obstaclesOf(estate: Estate, train: SimulatedTrain, environment: Stage): readonly string[] {
  const set = estate.set(environment);
  const asked = train.members.filter(({ component, digest }) => set.get(component)?.digest !== digest);
  const closed = asked.flatMap(({ component, version }) =>
    estate.ask({ component, version, environment, purpose: 'deploy', company: train.members }).filter(({ verdict }) => verdict !== 'open'),
  );
  return [...faultsOf(set, train.members), ...closed.map(({ reason }) => reason)];
}

/** One deployment, from its request to its end. */
function step(estate: Estate, trip: Trip, member: TripMember, to: 'target' | 'former', parties: ReadonlyMap<string, Party>): TripMember {
  const environment = trip.environment as Stage;
  const [state, goal] = to === 'target' ? (['moving', member.target] as const) : (['returning', member.former ?? ''] as const);
  const current = estate.set(environment).get(member.component)?.digest ?? null;
  if (isThere(member, to, current)) return { ...member, state: to === 'target' ? 'moved' : 'returned' };
  const company = trip.members.flatMap((one) => parties.get(to === 'target' ? one.target : (one.former ?? one.target)) ?? []);
  const { component, version } = partyOf(parties, goal);
  const end = estate.install({ component, version, environment, purpose: to === 'target' ? 'deploy' : 'rollback', company });
  const moving = { ...member, state, tries: member.tries + 1 };
  return { ...moving, state: afterDeployment(moving, end.state), reason: end.reason };
}

function forward(estate: Estate, train: SimulatedTrain, kind: TripKind, environment: Stage, parties: Map<string, Party>): Trip {
  const set = estate.set(environment);
  const waves = wavesOf(train.members);
  const members = train.members.map((party) => {
    const former = set.get(party.component) ?? null;
    return memberOf(party, former, 'waiting', waves, parties);
  });
  return { ...tripOf(train, kind, environment), direction: 'forward', members };
}

function backward(estate: Estate, train: SimulatedTrain, before: PartySet, parties: Map<string, Party>): Trip {
  const set = estate.set('prod');
  const names = train.members.map(({ component }) => component);
  const { releases } = returnOf(before, set, names);
  const waves = wavesOf(releases.flatMap(({ component }) => set.get(component) ?? []));
  const members = releases.map((former) => memberOf(set.get(former.component) ?? former, former, 'moved', waves, parties));
  return { ...tripOf(train, 'rollback', 'prod'), direction: 'undo', members };
}

function tripOf({ name }: SimulatedTrain, kind: TripKind, environment: Stage) {
  return { id: `${name} ${kind}`, train: name, kind, environment, reason: null, incident: null, requestedBy: 'lea' };
}

function wavesOf(members: readonly Party[]): readonly (readonly string[])[] {
  const plan = ordered(members);
  return plan.kind === 'waves' ? plan.waves : [members.map(({ component }) => component)];
}

function memberOf(
  target: Party,
  former: Party | null,
  state: 'waiting' | 'moved',
  waves: readonly (readonly string[])[],
  parties: Map<string, Party>,
): TripMember {
  for (const party of [target, ...(former === null ? [] : [former])]) parties.set(party.digest, party);
  const { component } = target;
  const wave = waves.findIndex((one) => one.includes(component));
  return { component, wave, target: target.digest, former: former?.digest ?? null, state, deploymentId: null, tries: 0, reason: null };
}

function partyOf(parties: ReadonlyMap<string, Party>, digest: string): Party {
  const party = parties.get(digest);
  if (party === undefined) throw new Error(`nobody knows ${digest}`);
  return party;
}
