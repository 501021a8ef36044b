/**
 * A release: an image by digest with everything needed to run it in any environment, under one digest.
 *
 * It is immutable: the same component and version never names two digests.
 */
import type { Commit } from './commit.ts';

export type ComponentKind = 'Service' | 'Job';
export type Criticality = 'low' | 'medium' | 'high' | 'critical';
export type Storey = 'vendor' | 'socle' | 'dependencies' | 'application';
export type Layer = { readonly digest: string; readonly sizeBytes: number; readonly storey: Storey };

export type Replicas = { readonly min: number; readonly max: number };
export type Resources = { readonly cpuMillis: number | null; readonly memoryBytes: number | null };
export type ConfigFile = { readonly path: string; readonly content: string };
export type SecretReference = { readonly name: string; readonly ref: string };
export type Volume = { readonly name: string; readonly path: string };

/** How an instance says that it is ready. Without a path a TCP connection must open. */
export type Health = { readonly path: string | null; readonly withinMs: number; readonly minReadyMs: number };
/** A request that every new instance must answer as it says before traffic reaches it. */
export type Check = {
  readonly path: string;
  readonly status: number;
  readonly contains: string | null;
  readonly withinMs: number;
};

export type Run = {
  readonly command: readonly string[] | null;
  readonly port: number;
  readonly health: Health;
  readonly check: Check | null;
  readonly replicas: Replicas;
  readonly resources: Resources;
  readonly stopGraceMs: number;
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
};

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
