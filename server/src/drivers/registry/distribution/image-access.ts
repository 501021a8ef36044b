/** Layers and referrers of images in any registry that speaks the OCI distribution specification. */
import { OciError } from '@beluga/oci/errors';
import type { Image } from '@beluga/oci/image';
import { parseReference, type Reference } from '@beluga/oci/reference';
import { Registry } from '@beluga/oci/registry';
import { fetchImage } from '@beluga/oci/remote';
import { cyclonedxOf } from '@beluga/oci/sbom/cyclonedx';
import { SurveyMemory, surveyImage } from '@beluga/oci/sbom/survey';
import { BelugaError } from '../../../errors.ts';
import type { ImageAccess } from '../registry.ts';
import { type Images, imagesOverHttp } from './images.ts';
import { openKeptFindings } from './kept-findings.ts';

export type ImageAccessOptions = {
  /** How images of the platform's registry begin, and who reads and writes them; others are spoken to with Docker's credentials. */
  readonly host: string;
  readonly own: Images;
  /** A folder for what was found in layers; without one it is forgotten with the process. */
  readonly findings?: string;
  /** Of Beluga, named in SBOMs as the program that wrote them. */
  readonly version: string;
};

export type OpenImageAccess = ImageAccess & { close(): void };

export function openImageAccess(options: ImageAccessOptions): OpenImageAccess {
  const clients = new Map<string, Images>();
  const memory = new SurveyMemory(options.findings === undefined ? null : openKeptFindings(options.findings));
  const known = new Map<string, readonly string[]>();
  const oneByOne = queue();
  const clientOf = (host: string): Images => {
    const client = clients.get(host) ?? (host === options.host ? options.own : imagesOverHttp(new Registry(host)));
    clients.set(host, client);
    return client;
  };
  const at = <T>(image: string, work: (registry: Images, reference: Reference) => Promise<T>): Promise<T> => {
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
    attach: async (image, documents) =>
      documents.length === 0 ? [] : at(image, (registry, { repository, digest = '' }) => registry.attach(repository, digest, documents)),
    attached: (image, artifactType) =>
      at(image, (registry, { repository, digest = '' }) => registry.attached(repository, digest, artifactType)),
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

/** A registry that is away or turns us down is one thing; layers that nobody can read are another. */
export function refuse(image: string, error: unknown): never {
  if (!(error instanceof OciError)) throw error;
  const problem = error.message.replace(/\.$/, '');
  const unreadable = error.code === 'layer-refused' || error.code === 'not-an-image' || error.code === 'digest-mismatch';
  throw new BelugaError(unreadable ? 'image-unreadable' : 'registry-failed', { image, problem }, { cause: error });
}
