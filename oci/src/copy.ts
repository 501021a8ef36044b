import type { LayerCache } from './cache.ts';
import type { Platform } from './manifest.ts';
import { type Progress, type PushReport, pushImage } from './push.ts';
import { parseReference } from './reference.ts';
import { Registry, type RegistryOptions } from './registry.ts';
import { fetchImage } from './remote.ts';

export interface CopyOptions {
  readonly platform?: Platform;
  readonly tags?: readonly string[];
  readonly cache?: LayerCache;
  readonly from?: RegistryOptions;
  readonly to?: RegistryOptions;
  readonly progress?: (event: Progress) => void;
}

/** Copies the image that a reference names into a repository, unchanged; only what is missing there is sent. */
export async function copyImage(
  source: string,
  to: { readonly registry: string; readonly repository: string },
  options: CopyOptions = {},
): Promise<PushReport> {
  const reference = parseReference(source);
  const from = new Registry(reference.registry, options.from);
  const target = reference.registry === to.registry ? from : new Registry(to.registry, options.to);
  try {
    const { platform, cache, tags, progress } = options;
    const image = await fetchImage(from, reference, { ...(platform && { platform }), ...(cache && { cache }) });
    return await pushImage(image, target, to.repository, { open: () => from, ...(tags && { tags }), ...(progress && { progress }) });
  } finally {
    from.close();
    target.close();
  }
}
