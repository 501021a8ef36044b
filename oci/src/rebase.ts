import type { Digest } from './digest.ts';
import { OciError } from './errors.ts';
import { HeldBlobs } from './held-blobs.ts';
import { baseAnnotations, type Image, marked, platformOf, sealed, sorted, standard } from './image.ts';
import type { Annotations, History, ImageConfig, RunConfig } from './manifest.ts';
import type { PushReport } from './push.ts';
import { pushImage } from './push.ts';
import type { Registry } from './registry.ts';

/** A base image and the name it goes by in annotations, `repository:tag`. */
export interface Base {
  readonly image: Image;
  readonly name: string;
}

/** How many of the lowest layers of an image are those of a base, which must be all of the base's; 0 if it stands on another one. */
export function layersOnBase(image: Image, base: Image): number {
  const below = base.config.rootfs.diff_ids;
  const own = image.config.rootfs.diff_ids;
  return below.length > 0 && below.every((diffId, at) => own[at] === diffId) ? below.length : 0;
}

/** The base an image stands on, told by its layers alone: the one with the most of them. Annotations may be missing or wrong; layers are not. */
export function recogniseBase(image: Image, bases: readonly Base[]): Base | undefined {
  const found = bases.filter((base) => layersOnBase(image, base.image) > 0);
  return found.toSorted((a, b) => layersOnBase(image, b.image) - layersOnBase(image, a.image))[0];
}

/**
 * The same application on another base: its own layers, to the byte, over those of the new base; what it took over from the former
 * base it takes over from the new one. The same parts give the same digest.
 *
 * Throws `not-on-base`, and `platform-missing` when the new base is for another platform.
 */
export function rebased(image: Image, from: Image, to: Base): Image {
  const below = layersOnBase(image, from);
  if (below === 0) throw new OciError('not-on-base', { image: image.digest, base: from.digest });
  refuseOtherPlatform(image, to);
  const layers = [...to.image.layers.map(marked), ...image.layers.slice(below)];
  const annotations = annotationsOn(to, image.manifest.annotations ?? {}, from);
  return sealed(configOn(image.config, from.config, to.image.config, layers, annotations), layers, annotations);
}

/**
 * Moves an image of a repository to another base by registry operations alone: the layers of the base are mounted, configuration and
 * manifest written; no layer of the application is sent. Throws what `rebased` and `pushImage` throw.
 */
export async function rebaseImage(registry: Registry, repository: string, image: Image, from: Image, to: Base): Promise<PushReport> {
  const held = new HeldBlobs();
  for (const { digest } of image.manifest.layers) held.add(repository, digest);
  return await pushImage(rebased(image, from, to), registry, repository, { held, isNew: true });
}

function refuseOtherPlatform(image: Image, to: Base): void {
  const [own, other] = [platformOf(image.config), platformOf(to.image.config)];
  if (own.os === other.os && own.architecture === other.architecture && own.variant === other.variant) return;
  const known = `${other.os}/${other.architecture}`;
  throw new OciError('platform-missing', { image: to.name, platform: `${own.os}/${own.architecture}`, known });
}

/** What described the former base goes; what the application says of itself stays. */
function annotationsOn(to: Base, own: Annotations, from: Image): Annotations {
  const inherited = from.manifest.annotations ?? {};
  const kept = Object.entries(own).filter(([name, value]) => inherited[name] !== value || name === `${standard}created`);
  return sorted({ ...Object.fromEntries(kept), ...baseAnnotations(to) });
}

function configOn(
  own: ImageConfig,
  from: ImageConfig,
  to: ImageConfig,
  layers: readonly { readonly diffId: Digest }[],
  annotations: Annotations,
): ImageConfig {
  const history = historyOn(own.history, from.history ?? [], to.history ?? []);
  const { history: _, ...rest } = own;
  return {
    ...rest,
    config: runOn(own.config ?? {}, from.config ?? {}, to.config ?? {}, annotations),
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    ...(history === undefined ? {} : { history }),
  };
}

/** Each setting that is as the former base had it was taken over, and is taken over again; they keep their order. */
function runOn(own: RunConfig, from: RunConfig, to: RunConfig, annotations: Annotations): RunConfig {
  const names = [...new Set([...Object.keys(own), ...Object.keys(to), 'Labels'])] as (keyof RunConfig)[];
  const environment = environmentOn(own.Env ?? [], from.Env ?? [], to.Env ?? []);
  const merged: Partial<Record<keyof RunConfig, unknown>> = {
    Env: environment.length === 0 ? undefined : environment,
    Labels: labelsOn(own.Labels ?? {}, from.Labels ?? {}, to.Labels ?? {}, annotations),
  };
  const valueOf = (name: keyof RunConfig) => {
    if (Object.hasOwn(merged, name)) return merged[name];
    return isSame(own[name], from[name]) ? to[name] : own[name];
  };
  const chosen = names.map((name) => [name, valueOf(name)] as const);
  return Object.fromEntries(chosen.filter(([, value]) => value !== undefined));
}

function environmentOn(own: readonly string[], from: readonly string[], to: readonly string[]): readonly string[] {
  const added = own.filter((line) => !from.includes(line));
  const names = new Set(added.map(nameIn));
  return [...to.filter((line) => !names.has(nameIn(line))), ...added];
}

function labelsOn(own: Annotations, from: Annotations, to: Annotations, annotations: Annotations): Annotations {
  const isStandard = (name: string) => name.startsWith(standard);
  const inherited = Object.entries(to).filter(([name]) => !isStandard(name));
  const added = Object.entries(own).filter(([name, value]) => !isStandard(name) && from[name] !== value);
  return sorted({ ...Object.fromEntries([...inherited, ...added]), ...annotations });
}

/** Programs refuse a history that does not count the layers: it is left out where one of the three does not. */
function historyOn(own: readonly History[] | undefined, from: readonly History[], to: readonly History[]): readonly History[] | undefined {
  if (own === undefined || from.length === 0 || to.length === 0) return undefined;
  return [...to, ...own.slice(from.length)];
}

function nameIn(line: string): string {
  return line.slice(0, line.indexOf('='));
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
