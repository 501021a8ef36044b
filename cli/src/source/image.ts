/** From a component's folder to an image that the registry holds. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { normalise } from '@beluga/contract/manifest';
import { type ApplicationBuild, type ApplicationImage, buildApplication } from '@beluga/oci/build';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import { homeOf, type Platform } from '../platform/home.ts';
import type { ImagePlatform } from '../platform/registry.ts';
import type { Component } from './component.ts';
import { pushProgress } from './push-progress.ts';

export type Built = {
  readonly digest: string;
  readonly image: string;
  readonly layers: readonly BuiltLayer[];
  readonly sentBytes: number;
  readonly seconds: number;
};
export type BuiltLayer = {
  readonly digest: string;
  readonly sizeBytes: number;
  readonly storey: 'vendor' | 'socle' | 'dependencies' | 'application';
  readonly state: 'pushed' | 'reused';
};

/** Assembles the image on its socle and pushes what the registry misses; an image named by digest is taken as it is. */
export async function buildImage(io: Io, platform: ImagePlatform, component: Component): Promise<Built> {
  const { manifest, build } = component;
  if (build.containerfile !== null) return (await import('./image-from-elsewhere.ts')).built(io, platform, component, build.containerfile);
  if (build.image !== null) return (await import('./image-from-elsewhere.ts')).taken(io, platform, component, build.image);
  const folder = await artifactOf(component);
  const socle = await socleImage(platform, build.socle);
  return presented(
    await io.progress.during(`Building ${manifest.metadata.name} on ${build.socle}`, (note) =>
      buildApplication({ ...requestOf(io, platform, component, folder, socle), progress: pushProgress(note) }),
    ),
  );
}

/** The folder that becomes the image; throws `artifact-missing` and `packages-missing`. */
export async function artifactOf({ folder, file, build }: Component): Promise<string> {
  const artifact = join(folder, build.artifact);
  if (!(await stat(artifact).catch(() => null))?.isDirectory())
    throw new CliError('artifact-missing', { folder: artifact, manifest: file });
  await refuseWithoutPackages(artifact);
  return artifact;
}

/** What npm installs is not in a fresh checkout: whoever forgot it would see the application fail at its start, far from the cause. */
async function refuseWithoutPackages(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'package-lock.json'), 'utf8').catch(() => null);
  if (text === null || !needsPackages(text)) return;
  if ((await stat(join(folder, 'node_modules')).catch(() => null)) !== null) return;
  const ignored = await readFile(join(folder, '.belugaignore'), 'utf8').catch(() => '');
  if (!/^\/?package-lock\.json$/m.test(ignored)) throw new CliError('packages-missing', { folder });
}

/** Whether a lockfile (npm 7 and later) holds packages that are not for development only. */
function needsPackages(lockfile: string): boolean {
  try {
    const { packages = {} } = JSON.parse(lockfile) as { packages?: Record<string, { dev?: boolean }> };
    return Object.entries(packages).some(([path, { dev }]) => path.startsWith('node_modules/') && dev !== true);
  } catch {
    return false;
  }
}

/** What the image library is asked for. */
export function requestOf(
  io: Io,
  platform: ImagePlatform,
  { manifest, build }: Component,
  folder: string,
  socle: string,
): ApplicationBuild {
  const { name, system } = manifest.metadata;
  const { kind, run } = normalise(manifest);
  return {
    folder,
    dependencies: build.dependencies,
    compression: build.compression,
    socle,
    registry: platform.registry.host,
    repository: platform.registry.repository(`${system}/${name}`),
    registryOptions: platform.registry.options,
    cache: join(io.env['BELUGA_CACHE'] ?? homeOf(io.env), 'cache'),
    annotations: { 'org.opencontainers.image.title': name },
    ...(kind === 'Service' ? { run: { port: run.port } } : {}),
  };
}

/** The image that a socle's name means now; throws `unknown-socle`. */
export async function socleImage({ client }: Platform, name: string): Promise<string> {
  const { items } = await client.listSocles();
  const found = items.find((socle) => socle.name === name);
  if (found !== undefined) return found.image;
  const known = items.map((socle) => socle.name).join(', ');
  throw new CliError('unknown-socle', { socle: name, known: known === '' ? 'none yet' : known });
}

export function presented(report: ApplicationImage): Built {
  const { digest, image, sentBytes, seconds } = report;
  const layers = report.layers.map((layer) => ({
    digest: layer.digest,
    sizeBytes: layer.sizeBytes,
    storey: layer.storey,
    state: layer.pushed ? ('pushed' as const) : ('reused' as const),
  }));
  return { digest, image, layers, sentBytes, seconds };
}
