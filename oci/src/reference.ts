import { type Digest, isDigest } from './digest.ts';
import { OciError } from './errors.ts';

/** Where an image is: a registry, a name in it, and a tag, a digest or both. */
export interface Reference {
  /** `host` or `host:port`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const repositoryPattern = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const hostPattern = /^([a-zA-Z0-9.-]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?$/;

/**
 * Reads `host:port/name:tag@digest`; a name without a host is one of Docker Hub, as Docker reads it.
 *
 * Throws `invalid-reference`. Without tag and digest the tag is `latest`.
 */
export function parseReference(text: string): Reference {
  const [beforeDigest, digest] = splitOnce(text, '@');
  if (digest !== undefined && !isDigest(digest)) throw invalid(text, 'what follows @ is not sha256: and 64 hexadecimal digits');
  const slash = beforeDigest.lastIndexOf('/');
  const colon = beforeDigest.indexOf(':', slash + 1);
  const tag = colon < 0 ? undefined : beforeDigest.slice(colon + 1);
  if (tag !== undefined && !tagPattern.test(tag)) throw invalid(text, `"${tag}" is not a tag`);
  const place = splitHost(colon < 0 ? beforeDigest : beforeDigest.slice(0, colon));
  if (!hostPattern.test(place.registry)) throw invalid(text, `"${place.registry}" is not a host`);
  if (!repositoryPattern.test(place.repository)) {
    throw invalid(text, 'the name is made of lower-case letters, digits, and . _ - / between them');
  }
  return { ...place, ...withTag(tag, digest), ...(digest === undefined ? {} : { digest }) };
}

/** Writes a reference the way `parseReference` reads it. */
export function formatReference(reference: Reference): string {
  const { registry, repository, tag, digest } = reference;
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** Whether a registry is on this machine: spoken to in plain http, and its name means nothing elsewhere. */
export function isLoopback(registry: string): boolean {
  const host = registry.replace(/:[0-9]+$/, '');
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.[0-9.]+$/.test(host);
}

/** The digest if there is one, otherwise the tag: what a manifest is asked for by. */
export function manifestName(reference: Reference): string {
  return reference.digest ?? reference.tag ?? 'latest';
}

function withTag(tag: string | undefined, digest: string | undefined): { readonly tag?: string } {
  if (tag !== undefined) return { tag };
  return digest === undefined ? { tag: 'latest' } : {};
}

function splitHost(name: string): { readonly registry: string; readonly repository: string } {
  const [first, rest] = splitOnce(name, '/');
  const isHost = rest !== undefined && (/[.:[]/.test(first) || first === 'localhost');
  if (!isHost) return { registry: 'docker.io', repository: rest === undefined ? `library/${first}` : name };
  return { registry: first, repository: rest };
}

function splitOnce(text: string, mark: string): readonly [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}

function invalid(reference: string, problem: string): OciError {
  return new OciError('invalid-reference', { reference, problem });
}
