/** Whether the registry holds an image in whole. */
import type { Parts } from './exchange.ts';
import { parseManifest } from './manifest.ts';
import { type Digest, isName, parseDigest } from './names.ts';
import { sizeOfBlob } from './presence.ts';

/** Whether `host/name@digest` is of this registry and there with every manifest and blob that it names. */
export async function holds(parts: Parts, host: string, image: string): Promise<boolean> {
  const at = image.lastIndexOf('@');
  const digest = parseDigest(image.slice(at + 1));
  const name = image.slice(host.length + 1, at).replace(/:[^/:]*$/, '');
  return digest !== null && image.startsWith(`${host}/`) && isName(name) && holdsManifest(parts, name, digest);
}

async function holdsManifest(parts: Parts, name: string, digest: Digest): Promise<boolean> {
  const revision = await parts.manifests.get(name, digest).catch(() => null);
  if (revision === null) return false;
  const { blobs, manifests } = parseManifest(revision.bytes, revision.mediaType);
  for (const blob of blobs) if ((await sizeOfBlob(parts, name, blob.digest)) !== blob.size) return false;
  for (const child of manifests) if (!(await holdsManifest(parts, name, child.digest))) return false;
  return true;
}
