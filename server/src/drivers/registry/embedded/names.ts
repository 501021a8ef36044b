/** The grammar of repository names, tags and digests, after the OCI distribution specification 1.1 and the image specification ("Digests"). */
import { RegistryProblem } from './problem.ts';

const namePattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const digestPattern = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;
const longestName = 255;

export type Algorithm = 'sha256' | 'sha512';
/** `text` is `algorithm:hex`. */
export type Digest = { readonly algorithm: Algorithm; readonly hex: string; readonly text: string };

export function isName(text: string): boolean {
  return text.length <= longestName && namePattern.test(text);
}

export function isTag(text: string): boolean {
  return tagPattern.test(text);
}

/** The digest that a text is, or null when it is none. */
export function parseDigest(text: string): Digest | null {
  if (!digestPattern.test(text)) return null;
  const [algorithm, hex] = text.split(':');
  return { algorithm: algorithm === 'sha512' ? 'sha512' : 'sha256', hex: hex ?? '', text };
}

/** The digest that a text is; refuses with DIGEST_INVALID otherwise. */
export function requireDigest(text: string | null): Digest {
  const digest = parseDigest(text ?? '');
  if (digest !== null) return digest;
  const given = text === null ? 'no digest is given' : `"${text.slice(0, 200)}" is not a digest`;
  throw new RegistryProblem('DIGEST_INVALID', `${given}; write sha256: or sha512: and its lowercase hexadecimal value.`);
}
