/**
 * Drift: what runs differs from what was recorded.
 *
 * An engine tells how its containers and addresses differ from how they are made (`Deviation`); what is there and should not be, or is gone,
 * follows from what was seen before. Found ones are kept until they are gone, put right by policy (`repair`) or only told.
 */
import { type Instance, instanceName, type Observed } from '../instance.ts';
import { wantedNames } from '../rollout/plan.ts';
import type { Place, Workload } from '../workload.ts';

export const driftKinds = [
  'removed',
  'stopped',
  'paused',
  'image',
  'configuration',
  'limits',
  'network',
  'added',
  'route',
  'secret',
  'stranger',
] as const;
export type DriftKind = (typeof driftKinds)[number];

export type Deviation = {
  /** The instance it is about; empty for the address of the component, or for its secrets. */
  readonly instance: string;
  readonly kind: DriftKind;
  readonly sentence: string;
};

/** What is done about it: put right, or only told. */
export type Repair = 'always' | 'report';

export type Drift = Place &
  Deviation & {
    readonly id: string;
    readonly repair: Repair;
    /** What the engine called it, such as `pause`; null when comparing found it. */
    readonly event: string | null;
    /** RFC 3339. */
    readonly foundAt: string;
    /** Null while it stands. */
    readonly repairedAt: string | null;
  };

/** Something on this platform's networks, or under its name, that is not its own. */
export type Stranger = { readonly environment: string; readonly name: string; readonly sentence: string };

export type Seen = {
  readonly observed: Observed;
  /** What the engine tells of it. */
  readonly told: readonly Deviation[];
  /** The instances that served when nothing moved the last time. */
  readonly served: readonly string[];
  /** Of those that are more than wanted (`surplusOf`), the ones that the platform started itself and has not stopped yet. */
  readonly started: readonly string[];
  /** Those that Beluga itself keeps down for a while. */
  readonly held: readonly string[];
};

/** How what runs at a place where nothing moves differs from what is wanted. */
export function deviationsOf(desired: Workload, { observed, told, served, started, held }: Seen): readonly Deviation[] {
  const wanted = new Set(wantedNames(desired));
  const there = new Map(observed.instances.map((instance) => [instance.name, instance]));
  const gone = served.filter((name) => wanted.has(name) && !there.has(name)).map(removed);
  const unreached = served.flatMap((name) => unrouted(there.get(name)));
  const surplus = surplusOf(desired, observed).filter((name) => !started.includes(name));
  const extra = observed.instances.filter((instance) => isStrange(desired, instance) || surplus.includes(instance.name)).map(added);
  const known = told.filter(({ instance }) => instance === '' || (wanted.has(instance) && !held.includes(instance)));
  return [...gone, ...known, ...unreached, ...extra];
}

/** Those that look like instances of the release and are more than wanted: still there after a scale, or made by somebody else. */
export function surplusOf(desired: Workload, { instances }: Observed): readonly string[] {
  const wanted = new Set(wantedNames(desired));
  return instances.filter((instance) => !wanted.has(instance.name) && !isStrange(desired, instance)).map(({ name }) => name);
}

/** What an engine called what happened, when it said so of this instance: `pause` of `beluga.web.dev.4f1c.0: pause`. */
export function eventAbout(instance: string, event: string | null): string | null {
  const [name = '', word] = event?.split(': ') ?? [];
  return word !== undefined && instance !== '' && name.endsWith(instance) ? word : null;
}

/** Those that served when nothing moved, as far as they are still wanted. */
export function servedOf(desired: Workload, before: readonly string[], serving: readonly string[]): readonly string[] {
  return wantedNames(desired).filter((name) => before.includes(name) || serving.includes(name));
}

/** Made otherwise than recorded: it is replaced, by another one first. */
const replaced: ReadonlySet<DriftKind> = new Set(['image', 'configuration', 'limits', 'network']);

/**
 * What the planner is shown: an altered instance is replaced, and what is only to be told is shown as if it were right, so that nobody
 * touches it.
 */
export function shownToPlanner(desired: Workload, observed: Observed, deviations: readonly Deviation[]): Observed {
  if (deviations.length === 0) return observed;
  if (desired.repair === 'report') return { ...observed, instances: asIfRight(desired, observed, deviations) };
  const altered = new Set(deviations.flatMap(({ kind, instance }) => (replaced.has(kind) ? [instance] : [])));
  return {
    ...observed,
    instances: observed.instances.map((instance) => (altered.has(instance.name) ? { ...instance, altered: true } : instance)),
  };
}

/** The workload as a repair moves it: what was judged when it was installed is not put on trial again. */
export function repaired(desired: Workload): Workload {
  return desired.rollout.strategy === 'canary' ? { ...desired, rollout: { ...desired.rollout, strategy: 'blue-green' } } : desired;
}

function asIfRight(desired: Workload, { instances }: Observed, deviations: readonly Deviation[]): readonly Instance[] {
  const about = new Map(deviations.map((deviation) => [deviation.instance, deviation.kind]));
  const there = new Set(instances.map(({ name }) => name));
  const removed = deviations.filter(({ kind, instance }) => kind === 'removed' && !there.has(instance));
  const gone = removed.map(({ instance }) => stand(desired, instance));
  const kept = instances.filter(({ name }) => about.get(name) !== 'added');
  return [...kept.map((instance) => (about.has(instance.name) ? right(instance) : instance)), ...gone];
}

function right(instance: Instance): Instance {
  return { ...instance, state: 'running', healthy: true, traffic: 'serving' };
}

function stand({ generation, version, image }: Workload, name: string): Instance {
  const ordinal = Number(name.slice(name.lastIndexOf('.') + 1));
  const life = { state: 'running', traffic: 'serving', healthy: true, restarts: 0, exitCode: null, startedAt: null } as const;
  return { name, generation, version, image, ordinal, ...life };
}

function removed(name: string): Deviation {
  return { instance: name, kind: 'removed', sentence: `The container of ${name} is gone.` };
}

function unrouted(instance: Instance | undefined): readonly Deviation[] {
  if (instance?.state !== 'running' || instance.traffic === 'serving' || instance.traffic === 'canary') return [];
  const how = instance.traffic === 'drain' ? 'lets it drain' : 'does not know it any more';
  return [{ instance: instance.name, kind: 'route', sentence: `Requests do not reach ${instance.name}: the router ${how}.` }];
}

function added({ name, image }: Instance): Deviation {
  return { instance: name, kind: 'added', sentence: `${name} runs ${image === '' ? 'something' : image}, which no deployment brought.` };
}

/** Of another generation than the recorded one, or under a name that no instance has. */
function isStrange(desired: Workload, { name, generation, ordinal }: Instance): boolean {
  return generation !== desired.generation || name !== instanceName(desired, generation, ordinal);
}
