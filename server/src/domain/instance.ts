/**
 * An instance: one running replica of a workload, as the engine sees it.
 *
 * `created -> running -> exited`; readiness and traffic are told apart because an instance may be ready before it serves and
 * serve no longer while it still runs.
 */
export type InstanceState = 'created' | 'running' | 'paused' | 'exited';
/**
 * What the router does with it: `none` is unknown to the router, `drain` finishes what it has, `canary` gets a small share of the new
 * requests, `serving` its full part.
 */
export type Traffic = 'none' | 'drain' | 'canary' | 'serving';

export type Instance = {
  /** Unique on its engine, stable over restarts: `<component>.<environment>.<generation>.<ordinal>`. */
  readonly name: string;
  readonly generation: string;
  readonly version: string;
  readonly image: string;
  readonly ordinal: number;
  readonly state: InstanceState;
  readonly traffic: Traffic;
  /** Whether it answers its health check now (kept by the router's own while it serves); of one without traffic, whether its port opens. */
  readonly healthy: boolean;
  /** It runs and says itself that it is not ready: the router brings it back as soon as it says otherwise. */
  readonly unready?: true;
  readonly restarts: number;
  readonly exitCode: number | null;
  /** RFC 3339, null before the first start. */
  readonly startedAt: string | null;
  /** Not as it was made any more: another one takes its place. */
  readonly altered?: true;
};

/** What runs of one workload; while a canary is on trial, the share of the requests that it gets, in percent. */
export type Observed = { readonly instances: readonly Instance[]; readonly canaryPercent?: number };

/** The name an instance has on every engine: the same inputs always give the same name, so that a repeated start adopts it. */
export function instanceName(place: { component: string; environment: string }, generation: string, ordinal: number): string {
  return `${place.component}.${place.environment}.${generation}.${ordinal}`;
}

/** Whether requests reach it and are answered. */
export function servesWell(instance: Instance): boolean {
  return instance.state === 'running' && instance.healthy && instance.traffic === 'serving';
}
