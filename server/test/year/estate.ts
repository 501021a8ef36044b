/**
 * An estate for a simulated year, in memory and in virtual time: what is decided is decided by the platform's own code (gates, calendar,
 * trains, trips), what happens is written to a log, and nothing else is remembered but what serves.
 */
import { calendarOf, entry } from '../../src/domain/calendar/for-tests.ts';
import { facts } from '../../src/domain/gates/for-tests.ts';
import { evaluateGates } from '../../src/domain/gates/gates.ts';
import { isOpen, reasonOf } from '../../src/domain/gates/verdict.ts';
import type { Provided, Requirement } from '../../src/domain/release.ts';
import { threatsOf } from '../../src/domain/trains/coming.ts';
import { brokenWith, type Party, type PartySet, withReleases } from '../../src/domain/trains/contract.ts';
import { comingStates, type TrainState } from '../../src/domain/trains/train.ts';

export const stages = ['preprod', 'prod'] as const;
export type Stage = (typeof stages)[number];
export type Contracts = { readonly provides?: readonly Provided[]; readonly requires?: readonly Requirement[] };
export type Ending = { readonly state: 'succeeded' | 'rolled-back' | 'refused'; readonly reason: string | null };
export type Wish = {
  readonly component: string;
  readonly version: string;
  readonly environment: Stage;
  readonly purpose: 'deploy' | 'rollback';
  readonly incident?: string;
  /** What moves together with it. */
  readonly company?: readonly Party[];
};
/** What the log keeps of an installation, or of a train. */
export type Entry =
  | (Omit<Wish, 'company'> & Ending & { readonly kind: 'installation'; readonly at: string })
  | { readonly kind: 'train'; readonly at: string; readonly train: string; readonly state: TrainState };
export type SimulatedTrain = { readonly name: string; readonly departsAt: string; readonly members: readonly Party[]; state: TrainState };

export type Estate = ReturnType<typeof createEstate>;

export function createEstate() {
  const releases = new Map<string, Party>();
  const serving: Record<Stage, PartySet> = { preprod: new Map(), prod: new Map() };
  const verified: Record<Stage, Set<string>> = { preprod: new Set(), prod: new Set() };
  const trains: SimulatedTrain[] = [];
  const log: Entry[] = [];
  const sick = new Set<string>();
  let now = instantOf('2027-01-04T10:00');

  const find = (component: string, version: string): Party => {
    const party = releases.get(`${component}@${version}`);
    if (party === undefined) throw new Error(`${component}@${version} was never released`);
    return party;
  };

  const ask = ({ component, version, environment, purpose, incident, company = [] }: Wish) => {
    const party = find(component, version);
    const set = withReleases(serving[environment], company);
    const coming = environment === 'prod' && company.length === 0 ? trains.filter(({ state }) => comingStates.includes(state)) : [];
    const names = party.dependsOn;
    return evaluateGates(
      facts({
        ...{ now, environment, purpose, incident: incident ?? null, calendar: year },
        stages: stages.map((name) => ({ name, mandatory: true })),
        verifiedIn: stages.filter((stage) => verified[stage].has(party.digest)),
        settings: { dependencies: true, calendar: environment === 'prod' },
        release: { component, version, digest: party.digest, system: component.startsWith('bo-') ? 'back-office' : 'continuous' },
        dependencies: { names, missing: names.filter((name) => !set.has(name)), broken: brokenWith(set, party) },
        trains: coming.length === 0 ? null : { moving: null, threats: threatsOf(party, set, coming) },
      }),
    );
  };

  return {
    log,
    /** What crashes when it starts. */
    sick,
    find,
    ask,
    at: (local: string) => {
      now = instantOf(local);
    },
    set: (environment: Stage): PartySet => serving[environment],
    release(component: string, version: string, { provides = [], requires = [] }: Contracts): Party {
      const dependsOn = requires.map((one) => one.component);
      const party = { component, version, digest: `sha256:${component}@${version}`, dependsOn, provides, requires };
      releases.set(`${component}@${version}`, party);
      return party;
    },
    /** Through the gates of this instant, then to its end. */
    install({ company, ...wish }: Wish): Ending {
      const verdicts = ask({ ...wish, ...(company === undefined ? {} : { company }) });
      const ending = endingOf(isOpen(verdicts) ? null : reasonOf(verdicts), sick.has(`${wish.component}@${wish.version}`));
      if (ending.state === 'succeeded') {
        const party = find(wish.component, wish.version);
        serving[wish.environment] = withReleases(serving[wish.environment], [party]);
        verified[wish.environment].add(party.digest);
      }
      log.push({ kind: 'installation', at: now.toString(), ...wish, ...ending });
      return ending;
    },
    train(name: string, departsAt: string, members: readonly Party[]): SimulatedTrain {
      const train: SimulatedTrain = { name, departsAt: instantOf(departsAt).toString(), members, state: 'open' };
      trains.push(train);
      return train;
    },
    become(train: SimulatedTrain, state: TrainState): void {
      train.state = state;
      log.push({ kind: 'train', at: now.toString(), train: train.name, state });
    },
  };
}

function endingOf(refusal: string | null, crashes: boolean): Ending {
  if (refusal !== null) return { state: 'refused', reason: refusal };
  return crashes ? { state: 'rolled-back', reason: 'It crashes when it starts.' } : { state: 'succeeded', reason: null };
}

export function instantOf(local: string): Temporal.Instant {
  return Temporal.PlainDateTime.from(local).toZonedDateTime('Europe/Paris').toInstant();
}

const window = (name: string, start: string, end: string) => entry({ kind: 'window', name, start, end, systems: ['back-office'] });

/** Daytime windows from Monday to Thursday but on holidays, the days of the trains, and two freezes. */
const year = calendarOf(
  {
    ...entry({ kind: 'window', name: 'daytime', start: '2027-01-04T09:00', end: '2027-01-04T16:00' }),
    ...{ rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH', except: ['holidays'] },
  },
  ...['2027-04-10', '2027-10-09', '2027-10-16'].map((day) => window('train', `${day}T08:00`, `${day}T20:00`)),
  entry({ name: 'summer', reason: 'Half of the teams are away.', start: '2027-08-02T00:00', end: '2027-08-21T00:00' }),
  entry({ name: 'year-end', reason: 'The books are closed.', start: '2027-12-20T00:00', end: '2028-01-04T00:00' }),
);
