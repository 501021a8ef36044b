/** Gathers what a release finds around it in an environment: today, and when the trains to come are there. */
import type { DependencyFacts, TrainFacts } from '../domain/gates/facts.ts';
import type { Release } from '../domain/release.ts';
import { type ComingTrain, threatsOf } from '../domain/trains/coming.ts';
import { brokenWith, type Party, type PartySet, partyOf, withReleases } from '../domain/trains/contract.ts';
import { comingStates } from '../domain/trains/train.ts';
import type { StoredTrip } from '../store/trip.ts';
import type { GateQuestion } from './ask-gates.ts';
import type { Context } from './context.ts';

type NeighbourFacts = { readonly dependencies: DependencyFacts; readonly trains: TrainFacts | null };

export async function neighbourFacts(context: Context, question: GateQuestion, needed: boolean): Promise<NeighbourFacts> {
  const { release, environment } = question;
  const party = partyOf(release);
  const trip = await context.store.trips.movingIn(environment);
  const own = ownIn(trip, release);
  const company = question.company ?? (own === 'this' && trip !== null ? await companyOf(context, trip) : []);
  const coming = environment === departureOf(context) && company.length === 0 ? await comingTrains(context) : [];
  const around = needed || coming.length > 0 ? await setAround(context, environment, party, company) : new Map<string, Party>();
  const moving = own === 'another' && trip !== null ? trip.train : null;
  return {
    dependencies: needed ? dependenciesOf(around, party) : { names: [], missing: [], broken: [] },
    trains: moving === null && coming.length === 0 ? null : { moving, threats: threatsOf(party, around, coming) },
  };
}

/** Whether a trip brings this very release now, or another one of its component. */
function ownIn(trip: StoredTrip | null, { component, digest }: Release): 'this' | 'another' | null {
  const own = trip?.members.find((member) => member.component === component);
  if (trip === null || own === undefined) return null;
  return goalOf(trip, own) === digest ? 'this' : 'another';
}

/** Where trains depart to: the last environment. */
export function departureOf({ environments }: Pick<Context, 'environments'>): string {
  return environments.at(-1) ?? '';
}

function dependenciesOf(around: PartySet, party: Party): DependencyFacts {
  const names = party.dependsOn;
  return { names, missing: names.filter((name) => !around.has(name)), broken: brokenWith(around, party) };
}

async function setAround({ store }: Context, environment: string, party: Party, company: readonly Party[]): Promise<PartySet> {
  const around = await store.neighbours.around(environment, party.component, party.dependsOn);
  return withReleases(withReleases(new Map(), around), company);
}

async function companyOf({ store }: Context, trip: StoredTrip): Promise<readonly Party[]> {
  return store.trips.parties(trip.members.map((member) => goalOf(trip, member)));
}

/** The release that a trip brings a component to now. */
function goalOf(trip: StoredTrip, member: StoredTrip['members'][number]): string {
  return trip.direction === 'undo' ? (member.former ?? member.target) : member.target;
}

async function comingTrains({ store }: Context): Promise<readonly ComingTrain[]> {
  const trains = await store.trains.list({ states: comingStates });
  return Promise.all(trains.map(async ({ name, departsAt }) => ({ name, departsAt, members: await store.trains.parties(name) })));
}
