/** The platform as code: what `platform.yaml` says, every default filled in. */
import type { EntrySpec, Holidays } from './calendar/entry.ts';
import type { Criticality } from './release.ts';

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** What must be so before a release may come into an environment. */
export type GateSettings = {
  /** The proof from the environment before; null: none is asked for. */
  readonly soak: { readonly forMs: number; readonly requests: number; readonly jobRuns: number; readonly protected: boolean } | null;
  readonly evidence: readonly ('tests' | 'quality' | 'performance' | 'scan')[];
  /** At most so many, by severity; a severity with null is not counted. */
  readonly vulnerabilities: Readonly<Record<Severity, number | null>> | null;
  readonly signature: boolean;
  readonly provenance: boolean;
  readonly supportedSocle: boolean;
  readonly readinessFile: boolean;
  /** How many people must approve the plan. */
  readonly approvals: number;
  readonly capacity: { readonly cpuMillis: number | null; readonly memoryBytes: number | null } | null;
  readonly dependencies: boolean;
  /** The least criticality from which a component must be fit to be installed without interruption. */
  readonly zeroDowntime: Criticality | 'never';
  readonly calendar: boolean;
  readonly change: boolean;
};

export type EnvironmentSettings = {
  readonly name: string;
  /** Whether a release must be verified here before it goes further. */
  readonly mandatory: boolean;
  readonly gates: GateSettings;
};

/** The mandatory stage before another one, where a release has to be verified first; undefined for the first of them. */
export function stageBefore<T extends Pick<EnvironmentSettings, 'name' | 'mandatory'>>(stages: readonly T[], name: string): T | undefined {
  const index = stages.findIndex((stage) => stage.name === name);
  return stages.slice(0, Math.max(0, index)).findLast(({ mandatory }) => mandatory);
}

export type Exemption = {
  readonly vulnerability: string;
  /** Null: all of them. */
  readonly components: readonly string[] | null;
  /** The last day on which it holds, in the calendar's time zone. */
  readonly until: string;
  readonly reason: string;
};

export type ItsmSettings =
  | {
      readonly kind: 'servicenow';
      readonly url: string;
      readonly user: string;
      readonly password: string;
      readonly standardTemplate: string;
    }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string };

/** A channel; `url` and `secret` name the variables that hold them. */
export type ChannelSettings = {
  readonly name: string;
  readonly kind: 'teams' | 'slack' | 'email' | 'webhook';
  readonly url: string;
  readonly secret: string | null;
  readonly from: string | null;
  readonly to: readonly string[];
  readonly language: 'fr' | 'en';
  readonly systems: readonly string[] | null;
};

export type Platform = {
  /** In their order. */
  readonly environments: readonly EnvironmentSettings[];
  readonly calendar: {
    readonly timeZone: string;
    readonly holidays: Holidays;
    readonly windows: readonly EntrySpec[];
    readonly freezes: readonly EntrySpec[];
  };
  /** Null: the platform's own record is the record. */
  readonly itsm: ItsmSettings | null;
  readonly channels: readonly ChannelSettings[];
  readonly policies: {
    readonly exemptions: readonly Exemption[];
    readonly socles: readonly { readonly name: string; readonly supportedUntil: string }[];
    /** The lines of the readiness file. */
    readonly readiness: readonly string[];
  };
};
