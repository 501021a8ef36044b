/** Takes a train through the last two environments as one unit, and back; shows before what stands in its way. */
import { isOpen, reasonOf } from '../domain/gates/verdict.ts';
import { onTheClock, stamp } from '../domain/stamp.ts';
import type { Party, PartySet } from '../domain/trains/contract.ts';
import { ordered } from '../domain/trains/plan.ts';
import { type Asked, nextOf, type Places, type Prognosis, prognosisOf } from '../domain/trains/prognosis.ts';
import { returnOf } from '../domain/trains/return.ts';
import { type Train, type TrainState, type TripKind, transitions, whileMoving } from '../domain/trains/train.ts';
import type { TripMember } from '../domain/trains/trip.ts';
import { BelugaError } from '../errors.ts';
import type { StoredTrip, TripRequest } from '../store/trip.ts';
import { askGates } from './ask-gates.ts';
import type { Context } from './context.ts';
import { departureOf } from './gather-neighbours.ts';
import { findTrain } from './plan-train.ts';

export type ShownTrain = { readonly train: Train; readonly prognosis: Prognosis; readonly trips: readonly StoredTrip[] };

/** `who` is who would let it go: nobody's approval counts for their own deployments. */
export async function showTrain(context: Context, who: string, name: string): Promise<ShownTrain> {
  const train = await findTrain(context, name);
  const trips = await context.store.trips.of(name);
  const next = nextOf(train, placesOf(context));
  const environment = next?.environment ?? departureOf(context);
  const current = await currentSet(context, environment);
  const members = await context.store.trains.parties(name);
  const asked = await Promise.all(members.map((party) => ask(context, who, { party, members, current, environment, idle: next === null })));
  return { train, trips, prognosis: prognosisOf(train, next, current, asked, context.now()) };
}

/** Why a train is rolled back. */
export type RollbackCause = { readonly reason?: string | undefined; readonly incident?: string | undefined };

/** Begins a trip. Refused when the train may not, when anything stands in its way, or when another train moves there. */
export async function moveTrain(
  context: Context,
  who: string,
  name: string,
  kind: TripKind,
  { reason, incident }: RollbackCause = {},
): Promise<ShownTrain> {
  const shown = await showTrain(context, who, name);
  const { train, prognosis } = shown;
  const from = (Object.keys(transitions) as TrainState[]).filter((state) => transitions[state].includes(whileMoving[kind]));
  if (!from.includes(train.state)) throw new BelugaError('train-closed', { train: name, state: `is ${train.state}`, what: verbs[kind] });
  const held = kind === 'rollback' || prognosis.next?.kind !== kind ? null : obstaclesOf(prognosis, context);
  if (held !== null && held.length > 0) throw new BelugaError('train-held', { train: name, what: verbs[kind], obstacles: held.join(' ') });
  const request = kind === 'rollback' ? await wayBack(context, shown) : await wayForward(context, shown, kind);
  const begun = await context.store.trips.begin({
    ...request,
    ...{ reason: reason ?? null, incident: incident ?? null },
    id: context.newId('trip'),
    requestedBy: who,
    at: stamp(context.now()),
    from,
  });
  if (!begun) {
    const other = await context.store.trips.movingIn(request.environment);
    const state = other === null ? 'changed meanwhile' : `must wait: train ${other.train} moves in ${request.environment}`;
    throw new BelugaError('train-closed', { train: name, state, what: verbs[kind] });
  }
  return showTrain(context, who, name);
}

const verbs: Readonly<Record<TripKind, string>> = { rehearsal: 'rehearse', departure: 'depart', rollback: 'be rolled back' };

/** Rehearsal in the environment before the last, departure to the last. */
export function placesOf(context: Context): Places {
  const { environments } = context;
  return { rehearsal: environments.at(-2) ?? departureOf(context), departure: departureOf(context) };
}

async function currentSet({ store }: Context, environment: string): Promise<PartySet> {
  return new Map((await store.neighbours.parties(environment)).map((one) => [one.component, one]));
}

