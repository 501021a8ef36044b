/** The platform as it is now: engine, registry, and every component in every environment with what runs of it. */

import type { Drift } from '../domain/drift/drift.ts';
import { spoken } from '../domain/healing/health.ts';
import { type Instance, servesWell } from '../domain/instance.ts';
import { stamp } from '../domain/stamp.ts';
import { workloadOf } from '../domain/workload.ts';
import type { EngineInfo } from '../drivers/engine/engine.ts';
import type { CurrentView } from '../store/views/views.ts';
import type { Context } from './context.ts';
import { decidedBy } from './decided.ts';
import { whyUnwell } from './why-unwell.ts';

export type StatusCell = {
  readonly component: string;
  readonly system: string;
  readonly kind: 'Service' | 'Job';
  readonly environment: string;
  readonly release: string;
  readonly releaseDigest: string;
  readonly image: string;
  readonly imageDigest: string;
  readonly replicas: { readonly wanted: number; readonly ready: number };
  readonly address: string | null;
  readonly state: 'serving' | 'degraded' | 'down' | 'scheduled' | 'deploying';
  readonly reason: string | null;
  readonly deployedAt: string;
};

export type Status = {
  readonly asOf: string;
  readonly platform: {
    readonly version: string;
    readonly engine: EngineInfo & { readonly state: 'up' | 'down' };
    readonly registry: string;
  };
  readonly environments: readonly string[];
  readonly components: readonly StatusCell[];
};

export async function describePlatform(context: Context): Promise<Status> {
  const engine = await context.engine.info().then(
    (info) => ({ ...info, state: 'up' as const }),
    () => ({ kind: 'unknown', version: 'unknown', state: 'down' as const }),
  );
  const current = await context.store.views.current();
  const drifts = await context.store.drift.list({ open: true, limit: 1_000 });
  const recorded = await recordedOf(context, current);
  const cells = await Promise.all(current.map((view) => cellOf(context, view, recorded(view), engine.state === 'up', drifts)));
  const order = (cell: StatusCell) => context.environments.indexOf(cell.environment);
  return {
    asOf: stamp(context.now()),
    platform: { version: context.version, engine, registry: context.registry.host },
    environments: context.environments,
    components: cells.toSorted((a, b) => (a.component === b.component ? order(a) - order(b) : a.component < b.component ? -1 : 1)),
  };
}

type Recorded = { readonly image: string; readonly wanted: number };

/** What is recorded of every place, read at once: in a large estate there are thousands. */
async function recordedOf(context: Context, current: readonly CurrentView[]): Promise<(view: CurrentView) => Recorded> {
  const digests = [...new Set(current.map(({ releaseDigest }) => releaseDigest))];
  const [releases, scales] = await Promise.all([context.store.releases.byDigests(digests), context.store.scale.all()]);
  const decided = new Map(scales.map((one) => [keyOf(one), one.scale]));
  return (view) => {
    const release = releases.get(view.releaseDigest);
    if (release === undefined) throw new Error(`release ${view.releaseDigest} is current and not recorded`);
    const workload = decidedBy(decided.get(keyOf(view)) ?? null, workloadOf(release, view.environment, context.hash));
    return { image: release.image, wanted: view.kind === 'Service' ? workload.replicas.min : 0 };
  };
}

function keyOf({ component, environment }: Pick<CurrentView, 'component' | 'environment'>): string {
  return `${component}/${environment}`;
}

async function cellOf(
  context: Context,
  view: CurrentView,
  { image, wanted }: Recorded,
  engineUp: boolean,
  drifts: readonly Drift[],
): Promise<StatusCell> {
  const { component, environment, system, kind, version, releaseDigest } = view;
  const service = kind === 'Service';
  const instances = service && engineUp ? (await context.engine.observe(view)).instances : [];
  const ready = instances.filter(servesWell).length;
  return {
    ...{ component, system, kind, environment, releaseDigest, release: version, image },
    imageDigest: image.slice(image.indexOf('@') + 1),
    replicas: { wanted, ready },
    address: service ? await context.engine.address(view).catch(() => null) : null,
    state: stateOf(view, wanted, ready),
    reason:
      [
        ...(service && ready < wanted ? [(await whyUnwell(context, view)) ?? whyUnready(instances)] : []),
        driftSentence(view, drifts, context.now()),
      ]
        .filter((reason) => reason !== null)
        .join('; ') || null,
    deployedAt: view.installedAt,
  };
}

/** `drift: web.dev.4f1c.0 is paused (12 s ago), being put right`. */
function driftSentence(view: CurrentView, drifts: readonly Drift[], now: Temporal.Instant): string | null {
  const [first, ...others] = drifts.filter((drift) => drift.component === view.component && drift.environment === view.environment);
  if (first === undefined) return null;
  const age = spoken(now.epochMilliseconds - Temporal.Instant.from(first.foundAt).epochMilliseconds);
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `drift: ${first.sentence.replace(/\.$/, '')}${more} (${age} ago)${first.repair === 'always' ? ', being put right' : ''}`;
}

/** In words, when instances say themselves that they are not ready. */
function whyUnready(instances: readonly Instance[]): string | null {
  const unready = instances.filter((instance) => instance.unready === true).length;
  if (unready === 0) return null;
  if (!instances.some(servesWell)) return 'no instance answers its health check; those that run go on getting requests';
  return `${unready} of ${instances.length} instances ${unready === 1 ? 'does not answer the health check and gets' : 'do not answer the health check and get'} no requests`;
}

function stateOf(view: CurrentView, wanted: number, ready: number): StatusCell['state'] {
  if (view.moving) return 'deploying';
  if (view.kind === 'Job') return 'scheduled';
  if (ready >= wanted) return 'serving';
  return ready === 0 ? 'down' : 'degraded';
}
