/** Where an image comes from, as SLSA 1.2 build provenance: https://slsa.dev/spec/v1.2/build-provenance. */
import { digestIn } from './image.ts';
import type { Release } from './release.ts';

export type ProvenanceFacts = {
  readonly release: Release;
  /** What the image stands on, found by its layers; null when that is no known socle. */
  readonly socle: { readonly name: string; readonly image: string; readonly vendor: string } | null;
  /** Of the platform that vouches. */
  readonly version: string;
  /** RFC 3339. */
  readonly at: string;
};

/** What a build of this type is told and does: docs/guide/evidence.md. */
const buildType = 'https://beluga.dev/build/application-image/v1';

/** The predicate of https://slsa.dev/provenance/v1. Secrets are in the manifest by reference only. */
export function provenanceOf({ release, socle, version, at }: ProvenanceFacts): object {
  const { component, commit, spec, digest, layers } = release;
  return {
    buildDefinition: {
      buildType,
      externalParameters: { component, version: release.version, commit, manifest: spec },
      internalParameters: {},
      resolvedDependencies: [...sourceOf(release), ...basesOf(socle)],
    },
    runDetails: {
      builder: { id: 'https://beluga.dev/builder/platform/v1', version: { beluga: version } },
      metadata: { invocationId: digest, finishedOn: at },
      byproducts: layers.map((layer) => ({
        name: `layer: ${layer.storey}`,
        digest: { sha256: layer.digest.replace('sha256:', '') },
      })),
    },
  };
}

function sourceOf({ component, commit }: Release): readonly object[] {
  return commit !== null && /^[0-9a-f]{40}$/.test(commit.id)
    ? [{ name: 'source', uri: `git:${component}`, digest: { gitCommit: commit.id } }]
    : [];
}

function basesOf(socle: ProvenanceFacts['socle']): readonly object[] {
  if (socle === null) return [];
  const base = (name: string, image: string) => ({
    name,
    uri: `oci:${nameIn(image)}`,
    digest: { sha256: digestIn(image).replace('sha256:', '') },
  });
  return [base(`socle ${socle.name}`, socle.image), base('vendor base', socle.vendor)];
}

/** Without the host: the same base is one wherever it is kept. */
function nameIn(image: string): string {
  return image.slice(image.indexOf('/') + 1, image.indexOf('@'));
}
