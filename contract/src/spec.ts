/**
 * A manifest with every default filled in: what a release keeps and what the engines are told.
 *
 * Durations are milliseconds, sizes bytes, CPUs thousandths; what is absent is null. The defaults are those of the schema.
 */
import type { Manifest } from './manifest-schema.ts';
import { type Operation, operationOf } from './operate.ts';
import { bytesOf, millisecondsOf, millisOf } from './quantity.ts';
import { type Rollout, rolloutOf } from './rollout.ts';

export type Replicas = { readonly min: number; readonly max: number };
export type Resources = { readonly cpuMillis: number | null; readonly memoryBytes: number | null };

export type Configuration = {
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly secrets: readonly { readonly name: string; readonly ref: string }[];
};

export type Overlay = Configuration & {
  readonly replicas: Replicas | null;
  readonly resources: Resources | null;
  readonly schedule: string | null;
  readonly rollout: Rollout | null;
};

export type Run = Operation & {
  readonly command: readonly string[] | null;
  readonly port: number;
  readonly health: {
    readonly path: string | null;
    readonly command: readonly string[] | null;
    readonly withinMs: number;
    readonly minReadyMs: number;
  };
  readonly check: { readonly path: string; readonly status: number; readonly contains: string | null; readonly withinMs: number } | null;
  readonly replicas: Replicas;
  readonly resources: Resources;
  readonly stopGraceMs: number;
  readonly rollout: Rollout;
  readonly volumes: readonly { readonly name: string; readonly path: string }[];
  readonly schedule: string | null;
  readonly timeZone: string;
  readonly deadlineMs: number;
};

/** A contract that a component keeps, in a version. */
export type Provided = { readonly contract: string; readonly version: string };
/** What a component needs of another one: a contract, in a range of semantic versions. */
export type Requirement = { readonly component: string; readonly contract: string; readonly range: string };

export type Spec = {
  readonly kind: 'Service' | 'Job';
  readonly name: string;
  readonly system: string;
  readonly team: string | null;
  readonly description: string | null;
  readonly criticality: 'low' | 'medium' | 'high' | 'critical';
  readonly run: Run;
  readonly dependsOn: readonly string[];
  /** Absent where none is written, so that a release without them keeps its digest. */
  readonly provides?: readonly Provided[];
  readonly requires?: readonly Requirement[];
  readonly config: Configuration;
  readonly environments: Readonly<Record<string, Overlay>>;
};

/** How the image of a manifest is made. With `image` it exists already; with `containerfile` an engine builds it; else it is assembled. */
export type BuildPlan = {
  readonly artifact: string;
  readonly socle: string;
  readonly containerfile: string | null;
  readonly image: string | null;
  readonly dependencies: readonly string[];
  readonly compression: 'gzip' | 'zstd';
};

/** The specification of a manifest: every default filled in. */
export function normalise(manifest: Manifest): Spec {
  const { metadata, dependsOn: dependencies = [] } = manifest;
  const requires = dependencies.flatMap(requirementOf);
  return {
    kind: manifest.kind,
    name: metadata.name,
    system: metadata.system,
    team: metadata.team ?? null,
    description: metadata.description ?? null,
    criticality: metadata.criticality ?? 'medium',
    run: runOf(manifest),
    dependsOn: [...new Set(dependencies.map(nameOf))],
    ...(manifest.provides === undefined || manifest.provides.length === 0 ? {} : { provides: manifest.provides }),
    ...(requires.length === 0 ? {} : { requires }),
    config: configurationOf(manifest.config ?? {}),
    environments: Object.fromEntries(Object.entries(manifest.environments ?? {}).map(([name, written]) => [name, overlayOf(written)])),
  };
}

type Dependency = NonNullable<Manifest['dependsOn']>[number];

function nameOf(dependency: Dependency): string {
  return typeof dependency === 'string' ? dependency : dependency.name;
}

/** A name alone asks for nothing but that it is there. */
function requirementOf(dependency: Dependency): readonly Requirement[] {
  if (typeof dependency === 'string') return [];
  const { name, contract, version } = dependency;
  if (contract === undefined && version === undefined) return [];
  return [{ component: name, contract: contract ?? name, range: version ?? '*' }];
}

/** The build part of a manifest: every default filled in. */
export function buildOf(manifest: Manifest): BuildPlan {
  const { build = {} } = manifest;
  return {
    artifact: build.artifact ?? '.',
    socle: build.socle ?? 'node-26',
    containerfile: build.containerfile ?? null,
    image: build.image ?? null,
    dependencies: build.dependencies ?? ['node_modules'],
    compression: build.compression ?? 'gzip',
  };
}

const usual = {
  command: null,
  port: 8080,
  health: {},
  resources: {},
  stop: { grace: '10s' },
  volumes: [],
  schedule: null,
  timeZone: 'Europe/Paris',
  deadline: '1h',
} as const;

function runOf({ kind, run = {} }: Manifest): Run {
  const { command, port, volumes, schedule, timeZone, ...written } = { ...usual, ...run };
  return {
    command,
    port,
    health: healthOf(written.health),
    check: run.check === undefined ? null : checkOf(run.check),
    replicas: replicasOf(run.replicas ?? (kind === 'Job' ? 1 : 2)),
    resources: resourcesOf(written.resources),
    stopGraceMs: millisecondsOf(written.stop.grace ?? '10s'),
    rollout: rolloutOf(run.rollout),
    volumes,
    schedule,
    timeZone,
    deadlineMs: millisecondsOf(written.deadline),
    ...operationOf(run),
  };
}

type Written<Key extends keyof NonNullable<Manifest['run']>> = NonNullable<NonNullable<Manifest['run']>[Key]>;
type WrittenOverlay = NonNullable<Manifest['environments']>[string];

function healthOf(health: Written<'health'>): Run['health'] {
  return {
    path: health.path ?? null,
    command: health.command ?? null,
    withinMs: millisecondsOf(health.within ?? '30s'),
    minReadyMs: millisecondsOf(health.minReady ?? '0s'),
  };
}

function checkOf(check: Written<'check'>): Run['check'] {
  return {
    path: check.path,
    status: check.status ?? 200,
    contains: check.contains ?? null,
    withinMs: millisecondsOf(check.within ?? '5s'),
  };
}

function replicasOf(replicas: Written<'replicas'>): Replicas {
  return typeof replicas === 'number' ? { min: replicas, max: replicas } : replicas;
}

function resourcesOf({ cpu, memory }: Written<'resources'>): Resources {
  return { cpuMillis: cpu === undefined ? null : millisOf(cpu), memoryBytes: memory === undefined ? null : bytesOf(memory) };
}

function configurationOf(written: NonNullable<Manifest['config']>): Configuration {
  return {
    env: Object.fromEntries(Object.entries(written.env ?? {}).map(([name, value]) => [name, String(value)])),
    files: written.files ?? [],
    secrets: written.secrets ?? [],
  };
}

function overlayOf(written: WrittenOverlay): Overlay {
  return {
    ...configurationOf(written),
    replicas: written.replicas === undefined ? null : replicasOf(written.replicas),
    resources: written.resources === undefined ? null : resourcesOf(written.resources),
    schedule: written.schedule ?? null,
    rollout: written.rollout === undefined ? null : rolloutOf(written.rollout),
  };
}
