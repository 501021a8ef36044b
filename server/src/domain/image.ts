/** What an image holds, computed from its layers and never from its labels. */
import type { Storey } from './release.ts';

export type ImagePackage = {
  /** Package URL. */
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  readonly storey: Storey;
  /** The layer that brought it, as the registry names it. */
  readonly layer: string;
};

/** What decides whether an image conforms. */
export type ImageFacts = {
  /** Who it runs as; the id is null where the image knows no such account. */
  readonly user: { readonly name: string; readonly id: number | null };
  /** Programs that run with the rights of their owner or group, whoever starts them. */
  readonly privileged: readonly { readonly path: string; readonly mode: number; readonly storey: Storey }[];
  /** The TCP ports that its configuration declares. */
  readonly ports: readonly number[];
  /** Of the unpacked layers, from the ground up: what an image stands on is told by them. */
  readonly diffIds: readonly string[];
  /** What could not be read, so that packages may be missing. */
  readonly problems: readonly string[];
};

export type ImageSurvey = ImageFacts & {
  readonly packages: readonly ImagePackage[];
  /** CycloneDX 1.6. */
  readonly sbom: object;
};

/** The digest in `host/name@sha256:…`. */
export function digestIn(image: string): string {
  return image.slice(image.indexOf('@') + 1);
}
