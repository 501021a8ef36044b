/**
 * A release: an image by digest with everything needed to run it in any environment, under one digest.
 *
 * It is immutable: the same component and version never names two digests.
 */
import type { Commit } from './commit.ts';

export type ComponentKind = 'Service' | 'Job';
/** From the least to the most that depends on a component. */
export const criticalities = ['low', 'medium', 'high', 'critical'] as const;
export type Criticality = (typeof criticalities)[number];
export type Storey = 'vendor' | 'socle' | 'dependencies' | 'application';
export type Layer = { readonly digest: string; readonly sizeBytes: number; readonly storey: Storey };

export type Replicas = { readonly min: number; readonly max: number };
export type Resources = { readonly cpuMillis: number | null; readonly memoryBytes: number | null };
export type ConfigFile = { readonly path: string; readonly content: string };
export type SecretReference = { readonly name: string; readonly ref: string };
export type Volume = { readonly name: string; readonly path: string };

/**
 * How an instance says that it is ready: it answers a path with 2xx or 3xx, or a command in it ends with 0; without both a TCP connection
 * must open. `withinMs` is what a start may take, `minReadyMs` how long it must stay ready to count.
 */
export type Health = {
  readonly path: string | null;
  /** Absent in releases that are older than it. */
  readonly command?: readonly string[] | null;
  readonly withinMs: number;
  readonly minReadyMs: number;
};
/** A request that every new instance must answer as it says before traffic reaches it. */
export type Check = {
  readonly path: string;
  readonly status: number;
  readonly contains: string | null;
  readonly withinMs: number;
};

/** How the new instances take over from the former ones; `rollout/plan.ts` tells what each strategy does. */
export type Rollout = {
  readonly strategy: Strategy;
  /** rolling: how many instances are replaced together. */
  readonly batch: number;
  /** canary: shares of the requests, one after the other, before all of them. */
  readonly steps: readonly CanaryStep[];
  readonly analysis: Analysis;
  /** From its start to the shift of the last request; then it goes back by itself. */
  readonly deadlineMs: number;
};
export type Strategy = 'rolling' | 'blue-green' | 'canary';
export type CanaryStep = { readonly weight: number; readonly forMs: number };
/** When a canary is as good as the former version, by what the router saw of both in the same time. */
export type Analysis = {
  /** So many requests it must have answered; fewer prove nothing. */
  readonly requests: number;
  /** So many percent more of its requests may fail. */
  readonly errorPercent: number;
  /** So many times as long its 99th percentile may be. */
  readonly latencyFactor: number;
  /** How long a step may take to prove itself when there is little traffic. */
  readonly withinMs: number;
};

/** When an instance counts as alive; one that does not answer so many times in a row is restarted. */
export type Live = { readonly path: string | null; readonly everyMs: number; readonly timeoutMs: number; readonly failures: number };
/** What decides the number of instances between the fewest and the most; a target that is null decides nothing. */
export type Scaling = {
  readonly cpuPercent: number | null;
  readonly memoryPercent: number | null;
  /** A second and instance. */
  readonly requests: number | null;
  /** In flight and instance. */
  readonly concurrency: number | null;
  readonly downAfterMs: number;
  readonly upAfterMs: number;
};
/** A task that runs once a release and environment, before its first instance. */
export type BeforeTask = { readonly name: string; readonly command: readonly string[]; readonly deadlineMs: number };
/** What a job does while one of its runs is not over: the words and the meaning of a Kubernetes CronJob. */
export type Concurrency = 'allow' | 'forbid' | 'replace';

/** Of a component while it runs; absent in releases that are older than it. */
export type Operation = {
  readonly live?: Live | null;
  readonly scaling?: Scaling | null;
  readonly before?: readonly BeforeTask[];
  readonly repair?: 'always' | 'report';
  readonly concurrency?: Concurrency;
  readonly retries?: number;
  readonly startWithinMs?: number | null;
};

export type Run = Operation & {
  readonly command: readonly string[] | null;
  readonly port: number;
  readonly health: Health;
  readonly check: Check | null;
  readonly replicas: Replicas;
  readonly resources: Resources;
  readonly stopGraceMs: number;
  /** Absent in releases that are older than it. */
  readonly rollout?: Rollout;
  readonly volumes: readonly Volume[];
  readonly schedule: string | null;
  readonly timeZone: string;
  readonly deadlineMs: number;
};

export type Configuration = {
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly ConfigFile[];
  readonly secrets: readonly SecretReference[];
};

/** What differs in one environment; what is absent is as everywhere. */
export type Overlay = Configuration & {
  readonly replicas: Replicas | null;
  readonly resources: Resources | null;
  readonly schedule: string | null;
  readonly rollout?: Rollout | null;
};

/** A contract that a component keeps, in a version. */
export type Provided = { readonly contract: string; readonly version: string };
/** What a component needs of another one: a contract, in a range of semantic versions. */
export type Requirement = { readonly component: string; readonly contract: string; readonly range: string };

/** A manifest with every default filled in. */
export type Spec = {
  readonly kind: ComponentKind;
  readonly name: string;
  readonly system: string;
  readonly team: string | null;
  readonly description: string | null;
  readonly criticality: Criticality;
  readonly run: Run;
  readonly dependsOn: readonly string[];
  /** Absent where none is written, so that a release without them keeps its digest. */
  readonly provides?: readonly Provided[];
  readonly requires?: readonly Requirement[];
  readonly config: Configuration;
  readonly environments: Readonly<Record<string, Overlay>>;
};

export type Release = {
  readonly component: string;
  readonly version: string;
  /** Over version, image, spec and commit: what is approved, verified and installed. */
  readonly digest: string;
  /** `registry/name@sha256:…`, never a tag. */
  readonly image: string;
  readonly layers: readonly Layer[];
  readonly commit: Commit | null;
  readonly spec: Spec;
};
