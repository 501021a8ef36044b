/** The registry port: where images are held, by digest, and what says something about them. */
import type { ImageSurvey } from '../../domain/image.ts';

export interface Registry extends ImageAccess {
  /** `host:port`, as image references begin. */
  readonly host: string;
  /** What stands before the name of every repository, `a/b`; empty for none. */
  readonly namespace: string;
  /** The platform's own, or one of the company's that others run. */
  readonly kind: 'embedded' | 'external';
  /** Whether it speaks plain HTTP to everybody. */
  readonly plainHttp: boolean;
  /** Whether the image (`host/name@sha256:…`) is there with all that it names. */
  holds(image: string): Promise<boolean>;
  /** Sees to it that an image stays, whatever the registry removes by itself. Throws `image-missing` when it has just gone. */
  keep(image: string): Promise<void>;
  /** Removes what nobody needs: neither one of these digests, nor tagged, nor pushed or asked for since then. Null where others see to it. */
  collect(keep: ReadonlySet<string>, olderThan: Temporal.Instant): Promise<Collected | null>;
}

/** What was removed. */
export type Collected = { readonly manifests: number; readonly blobs: number; readonly bytes: number };

/** What is done with the layers of images and with what is attached to them; throws `registry-failed`. */
export interface ImageAccess {
  /** What an image holds, read from its layers. Throws `image-unreadable`. */
  survey(image: string): Promise<ImageSurvey>;
  /** The digests of the unpacked layers, from the ground up. Throws `image-unreadable`. */
  diffIds(image: string): Promise<readonly string[]>;
  /** Attaches documents to an image, as referrers of OCI 1.1; gives the digests of their manifests. The same one twice is one. */
  attach(image: string, documents: readonly Attached[]): Promise<readonly string[]>;
  /** The documents of a type that are attached to an image. */
  attached(image: string, artifactType: string): Promise<readonly (Attached & { readonly digest: string })[]>;
}

export type Attached = {
  /** Of the manifest and of the content. */
  readonly artifactType: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly content: Uint8Array;
};
