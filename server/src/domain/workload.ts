/**
 * A workload: one release as it must run in one environment, in the words every engine understands.
 */
import type {
  Check,
  ComponentKind,
  ConfigFile,
  Health,
  Operation,
  Release,
  Replicas,
  Resources,
  Rollout,
  SecretReference,
  Volume,
} from './release.ts';
import type { SecretPrints } from './secret-prints.ts';

export type Place = { readonly component: string; readonly environment: string };

export type Workload = Place &
  Operation & {
    readonly kind: ComponentKind;
    readonly system: string;
    readonly version: string;
    readonly releaseDigest: string;
    /**
     * What makes two instances alike: image, command, port, configuration, resources. Replicas are not part of it, so that scaling
     * replaces nothing.
     */
    readonly generation: string;
    readonly image: string;
    readonly command: readonly string[] | null;
    readonly port: number;
    readonly health: Health;
    readonly check: Check | null;
    readonly replicas: Replicas;
    readonly rollout: Rollout;
    readonly resources: Resources;
    readonly stopGraceMs: number;
    readonly volumes: readonly Volume[];
    readonly env: Readonly<Record<string, string>>;
    readonly files: readonly ConfigFile[];
    readonly secrets: readonly SecretReference[];
    readonly dependsOn: readonly string[];
    /** When a job runs, in five cron fields; null for a service, or for a job that only people start. */
    readonly schedule: string | null;
  };

/** That of a release that says nothing. */
export const usualRollout: Rollout = {
  strategy: 'blue-green',
  batch: 1,
  steps: [],
  analysis: { requests: 50, errorPercent: 1, latencyFactor: 1.5, withinMs: 600_000 },
  deadlineMs: 600_000,
};

/**
 * What one release is in one environment; `hash` gives `sha256:<hex>` of a canonical text. With the fingerprints of its secrets another
 * value makes another generation.
 */
export function workloadOf(release: Release, environment: string, hash: (text: string) => string, prints: SecretPrints = {}): Workload {
  const { spec } = release;
  const overlay = spec.environments[environment];
  const shape = {
    image: release.image,
    command: spec.run.command,
    port: spec.run.port,
    resources: overlay?.resources ?? spec.run.resources,
    volumes: spec.run.volumes,
    env: environmentOf(release, environment),
    files: byKey([...spec.config.files, ...(overlay?.files ?? [])], (file) => file.path),
    secrets: byKey([...spec.config.secrets, ...(overlay?.secrets ?? [])], (secret) => secret.name),
    dependsOn: spec.dependsOn,
  };
  return {
    ...shape,
    component: release.component,
    environment,
    kind: spec.kind,
    system: spec.system,
    version: release.version,
    releaseDigest: release.digest,
    generation: generationOf(shape, prints, hash),
    health: spec.run.health,
    check: spec.run.check,
    replicas: overlay?.replicas ?? spec.run.replicas,
    rollout: overlay?.rollout ?? spec.run.rollout ?? usualRollout,
    stopGraceMs: spec.run.stopGraceMs,
    schedule: overlay?.schedule ?? spec.run.schedule,
    ...operationOf(spec.run),
  };
}

function environmentOf({ spec, version }: Release, environment: string): Readonly<Record<string, string>> {
  return {
    ...spec.config.env,
    ...spec.environments[environment]?.env,
    PORT: String(spec.run.port),
    BELUGA_COMPONENT: spec.name,
    BELUGA_SYSTEM: spec.system,
    BELUGA_ENVIRONMENT: environment,
    BELUGA_VERSION: version,
    ...Object.fromEntries(spec.dependsOn.map((name) => [variableOf(name), `http://${name}`])),
  };
}

type Shape = { readonly secrets: readonly SecretReference[] };

function generationOf(shape: Shape, prints: SecretPrints, hash: (text: string) => string): string {
  const secrets = shape.secrets.map((secret) => ({ ...secret, print: prints[secret.name] }));
  return hash(canonical({ ...shape, secrets }))
    .replace('sha256:', '')
    .slice(0, 12);
}

function operationOf(run: Operation): Operation {
  const { live = null, scaling = null, before = [], repair = 'always' } = run;
  const { concurrency = 'forbid', retries = 0, startWithinMs = null } = run;
  return { live, scaling, before, repair, concurrency, retries, startWithinMs };
}

/** JSON with sorted keys, so that equal values have equal text (after RFC 8785). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

function variableOf(component: string): string {
  return `${component.toUpperCase().replaceAll('-', '_')}_URL`;
}

/** The last entry of each key wins: the environment over the component. */
function byKey<T>(entries: readonly T[], key: (entry: T) => string): readonly T[] {
  return [...new Map(entries.map((entry) => [key(entry), entry])).values()];
}
