/** A registry that holds every image but those called `missing`, in memory; kept to the port for tests of what stands above. */
import { createHash } from 'node:crypto';
import { digestIn, type ImageSurvey } from '../../../domain/image.ts';
import { BelugaError } from '../../../errors.ts';
import type { Attached, Registry } from '../registry.ts';

export type SimulatedRegistry = Registry & {
  /** From now on nothing answers; `false` mends it. */
  cut(away: boolean): void;
  /** What a survey of any image gives from now on. */
  hold(changes: Partial<ImageSurvey>): void;
  /** Changes what is attached to an image, as somebody with access to the registry could. */
  tamper(image: string, change: (documents: readonly Attached[]) => readonly Attached[]): void;
};

const plain: ImageSurvey = {
  user: { name: '65532', id: 65_532 },
  privileged: [],
  ports: [8080],
  diffIds: [],
  problems: [],
  packages: [],
  sbom: { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 },
};

export function createSimulatedRegistry(host = '127.0.0.1:4600'): SimulatedRegistry {
  const documents = new Map<string, readonly Attached[]>();
  let away = false;
  let survey = plain;
  const answering = async <T>(image: string, work: () => T): Promise<T> => {
    if (away) throw new BelugaError('registry-failed', { image, problem: 'it does not answer' });
    return work();
  };
  const of = (image: string) => documents.get(digestIn(image)) ?? [];
  return {
    ...{ host, namespace: '', kind: 'embedded', plainHttp: true },
    keep: (image) => answering(image, () => undefined),
    collect: async () => null,
    holds: (image) => answering(image, () => !image.includes('/missing@')),
    survey: (image) => answering(image, () => survey),
    diffIds: (image) => answering(image, () => survey.diffIds),
    attach: (image, added) =>
      answering(image, () => {
        const present = new Set(of(image).map(digestOf));
        documents.set(digestIn(image), [...of(image), ...added.filter((one) => !present.has(digestOf(one)))]);
        return added.map(digestOf);
      }),
    attached: (image, artifactType) =>
      answering(image, () =>
        of(image)
          .filter((one) => one.artifactType === artifactType)
          .map((one) => ({ ...one, digest: digestOf(one) })),
      ),
    cut: (gone) => {
      away = gone;
    },
    hold: (changes) => {
      survey = { ...plain, ...changes };
    },
    tamper: (image, change) => void documents.set(digestIn(image), change(of(image))),
  };
}

function digestOf({ content }: Attached): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
