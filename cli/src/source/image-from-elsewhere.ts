/** Images that Beluga does not assemble: built from a Containerfile by the engine at hand, or elsewhere and named by digest. */
import { type CopyOptions, copyImage } from '@beluga/oci/copy';
import type { Image } from '@beluga/oci/image';
import { parseReference, type Reference } from '@beluga/oci/reference';
import { Registry } from '@beluga/oci/registry';
import { fetchImage } from '@beluga/oci/remote';
import type { Io } from '../output/io.ts';
import type { ImagePlatform } from '../platform/registry.ts';
import type { Component } from './component.ts';
import { buildContainerfile } from './containerfile.ts';
import type { Built } from './image.ts';
import { pushProgress } from './push-progress.ts';

/** Builds a Containerfile; its folder is what it may copy from. */
export async function built(io: Io, platform: ImagePlatform, component: Component, file: string): Promise<Built> {
  const startMs = performance.now();
  const { name, system } = component.manifest.metadata;
  const repository = platform.registry.repository(`${system}/${name}`);
  const { image } = await io.progress.during(`Building ${name} from ${file}`, (note) =>
    buildContainerfile(io, platform, { folder: component.folder, file, repository, title: name, storey: 'application' }, note),
  );
  const seconds = Math.round(performance.now() - startMs) / 1000;
  return { ...describe(image, `${platform.registry.host}/${repository}`), sentBytes: 0, seconds };
}

/** Takes an image as it is; one of another registry is copied, unchanged, so that nothing that runs depends on that registry. */
export async function taken(io: Io, platform: ImagePlatform, component: Component, named: string): Promise<Built> {
  const reference = parseReference(named);
  if (platform.registry.owns(reference)) {
    const registry = new Registry(platform.registry.host, platform.registry.options);
    try {
      const image = await fetchImage(registry, reference);
      return { ...describe(image, named.slice(0, named.indexOf('@'))), image: named, sentBytes: 0, seconds: 0 };
    } finally {
      registry.close();
    }
  }
  const startMs = performance.now();
  const { name, system } = component.manifest.metadata;
  const to = { registry: platform.registry.host, repository: platform.registry.repository(`${system}/${name}`) };
  const report = await io.progress.during(`Copying ${named.slice(0, named.indexOf('@'))}`, (note) =>
    copyImage(named, to, { ...fromOf(platform, reference), to: platform.registry.options, progress: pushProgress(note) }),
  );
  const layers = report.layers.map(({ pushed, ...layer }) => ({ ...layer, state: pushed ? ('pushed' as const) : ('reused' as const) }));
  const seconds = Math.round(performance.now() - startMs) / 1000;
  return { digest: report.digest, image: report.image, layers, sentBytes: report.sentBytes, seconds };
}

/** Another repository of the platform's registry is opened by the same login. */
export function fromOf({ registry }: ImagePlatform, reference: Reference): Pick<CopyOptions, 'from'> {
  return reference.registry === registry.host ? { from: registry.options } : {};
}

function describe(image: Image, repository: string): Pick<Built, 'digest' | 'image' | 'layers'> {
  const layers = image.layers.map(({ descriptor, storey }) => {
    return { digest: descriptor.digest, sizeBytes: descriptor.size, storey, state: 'reused' as const };
  });
  return { digest: image.digest, image: `${repository}@${image.digest}`, layers };
}
