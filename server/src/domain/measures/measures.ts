/**
 * The measures of delivery (the five of DORA, and two of our own), computed from what was asked for and what became of it. Every figure
 * names the deployments that make it; a failure is counted once, by rule:
 *
 *   failed: it was rolled back or failed by itself, or within 24 h a rollback or the fix of an incident followed on the same component
 */
import type { DeploymentPurpose, DeploymentState } from '../deployment.ts';
import type { Hold } from '../gates/hold.ts';

/** One request for a deployment, with what became of it. Times are RFC 3339. */
export type Attempt = {
  readonly deployment: string;
  readonly component: string;
  readonly system: string;
  readonly version: string;
  readonly purpose: DeploymentPurpose;
  readonly incident: string | null;
  readonly state: DeploymentState;
  readonly requestedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** When what it brought was committed. */
  readonly commitsAt: readonly string[];
  /** Null: nothing was measured. */
  readonly failedRequests: number | null;
  /** The gates that refused it. */
  readonly closedGates: readonly string[];
  /** The gates that it waited for. */
  readonly holds: readonly Hold[];
};

export type Figure = {
  readonly name:
    | 'lead-time'
    | 'deployment-frequency'
    | 'change-failure-rate'
    | 'time-to-restore'
    | 'rework-rate'
    | 'daytime-without-interruption';
  /** Null: there is nothing to compute it from. */
  readonly value: number | null;
  readonly unit: 'hours' | 'per day' | 'share';
  /** The deployments that make it. */
  readonly deployments: readonly string[];
};
export type Wait = { readonly gate: string; readonly hours: number; readonly deployments: readonly string[] };
export type Measures = { readonly installations: number; readonly figures: readonly Figure[]; readonly waits: readonly Wait[] };

export type Period = { readonly from: Temporal.Instant; readonly to: Temporal.Instant };

const afterwardsMs = 24 * 3_600_000;
const day = { from: 8, to: 19, timeZone: 'Europe/Paris' };

/** Of the installations that ended in the period; `attempts` are all of the environment, in the order they were asked for. */
export function measuresOf(attempts: readonly Attempt[], period: Period): Measures {
  return { ...figuresOf(attempts, period), waits: waitsOf(attempts, period) };
}

/** The same without where time is lost. */
export function figuresOf(attempts: readonly Attempt[], { from, to }: Period): Omit<Measures, 'waits'> {
  const begun = attempts.filter(
    ({ startedAt, state }) => startedAt !== null && (state === 'succeeded' || state === 'rolled-back' || state === 'failed'),
  );
  const inside = begun.filter(
    ({ endedAt }) => endedAt !== null && ms(endedAt) >= from.epochMilliseconds && ms(endedAt) < to.epochMilliseconds,
  );
  const good = inside.filter(({ state }) => state === 'succeeded');
  const ofComponent = Map.groupBy(begun, ({ component }) => component);
  const failed = inside.filter((one) => hasFailed(one, ofComponent.get(one.component) ?? []));
  const days = (to.epochMilliseconds - from.epochMilliseconds) / 86_400_000;
  return {
    installations: inside.length,
    figures: [
      leadTime(good),
      { name: 'deployment-frequency', value: days > 0 ? good.length / days : null, unit: 'per day', deployments: ids(good) },
      share('change-failure-rate', failed, inside),
      timeToRestore(failed, ofComponent),
      share('rework-rate', inside.filter(isRework), inside),
      share(
        'daytime-without-interruption',
        good.filter(inDaytime).filter(({ failedRequests }) => failedRequests === 0),
        good.filter(inDaytime),
      ),
    ],
  };
}

/** The period cut into so many equal parts. */
export function slicesOf({ from, to }: Period, count: number): readonly Period[] {
  const at = (index: number): Temporal.Instant =>
    Temporal.Instant.fromEpochMilliseconds(
      Math.round(from.epochMilliseconds + ((to.epochMilliseconds - from.epochMilliseconds) * index) / count),
    );
  return Array.from({ length: count }, (_, index) => ({ from: at(index), to: at(index + 1) }));
}

function isRework({ purpose, incident }: Attempt): boolean {
  return purpose === 'rollback' || incident !== null;
}

/** `others` are those of the same component. */
function hasFailed(one: Attempt, others: readonly Attempt[]): boolean {
  if (one.state !== 'succeeded') return true;
  const next = others.find((other) => other.requestedAt > (one.endedAt ?? ''));
  return next !== undefined && isRework(next) && ms(next.requestedAt) - ms(one.endedAt ?? '') <= afterwardsMs;
}

