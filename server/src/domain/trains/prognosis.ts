/** What still stands in the way of a train's next move, release by release, and when time alone will have cleared it. */
import { isOpen, opensAtOf, type Verdict } from '../gates/verdict.ts';
import { type Broken, brokenIn, newlyBroken, type Party, type PartySet, sentenceOf, withReleases } from './contract.ts';
import { brokenBetween, ordered } from './plan.ts';
import type { Train, TrainState, TripKind } from './train.ts';

export type MemberPrognosis = {
  readonly component: string;
  readonly version: string;
  /** The wave it goes in, from 1; null while the order has a cycle. */
  readonly wave: number | null;
  /** What is there now. */
  readonly formerVersion: string | null;
  /** What an approval of its installation there is bound to; null when it is there already, or no move comes next. */
  readonly planHash: string | null;
  /** The gates that are not open. */
  readonly verdicts: readonly Verdict[];
  readonly opensAt: string | null;
};

export type Prognosis = {
  /** The move that would come next; null when none does. */
  readonly next: { readonly kind: Exclude<TripKind, 'rollback'>; readonly environment: string; readonly at: string } | null;
  /** What is wrong with the set itself, in sentences. */
  readonly obstacles: readonly string[];
  /** What lacks something between two waves, in sentences: it does not stop the train. */
  readonly warnings: readonly string[];
  readonly members: readonly MemberPrognosis[];
  readonly ready: boolean;
  /** RFC 3339: when time alone will have cleared everything; null when it will not, or nothing is in the way. */
  readonly opensAt: string | null;
};

/** The move that comes next in each state. */
const nextKind: Readonly<Partial<Record<TrainState, Exclude<TripKind, 'rollback'>>>> = {
  open: 'rehearsal',
  locked: 'rehearsal',
  rehearsing: 'rehearsal',
  rehearsed: 'departure',
  departing: 'departure',
  'rolled-back': 'departure',
};

export type Places = { readonly rehearsal: string; readonly departure: string };

export function nextOf(train: Train, places: Places): Prognosis['next'] {
  const kind = nextKind[train.state];
  if (kind === undefined) return null;
  return { kind, environment: places[kind], at: kind === 'rehearsal' ? train.rehearsalAt : train.departsAt };
}

/** What is wrong with a set of releases, given what is where they go. */
export function faultsOf(current: PartySet, members: readonly Party[]): readonly string[] {
  if (members.length === 0) return ['It carries no release.'];
  const plan = ordered(members);
  const after = withReleases(current, members);
  const own = new Set(members.map(({ component }) => component));
  const cycle = plan.kind === 'cycle' ? [`${plan.cycle.join(' depends on ')}: none of them can go first.`] : [];
  return [...cycle, ...unmet(current, after, own).map((broken) => `${sentenceOf(broken)}.`)];
}

/** All that the train's own releases lack, and what others lack because of it. */
function unmet(current: PartySet, after: PartySet, own: ReadonlySet<string>): readonly Broken[] {
  const others = newlyBroken(current, after).filter(({ component }) => !own.has(component));
  return [...brokenIn(after).filter(({ component }) => own.has(component)), ...others];
}

export type Asked = Pick<MemberPrognosis, 'formerVersion' | 'planHash' | 'verdicts'> & { readonly party: Party };

export function prognosisOf(
  train: Train,
  next: Prognosis['next'],
  current: PartySet,
  asked: readonly Asked[],
  now: Temporal.Instant,
): Prognosis {
  const members = asked.map(({ party }) => party);
  const plan = ordered(members);
  const waves = plan.kind === 'waves' ? plan.waves : [];
  const early = next !== null && Temporal.Instant.compare(now, next.at) < 0;
  const obstacles = faultsOf(current, members);
  const closed = asked.flatMap(({ verdicts }) => verdicts.filter(({ verdict }) => verdict !== 'open'));
  const ready = next !== null && train.state !== 'open' && obstacles.length === 0 && closed.length === 0 && !early;
  return {
    next,
    obstacles,
    warnings: brokenBetween(current, members, waves).flatMap(({ wave, broken }) =>
      broken.map((one) => `Between wave ${wave} and ${wave + 1}: ${sentenceOf(one)}.`),
    ),
    members: asked.map((one) => memberOf(one, waves)),
    ready,
    opensAt: ready || next === null || obstacles.length > 0 ? null : latest(early ? next.at : null, closed),
  };
}

function memberOf({ party, formerVersion, planHash, verdicts }: Asked, waves: readonly (readonly string[])[]): MemberPrognosis {
  const { component, version } = party;
  const wave = waves.findIndex((one) => one.includes(component)) + 1;
  const unmetOnes = verdicts.filter((one) => one.verdict !== 'open');
  return {
    component,
    version,
    wave: wave === 0 ? null : wave,
    formerVersion,
    planHash,
    verdicts: unmetOnes,
    opensAt: isOpen(verdicts) ? null : opensAtOf(verdicts),
  };
}

function latest(date: string | null, closed: readonly Verdict[]): string | null {
  if (closed.length === 0) return date;
  const opensAt = opensAtOf(closed);
  if (opensAt === null || date === null) return opensAt;
  return Temporal.Instant.compare(opensAt, date) > 0 ? opensAt : date;
}
