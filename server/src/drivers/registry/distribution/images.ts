/** What image access needs of a registry; over HTTP here, in its own process beside the embedded one. */
import { OciError } from '@beluga/oci/errors';
import type { Manifest } from '@beluga/oci/manifest';
import { attachAll, listReferrers } from '@beluga/oci/referrers';
import type { Registry } from '@beluga/oci/registry';
import type { ImageSource } from '@beluga/oci/remote';
import type { Attached } from '../registry.ts';

export type Images = ImageSource & {
  /** `subject` is a digest. Gives the digests of the manifests; the same document twice is one. Throws as `Registry` does. */
  attach(repository: string, subject: string, documents: readonly Attached[]): Promise<readonly string[]>;
  attached(repository: string, subject: string, artifactType: string): Promise<readonly (Attached & { readonly digest: string })[]>;
  close(): void;
};

const mostBytes = 64 * 1024 * 1024;

export function imagesOverHttp(registry: Registry): Images {
  return {
    host: registry.host,
    headManifest: (repository, name) => registry.headManifest(repository, name),
    manifest: (repository, name) => registry.manifest(repository, name),
    smallBlob: (repository, digest, most) => registry.smallBlob(repository, digest, most),
    blob: (repository, digest) => registry.blob(repository, digest),
    attach: (repository, subject, documents) => attach(registry, repository, subject, documents),
    attached: (repository, subject, artifactType) => attached(registry, repository, subject, artifactType),
    close: () => registry.close(),
  };
}

async function attach(registry: Registry, repository: string, digest: string, documents: readonly Attached[]): Promise<readonly string[]> {
  const subject = await registry.headManifest(repository, digest);
  if (subject === undefined) throw new OciError('image-missing', { image: `${registry.host}/${repository}@${digest}` });
  const attachments = documents.map((document) => ({ ...document, mediaType: document.artifactType }));
  return attachAll(registry, repository, subject, attachments);
}

async function attached(registry: Registry, repository: string, digest: string, artifactType: string) {
  const found = await listReferrers(registry, repository, digest as `sha256:${string}`, artifactType);
  return Promise.all(
    found.map(async (descriptor) => {
      const manifest = JSON.parse((await registry.manifest(repository, descriptor.digest)).bytes.toString('utf8')) as Manifest;
      const [layer] = manifest.layers;
      if (layer === undefined) throw new OciError('not-an-image', { image: descriptor.digest, problem: 'it has no content' });
      const content = await registry.smallBlob(repository, layer.digest, mostBytes);
      return { artifactType, annotations: manifest.annotations ?? {}, content, digest: descriptor.digest };
    }),
  );
}
