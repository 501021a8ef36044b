/** Moves applications to the newest version of a socle, wave by wave, by registry operations alone. */
import type { RebasePlanView } from '@beluga/contract';
import type { LayerCache } from '@beluga/oci/cache';
import type { Image } from '@beluga/oci/image';
import { type Base, rebaseImage } from '@beluga/oci/rebase';
import { parseReference } from '@beluga/oci/reference';
import { Registry } from '@beluga/oci/registry';
import { fetchImage } from '@beluga/oci/remote';
import type { Io } from '../output/io.ts';
import { problemOf } from '../output/problem.ts';
import type { ImagePlatform } from '../platform/registry.ts';
import { openRegistrar } from './registrar.ts';
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

const atOnce = 12;

/** Performs a plan; after a wave in which something failed the next does not begin. */
export async function rebaseAll(io: Io, platform: ImagePlatform, plan: RebasePlanView): Promise<Rebased> {
  const registry = new Registry(platform.registry.host, platform.registry.options);
  const moved: Moved[] = [];
  try {
    const mover = await openMover(platform, registry, plan, cacheOf(io));
    for (const [at, wave] of plan.waves.entries()) {
      const results = await io.progress.during(wordsOf(wave, at, plan.waves.length), () => eachOf(wave.items, mover));
      moved.push(...results.flatMap((result) => ('image' in result ? [result] : [])));
      const failed = results.flatMap((result) => ('image' in result ? [] : [result]));
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

type Mover = (item: Item) => Promise<Moved>;

async function openMover(platform: ImagePlatform, registry: Registry, plan: RebasePlanView, cache: LayerCache): Promise<Mover> {
  const { name, number, image } = plan.onto;
  const fetched = (reference: string) => fetchImage(registry, parseReference(reference), { cache });
  const onto: Base = { image: await fetched(image), name: `socle/${name}:${number}` };
  const register = openRegistrar(platform.client, name);
  const bases = new Map<string, Promise<Image>>();
  const baseOf = (reference: string) => {
    const found = bases.get(reference) ?? fetched(reference);
    bases.set(reference, found);
    return found;
  };
  return async (item) => {
    const { repository } = parseReference(item.image);
    const [app, from] = await Promise.all([fetchImage(registry, parseReference(item.image)), baseOf(item.from.image)]);
    const report = await rebaseImage(registry, repository, app, from, onto);
    const layers = report.layers.map(({ digest, sizeBytes, storey }) => ({ digest, sizeBytes, storey }));
    const { component, version } = item;
    const newVersion = await register({ component, version, image: report.image, layers });
    return { component, version, newVersion, image: report.image, sentBytes: report.sentBytes };
  };
}

/** Several components at once, the releases of one in their order, so that the newest stays it; what fails is told, and begins no other. */
async function eachOf(items: readonly Item[], move: Mover): Promise<readonly (Moved | Failed)[]> {
  const results: (Moved | Failed)[] = [];
  const ahead = Map.groupBy(items, ({ component }) => component).values();
  let isBroken = false;
  const work = async () => {
    for (const item of flat(ahead)) {
      if (isBroken) return;
      results.push(await move(item).catch((error: unknown) => ((isBroken = true), failedOf(item, error))));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return results;
}

function* flat<T>(groups: Iterable<readonly T[]>): Generator<T, void> {
  for (const group of groups) yield* group;
}

function failedOf({ component, version }: Item, error: unknown): Failed {
  return { component, version, problem: problemOf(error).detail };
}
