/**
 * The engine port: what runs containers and brings them traffic.
 *
 * The same four verbs on every engine: observe what runs, plan (pure, shown to people before it runs), perform one step (safe to
 * repeat, also by another server after a crash), and follow what changes. `engine.contract.ts` is the suite that every
 * driver passes; a gap is listed there with its reason.
 */
import type { Holding, Leftover } from '../../domain/cleaning/leftover.ts';
import type { Deviation, Stranger } from '../../domain/drift/drift.ts';
import type { Observed } from '../../domain/instance.ts';
import type { Step } from '../../domain/rollout/step.ts';
import type { Place, Workload } from '../../domain/workload.ts';

/** How to read images from the registry that holds them. */
export type RegistryAccess = {
  readonly host: string;
  /** Asked at each pull: what a registry takes may change. Null where it asks nothing. */
  login(): Promise<{ readonly username: string; readonly password: string } | null>;
};

/** What a step did. A step that could not do its work throws `BelugaError`; `retry` in the catalogue says whether again may help. */
export type StepOutcome = { readonly sentence: string };

export type LogLine = {
  /** RFC 3339 with the engine's precision. */
  readonly at: string;
  readonly instance: string;
  readonly stream: 'out' | 'err';
  readonly text: string;
};
export type LogOptions = {
  readonly tail?: number;
  /** RFC 3339. */
  readonly since?: string;
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
};

/** Something happened to what runs; the reconcilers look again. `place` is null when it concerns the whole engine. */
export type EngineChange = { readonly kind: 'instance' | 'engine-up' | 'engine-down'; readonly place: Place | null; readonly what: string };

/** Counters of the router for one place since it started, monotonic. */
export type RouterCounters = {
  readonly requests: number;
  readonly failed: number;
  /** Requests it has in flight now. */
  readonly inFlight: number;
  /** Until the answer, in milliseconds, on average over the last requests; absent where the router does not say. */
  readonly latencyMs?: number;
  /** By kind: `status-5xx`, `connect`, `response`. */
  readonly failures: Readonly<Record<string, number>>;
};

export type PlacedInstance = { readonly name: string; readonly place: Place; readonly running: boolean };

/** What an instance uses. */
export type Usage = {
  readonly instance: string;
  /** CPU time since it started, in milliseconds. */
  readonly cpuMs: number;
  /** Without what could be given back at once (the working set of Kubernetes). */
  readonly memoryBytes: number;
};

/** Whether an instance is alive, or ready: a command in it ends with 0, GET on the path, or a connection without either. */
export type Probe = { readonly path: string | null; readonly command?: readonly string[]; readonly timeoutMs: number };

/** What instances of a place said when they were asked by command; of the others nothing new is known. */
export type Said = { readonly ready: readonly string[]; readonly unready: readonly string[] };

/** A quick look at everything. */
export type Survey = {
  /** By `component.environment`: a text that differs as soon as something about the place may differ. */
  readonly marks: ReadonlyMap<string, string>;
  readonly strangers: readonly Stranger[];
};

export type EngineInfo = { readonly kind: string; readonly version: string };

/** One run of a job: a container that starts, ends, and is kept until its log and exit code are recorded. */
export type TaskOutcome = { readonly exitCode: number; readonly log: readonly string[] };

export interface Engine {
  /** Who answers; throws `engine-unreachable`. */
  info(): Promise<EngineInfo>;
  /** Makes ready what workloads stand on: a network for each environment, the router running. Safe to repeat; adopts what runs. */
  prepare(environments: readonly string[]): Promise<void>;
  /** What runs of one workload now. */
  observe(place: Place): Promise<Observed>;
  /** Every instance that is there, also one that ended, and every run of a job; of one place when it is given. */
  instances(place?: Place): Promise<readonly PlacedInstance[]>;
  /** Calls it with each that ended before it is removed, while its log can be read, and waits for it for a few seconds. */
  beforeRemoval(listener: (place: Place, instance: string) => Promise<void>): void;
  /** Every place of which something runs, also what nobody recorded. */
  places(): Promise<readonly Place[]>;
  /** How the containers of a workload, and its address, differ from how this engine makes them, beyond what `observe` tells. */
  compare(desired: Workload): Promise<readonly Deviation[]>;
  /** Says where a closer look is worth it, at the cost of one question. */
  survey(): Promise<Survey>;
  /** The steps from what runs to what is wanted; empty when it is so. Pure. */
  plan(desired: Workload | null, observed: Observed): readonly Step[];
  /** The steps that put back what served before (`former`), after `plan` could not be carried through. Pure. */
  undo(desired: Workload, observed: Observed, former: Workload | null): readonly Step[];
  /**
   * Does one step of one workload. Repeating a step that is done changes nothing. Stops early when `signal` aborts. A place is enough
   * for the steps that take instances away; the others need the workload.
   */
  perform(desired: Workload | Place, step: Step, signal: AbortSignal): Promise<StepOutcome>;
  /** Where the component is reached from this machine; the same for its whole life. */
  address(place: Place): Promise<string>;
  /** Opens (or keeps) the address of a place on a port that was recorded for it, and its name for the components of its environment. */
  route(place: Place, port: number): Promise<void>;
  /** The ports this engine can give to addresses, free ones and given ones alike. */
  readonly ports: { readonly first: number; readonly last: number };
  /** The log of one instance, also after it ended, while its container is kept. */
  logs(instance: string, options: LogOptions): AsyncIterable<LogLine>;
  /** Follows what changes until `signal` aborts; reconnects by itself. */
  changes(signal: AbortSignal): AsyncIterable<EngineChange>;
  counters(place: Place): Promise<RouterCounters>;
  /** What the running instances of a place use; one that nothing can be said of is left out. */
  usage(place: Place): Promise<readonly Usage[]>;
  /** Null when the instance is well, else why not. */
  probe(instance: string, probe: Probe): Promise<string | null>;
  /**
   * Keeps new requests from those that are not ready: for half a minute, or until they are said to be ready. Not where nobody of the place is
   * ready, and not from the last one that serves.
   */
  heed(place: Place, said: Said): Promise<void>;
  /** Ends an instance and keeps it: from then on only a `start` step brings it back, not the engine by itself. */
  hold(instance: string, graceMs: number): Promise<void>;
  /** Runs a task to its end under a name; the same name twice waits for the first. Stops it after `deadlineMs`. */
  task(workload: Workload, name: string, deadlineMs: number, signal: AbortSignal): Promise<TaskOutcome>;
  /** Removes what a task left; safe to repeat. */
  forget(task: string): Promise<void>;
  /** What the engine holds that may be left over: images, this platform's networks, tasks and files. */
  holdings(): Promise<readonly Holding[]>;
  /** Takes one of them away; false when somebody uses it after all. */
  discard(leftover: Leftover): Promise<boolean>;
  /** Stops everything that runs under this platform's name, and the router; volumes are kept. Only for `beluga down`. */
  shutDown(): Promise<void>;
}