type Question = {
  readonly party: Party;
  readonly members: readonly Party[];
  readonly current: PartySet;
  readonly environment: string;
  /** Nothing comes next, so nothing stands in its way. */
  readonly idle: boolean;
};

async function ask(context: Context, who: string, { party, members, current, environment, idle }: Question): Promise<Asked> {
  const there = current.get(party.component);
  const formerVersion = there?.version ?? null;
  // What serves already has nothing to ask for.
  if (idle || there?.digest === party.digest) return { party, formerVersion, planHash: null, verdicts: [] };
  const release = await context.store.releases.byDigest(party.digest);
  const question = { release, environment, purpose: 'deploy' as const, incident: null, requester: who, deployment: null, company: members };
  const { verdicts, hash } = await askGates(context, question);
  return { party, formerVersion, planHash: hash, verdicts };
}

function obstaclesOf({ next, obstacles, members }: Prognosis, { now, platform }: Context): readonly string[] {
  const isEarly = next !== null && Temporal.Instant.compare(now(), next.at) < 0;
  const early = isEarly ? [`Its day is ${onTheClock(next.at, platform.calendar.timeZone)}.`] : [];
  const closed = members
    .filter(({ verdicts }) => !isOpen(verdicts))
    .map(({ component, verdicts }) => `${component}: ${reasonOf(verdicts)}`);
  return [...early, ...obstacles, ...closed];
}

type Way = Omit<TripRequest, 'id' | 'requestedBy' | 'at' | 'from' | 'reason' | 'incident'>;

async function wayForward(context: Context, { train }: ShownTrain, kind: 'rehearsal' | 'departure'): Promise<Way> {
  const environment = placesOf(context)[kind];
  const current = await currentSet(context, environment);
  const members = await context.store.trains.parties(train.name);
  const waves = wavesOf(members);
  const rows = members.map(({ component, digest }) => {
    return memberOf({ component, target: digest, former: current.get(component)?.digest ?? null, state: 'waiting' }, waves);
  });
  return { train: train.name, kind, environment, direction: 'forward', before: digestsOf(current), members: rows };
}

/** Back to what was there before the train last went forward, with what came since and cannot live without it. */
async function wayBack(context: Context, { train, trips }: ShownTrain): Promise<Way> {
  const last = trips.find(({ kind }) => kind !== 'rollback');
  if (last === undefined) throw new BelugaError('train-closed', { train: train.name, state: 'never went anywhere', what: verbs.rollback });
  const { environment } = last;
  const current = await currentSet(context, environment);
  const parties = await context.store.trips.parties(Object.values(last.before));
  const before = new Map(parties.map((one) => [one.component, one]));
  const { releases } = returnOf(
    before,
    current,
    last.members.map(({ component }) => component),
  );
  const leaving = releases.flatMap(({ component }) => current.get(component) ?? []);
  const waves = wavesOf(leaving);
  const rows = releases.map(({ component, digest }) => {
    return memberOf({ component, target: current.get(component)?.digest ?? digest, former: digest, state: 'moved' }, waves);
  });
  return { train: train.name, kind: 'rollback', environment, direction: 'undo', before: digestsOf(current), members: rows };
}

/** In one wave where there is no order: only what came since and goes along may have none. */
function wavesOf(members: readonly Party[]): readonly (readonly string[])[] {
  const plan = ordered(members);
  return plan.kind === 'waves' ? plan.waves : [members.map(({ component }) => component)];
}

function memberOf(
  member: Pick<TripMember, 'component' | 'target' | 'former' | 'state'>,
  waves: readonly (readonly string[])[],
): TripMember {
  return { ...member, wave: waves.findIndex((wave) => wave.includes(member.component)), deploymentId: null, tries: 0, reason: null };
}

function digestsOf(set: PartySet): Readonly<Record<string, string>> {
  return Object.fromEntries([...set.values()].map(({ component, digest }) => [component, digest]));
}
