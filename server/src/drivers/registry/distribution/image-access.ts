/** Layers and referrers of images in any registry that speaks the OCI distribution specification. */
import { OciError } from '@beluga/oci/errors';
import type { Image } from '@beluga/oci/image';
import type { Manifest } from '@beluga/oci/manifest';
import { parseReference, type Reference } from '@beluga/oci/reference';
import { attachAll, listReferrers } from '@beluga/oci/referrers';
import { Registry } from '@beluga/oci/registry';
import { fetchImage } from '@beluga/oci/remote';
import { cyclonedxOf } from '@beluga/oci/sbom/cyclonedx';
import { SurveyMemory, surveyImage } from '@beluga/oci/sbom/survey';
import { BelugaError } from '../../../errors.ts';
import type { Attached, ImageAccess } from '../registry.ts';

export type ImageAccessOptions = {
  /** How images of the platform's registry begin, and who speaks to it; others are spoken to with Docker's credentials. */
  readonly host: string;
  readonly own: Registry;
  /** Of Beluga, named in SBOMs as the program that wrote them. */
  readonly version: string;
};

const mostBytes = 64 * 1024 * 1024;

export type OpenImageAccess = ImageAccess & { close(): void };

export function openImageAccess(options: ImageAccessOptions): OpenImageAccess {
  const clients = new Map<string, Registry>();
  const memory = new SurveyMemory();
  const known = new Map<string, readonly string[]>();
  const oneByOne = queue();
  const clientOf = (host: string): Registry => {
    const client = clients.get(host) ?? (host === options.host ? options.own : new Registry(host));
    clients.set(host, client);
    return client;
  };
  const at = <T>(image: string, work: (registry: Registry, reference: Reference) => Promise<T>): Promise<T> => {
    const reference = parseReference(image);
    return work(clientOf(reference.registry), reference).catch((error: unknown) => refuse(image, error));
  };
  return {
    survey: (image) =>
      oneByOne(() =>
        at(image, async (registry, reference) => {
          const found = await fetchImage(registry, reference);
          const survey = await surveyImage(found, registry, memory);
          const tool = { name: 'beluga', version: options.version };
          return { ...survey, sbom: cyclonedxOf({ name: reference.repository, digest: found.digest, tool }, survey) };
        }),
      ),
    diffIds: async (image) => {
      const found = known.get(image) ?? (await at(image, async (registry, reference) => diffIdsOf(await fetchImage(registry, reference))));
      known.set(image, found);
      return found;
    },
    attach: (image, documents) => at(image, (registry, reference) => attachTo(registry, reference, documents)),
    attached: (image, artifactType) => at(image, (registry, reference) => attachedTo(registry, reference, artifactType)),
    close: () => {
      for (const client of clients.values()) client.close();
    },
  };
}

/** Images that come together stand on the same socle: it is read once, by the first, and remembered for the others. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
}

function diffIdsOf(image: Image): readonly string[] {
  return image.layers.map(({ diffId }) => diffId);
}

async function attachTo(registry: Registry, reference: Reference, documents: readonly Attached[]): Promise<readonly string[]> {
  if (documents.length === 0) return [];
  const subject = await registry.headManifest(reference.repository, reference.digest ?? '');
  if (subject === undefined) throw new OciError('image-missing', { image: reference.repository });
  const attachments = documents.map((document) => ({ ...document, mediaType: document.artifactType }));
  return attachAll(registry, reference.repository, subject, attachments);
}

async function attachedTo(registry: Registry, { repository, digest }: Reference, artifactType: string) {
  if (digest === undefined) return [];
  const found = await listReferrers(registry, repository, digest, artifactType);
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

/** A registry that is away or turns us down is one thing; layers that nobody can read are another. */
export function refuse(image: string, error: unknown): never {
  if (!(error instanceof OciError)) throw error;
  const problem = error.message.replace(/\.$/, '');
  const unreadable = error.code === 'layer-refused' || error.code === 'not-an-image' || error.code === 'digest-mismatch';
  throw new BelugaError(unreadable ? 'image-unreadable' : 'registry-failed', { image, problem }, { cause: error });
}
