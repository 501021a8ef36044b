/** Moves applications to the newest version of a socle, wave by wave, by registry operations alone. */
import type { MovedView, RebasePlanView } from '@beluga/contract';
import type { LayerCache } from '@beluga/oci/cache';
import type { Image } from '@beluga/oci/image';
import type { PushReport } from '@beluga/oci/push';
import { type Base, rebaseImage } from '@beluga/oci/rebase';
import { parseReference } from '@beluga/oci/reference';
import { Registry } from '@beluga/oci/registry';
import { fetchImage } from '@beluga/oci/remote';
import type { Io } from '../output/io.ts';
import { problemOf } from '../output/problem.ts';
import type { ImagePlatform } from '../platform/registry.ts';
import { cacheOf } from './vendor.ts';

type Wave = RebasePlanView['waves'][number];
type Item = Wave['items'][number];

export type Moved = {
  readonly component: string;
  readonly version: string;
  readonly newVersion: string;
  readonly image: string;
  readonly sentBytes: number;
};
export type Failed = { readonly component: string; readonly version: string; readonly problem: string };
export type Rebased = {
  readonly moved: readonly Moved[];
  readonly failed: readonly Failed[];
  /** How many were not begun after a failure. */
  readonly left: number;
};

/** So many are pushed at once and registered in one call. */
const mostAtOnce = 24;

/** Performs a plan; after something failed nothing more is begun. */
export async function rebaseAll(io: Io, platform: ImagePlatform, plan: RebasePlanView): Promise<Rebased> {
  const registry = new Registry(platform.registry.host, platform.registry.options);
  const moved: Moved[] = [];
  try {
    const mover = await openMover(platform, registry, plan, cacheOf(io));
    for (const [at, wave] of plan.waves.entries()) {
      const text = wordsOf(wave, at, plan.waves.length);
      const results = await io.progress.during(text, () => moveWave(wave.items, mover), stoppedWords(wave));
      moved.push(...results.flatMap((result) => (isFailed(result) ? [] : [result])));
      const failed = results.filter(isFailed);
      if (failed.length > 0) return { moved, failed, left: countOf(plan) - moved.length - failed.length };
    }
    return { moved, failed: [], left: 0 };
  } finally {
    registry.close();
  }
}

function countOf({ waves }: RebasePlanView): number {
  return waves.reduce((sum, { items }) => sum + items.length, 0);
}

function wordsOf({ system, criticality, items }: Wave, at: number, of: number): string {
  return `Wave ${at + 1} of ${of}: ${system} (${criticality}), ${items.length} ${items.length === 1 ? 'release' : 'releases'}`;
}

/** Null when the whole wave moved. */
function stoppedWords({ items }: Wave): (results: readonly (Moved | Failed)[]) => string | null {
  return (results) => {
    const failed = results.filter(isFailed).length;
    if (failed === 0) return null;
    const left = items.length - results.length;
    return `${failed} failed, ${results.length - failed} moved${left === 0 ? '' : `, ${left} not begun`}`;
  };
}

type Pushed = { readonly item: Item; readonly report: PushReport };
type Mover = {
  push(item: Item): Promise<PushReport>;
  register(pushed: readonly Pushed[]): Promise<readonly (Moved | Failed)[]>;
};

async function openMover(platform: ImagePlatform, registry: Registry, plan: RebasePlanView, cache: LayerCache): Promise<Mover> {
  const { name, number, image } = plan.onto;
  const fetched = (reference: string) => fetchImage(registry, parseReference(reference), { cache });
  const onto: Base = { image: await fetched(image), name: `socle/${name}:${number}` };
  const bases = new Map<string, Promise<Image>>();
  const baseOf = (reference: string) => {
    const found = bases.get(reference) ?? fetched(reference);
    bases.set(reference, found);
    return found;
  };
  return {
    async push(item) {
      const reference = parseReference(item.image);
      const [app, from] = await Promise.all([fetchImage(registry, reference), baseOf(item.from.image)]);
      return rebaseImage(registry, reference.repository, app, from, onto);
    },
    async register(pushed) {
      const releases = pushed.map(({ item: { component, version }, report }) => {
        const layers = report.layers.map(({ digest, sizeBytes, storey }) => ({ digest, sizeBytes, storey }));
        return { component, version, image: report.image, layers };
      });
      const { items } = await platform.client.rebaseReleases({ name, releases });
      return pushed.map((one, at) => movedOf(one, items[at]));
    },
  };
}

/** Part after part, each pushed at once and registered together. */
async function moveWave(items: readonly Item[], mover: Mover): Promise<readonly (Moved | Failed)[]> {
  const results: (Moved | Failed)[] = [];
  for (const part of partsOf(items)) {
    results.push(...(await movePart(part, mover)));
    if (results.some(isFailed)) break;
  }
  return results;
}

async function movePart(part: readonly Item[], mover: Mover): Promise<readonly (Moved | Failed)[]> {
  const results = await Promise.all(
    part.map(async (item) =>
      mover.push(item).then(
        (report): Pushed => ({ item, report }),
        (error: unknown) => failedOf(item, error),
      ),
    ),
  );
  const pushed = results.flatMap((result) => ('item' in result ? [result] : []));
  const failed = results.flatMap((result) => ('item' in result ? [] : [result]));
  if (pushed.length === 0) return failed;
  const registered = await mover.register(pushed).catch((error: unknown) => pushed.map(({ item }) => failedOf(item, error)));
  return [...registered, ...failed];
}

/** No two releases of one component in a part: they are registered in their order, so that the newest stays the newest. */
function* partsOf(items: readonly Item[]): Generator<readonly Item[], void> {
  let part: Item[] = [];
  for (const item of items) {
    if (part.length === mostAtOnce || part.some(({ component }) => component === item.component)) {
      yield part;
      part = [];
    }
    part.push(item);
  }
  if (part.length > 0) yield part;
}

function movedOf({ item, report }: Pushed, moved: MovedView | undefined): Moved | Failed {
  const { component, version } = item;
  if (moved === undefined) return { component, version, problem: 'The server said nothing of it.' };
  if (moved.outcome === 'refused') return { component, version, problem: moved.problem.detail };
  return { component, version, newVersion: moved.newVersion, image: report.image, sentBytes: report.sentBytes };
}

function failedOf({ component, version }: Item, error: unknown): Failed {
  return { component, version, problem: problemOf(error).detail };
}

function isFailed(result: Moved | Failed): result is Failed {
  return 'problem' in result;
}
