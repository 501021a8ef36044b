/** Whether the registry holds an image in whole, and seeing to it that it goes on to. */
import { BelugaError } from '../../../errors.ts';
import type { Parts } from './exchange.ts';
import { parseManifest } from './manifest.ts';
import { type Digest, isName, parseDigest } from './names.ts';
import { keepManifest, sizeOfBlob } from './presence.ts';

/** Whether `host/name@digest` is of this registry and there with every manifest and blob that it names. */
export async function holds(parts: Parts, host: string, image: string): Promise<boolean> {
  const found = placeOf(host, image);
  return found !== null && holdsManifest(parts, found.name, found.digest);
}

/** It counts as just pushed, so that a collection under way spares it; throws `image-missing` when that was faster. */
export async function keep(parts: Parts, host: string, image: string): Promise<void> {
  const found = placeOf(host, image);
  if (found === null || !(await keepManifest(parts, found.name, found.digest))) throw new BelugaError('image-missing', { image });
}

function placeOf(host: string, image: string): { readonly name: string; readonly digest: Digest } | null {
  const at = image.lastIndexOf('@');
  const digest = parseDigest(image.slice(at + 1));
  const name = image.slice(host.length + 1, at).replace(/:[^/:]*$/, '');
  return digest !== null && image.startsWith(`${host}/`) && isName(name) ? { name, digest } : null;
}

async function holdsManifest(parts: Parts, name: string, digest: Digest): Promise<boolean> {
  const revision = await parts.manifests.get(name, digest).catch(() => null);
  if (revision === null) return false;
  const { blobs, manifests } = parseManifest(revision.bytes, revision.mediaType);
  for (const blob of blobs) if ((await sizeOfBlob(parts, name, blob.digest)) !== blob.size) return false;
  for (const child of manifests) if (!(await holdsManifest(parts, name, child.digest))) return false;
  return true;
}
