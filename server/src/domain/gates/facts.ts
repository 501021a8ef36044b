/** What the gates look at, gathered at one instant; the gates themselves ask nobody. */
import type { Calendar } from '../calendar/entry.ts';
import type { ChangeOutlook } from '../changes/kind.ts';
import type { DeploymentPurpose } from '../deployment.ts';
import type { Evidence } from '../evidence.ts';
import type { Exemption, GateSettings } from '../platform.ts';
import type { ComponentKind, Criticality, Replicas, Resources } from '../release.ts';
import type { Threat } from '../trains/coming.ts';
import type { Broken } from '../trains/contract.ts';
import type { Approval } from './approval.ts';
import type { Override } from './override.ts';

export type GateFacts = {
  readonly now: Temporal.Instant;
  /** `before`: it has not started; `moving`: it has, and is asked again before a step. */
  readonly moment: 'before' | 'moving';
  /** The stages in order. */
  readonly stages: readonly Stage[];
  readonly environment: string;
  readonly purpose: DeploymentPurpose;
  /** The incident that is mended by this, as its reference; null for an ordinary deployment. */
  readonly incident: string | null;
  /** Who asks for the deployment. */
  readonly requester: string;
  readonly release: ReleaseFacts;
  /** What this environment asks for. */
  readonly settings: GateSettings;
  /** The environments in which this release digest has a verification that was not revoked. */
  readonly verifiedIn: readonly string[];
  /** The environments in which its verification was revoked, with the reason. */
  readonly revokedIn: Readonly<Record<string, string>>;
  /** What it went through in the environment before; null in the first one. */
  readonly soak: SoakFacts | null;
  /** Another release that proves itself here; null when none does, or when it is asked to make room. */
  readonly slot: SlotFacts | null;
  /** The newest first. */
  readonly evidence: readonly Evidence[];
  readonly exemptions: readonly Exemption[];
  readonly socle: SocleFacts;
  readonly readiness: ReadinessFacts;
  readonly calendar: Calendar;
  /** Who holds everything, and why. */
  readonly stop: StopFacts | null;
  /** What an approval is bound to. */
  readonly planHash: string;
  readonly approvals: readonly Approval[];
  /** One that is approved for this release and environment, and that this deployment may use. */
  readonly override: Override | null;
  readonly capacity: CapacityFacts;
  readonly dependencies: DependencyFacts;
  /** Null where no train is to come. */
  readonly trains: TrainFacts | null;
  /** The kind of its change; null where no change is needed, or nobody asks for its kind. */
  readonly change: ChangeOutlook | null;
};

export type Stage = { readonly name: string; readonly mandatory: boolean };

export type ReleaseFacts = {
  readonly component: string;
  readonly version: string;
  readonly digest: string;
  readonly system: string;
  readonly criticality: Criticality;
  readonly kind: ComponentKind;
  /** In this environment. */
  readonly replicas: Replicas;
  readonly resources: Resources;
  /** Whether it says how an instance shows that it is ready. */
  readonly showsReadiness: boolean;
  readonly stopGraceMs: number;
};

export type SoakFacts = {
  readonly environment: string;
  /** How long the release has been the current one there, all its stays together. */
  readonly residedMs: number;
  /** Whether it still is. */
  readonly resides: boolean;
  /** Requests it answered there; a job has none. */
  readonly requests: number;
  /** Runs that succeeded there. */
  readonly jobRuns: number;
};

/** A release that proves itself in this environment for the next one, which protects it meanwhile. */
export type SlotFacts = {
  readonly release: Pick<ReleaseFacts, 'component' | 'version' | 'kind'>;
  /** The environment that asks for the proof. */
  readonly to: string;
  readonly wanted: NonNullable<GateSettings['soak']>;
  readonly soak: SoakFacts;
};

export type SocleFacts = {
  /** The socle it stands on, with its version, `node-26 3`; null when it is none of the platform. */
  readonly name: string | null;
  /** The last day of support, if one is told. */
  readonly supportedUntil: string | null;
  /** Why nobody should build on it any more. */
  readonly deprecated: { readonly reason: string; readonly instead: string | null } | null;
};

export type ReadinessFacts = {
  readonly lines: readonly string[];
  readonly signed: readonly { readonly line: string; readonly by: string; readonly expiresAt: string | null }[];
};

export type StopFacts = { readonly by: string; readonly reason: string; readonly at: string };

/** Sums of limits: of all that runs in the environment, and of the set that would start beside it. */
export type CapacityFacts = { readonly used: Sum; readonly needed: Sum };
export type Sum = { readonly cpuMillis: number; readonly memoryBytes: number };

export type TrainFacts = {
  /** The train that moves another release of this component here now. */
  readonly moving: string | null;
  /** The trains that this release would break. */
  readonly threats: readonly Threat[];
};

export type DependencyFacts = {
  /** What the release calls. */
  readonly names: readonly string[];
  /** Of these, what is not in the environment. */
  readonly missing: readonly string[];
  /** What would not be met there: of the release itself, and of others that lacked nothing before. */
  readonly broken: readonly Broken[];
};

/** `web@1.4.0`, as people name a release. */
export function nameOf({ release }: { readonly release: Pick<ReleaseFacts, 'component' | 'version'> }): string {
  return `${release.component}@${release.version}`;
}