/** The median time from a commit to its installation. */
function leadTime(good: readonly Attempt[]): Figure {
  const forward = good.filter(({ purpose, commitsAt }) => purpose === 'deploy' && commitsAt.length > 0);
  const hours = forward.flatMap(({ commitsAt, endedAt }) => commitsAt.map((at) => (ms(endedAt ?? '') - ms(at)) / 3_600_000));
  return { name: 'lead-time', value: median(hours), unit: 'hours', deployments: ids(forward) };
}

/** The median time from a failure to the next success of the component; what was put back by itself took as long as it took. */
function timeToRestore(failed: readonly Attempt[], ofComponent: ReadonlyMap<string, readonly Attempt[]>): Figure {
  const hours = failed.flatMap((one) => {
    if (one.state === 'rolled-back') return [(ms(one.endedAt ?? '') - ms(one.startedAt ?? '')) / 3_600_000];
    const cure = ofComponent
      .get(one.component)
      ?.find((other) => other.state === 'succeeded' && (other.endedAt ?? '') > (one.endedAt ?? ''));
    return cure === undefined ? [] : [(ms(cure.endedAt ?? '') - ms(one.endedAt ?? '')) / 3_600_000];
  });
  return { name: 'time-to-restore', value: median(hours), unit: 'hours', deployments: ids(failed) };
}

function share(name: Figure['name'], part: readonly Attempt[], whole: readonly Attempt[]): Figure {
  return { name, value: whole.length === 0 ? null : part.length / whole.length, unit: 'share', deployments: ids(part) };
}

function inDaytime({ startedAt }: Attempt): boolean {
  if (startedAt === null) return false;
  const local = Temporal.Instant.from(startedAt).toZonedDateTimeISO(day.timeZone);
  return local.dayOfWeek <= 5 && local.hour >= day.from && local.hour < day.to;
}

/**
 * Where time is lost: for each gate, how long releases were held by it, from the first request that it refused to the first one that it
 * let through (or to the end of the period), and as long as one waited for it; and `turn`: how long those that were let through waited for
 * their turn.
 */
function waitsOf(attempts: readonly Attempt[], { from, to }: Period): readonly Wait[] {
  const found = new Map<string, { ms: number; deployments: Set<string> }>();
  const add = (gate: string, begin: number, end: number, deployments: readonly string[]): void => {
    const lost = Math.min(end, to.epochMilliseconds) - Math.max(begin, from.epochMilliseconds);
    if (lost <= 0) return;
    const wait = found.get(gate) ?? { ms: 0, deployments: new Set() };
    found.set(gate, { ms: wait.ms + lost, deployments: new Set([...wait.deployments, ...deployments]) });
  };
  const end = (time: string | null): number => (time === null ? to.epochMilliseconds : ms(time));
  for (const requests of Map.groupBy(attempts, ({ component, version }) => `${component}@${version}`).values()) {
    for (const gate of new Set(requests.flatMap(({ closedGates }) => closedGates))) {
      const first = requests.findIndex(({ closedGates }) => closedGates.includes(gate));
      const later = requests.slice(first);
      const through = later.find(({ closedGates }) => !closedGates.includes(gate));
      const held = later.filter(({ closedGates }) => closedGates.includes(gate));
      add(gate, ms(later[0]?.requestedAt ?? ''), through === undefined ? to.epochMilliseconds : ms(through.requestedAt), ids(held));
    }
  }
  for (const { deployment, requestedAt, startedAt, endedAt, holds } of attempts) {
    for (const hold of holds) add(hold.gate, ms(hold.from), hold.to === null ? end(endedAt) : ms(hold.to), [deployment]);
    const letGo = Math.max(ms(requestedAt), ...holds.map((hold) => end(hold.to)));
    if (startedAt !== null) add('turn', letGo, ms(startedAt), [deployment]);
  }
  return [...found]
    .map(([gate, wait]) => ({ gate, hours: wait.ms / 3_600_000, deployments: [...wait.deployments] }))
    .toSorted((a, b) => b.hours - a.hours);
}

function ids(attempts: readonly Attempt[]): readonly string[] {
  return attempts.map(({ deployment }) => deployment);
}

function ms(at: string): number {
  return Date.parse(at);
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
