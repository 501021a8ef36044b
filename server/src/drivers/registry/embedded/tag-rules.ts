/** Which tags may move to another digest; pure. */

/** `versions` guards tags that look like a version or a commit, `all` every tag, `none` no tag; a tag with one of the prefixes always moves. */
export type TagRules = { readonly immutable: 'versions' | 'all' | 'none'; readonly mutablePrefixes: readonly string[] };

export const defaultTagRules: TagRules = { immutable: 'versions', mutablePrefixes: ['cache-'] };

const versionLike = /^v?\d/;
const commitLike = /^[0-9a-f]{7,64}$/;
/** Tags that clients keep rewriting where a registry has no referrers (OCI distribution 1.1, "Referrers Tag Schema"; cosign adds a suffix). */
const referrersTag = /^sha(?:256-[0-9a-f]{64}|512-[0-9a-f]{64,128})(?:\.[a-z]+)?$/;

/** Whether a tag, once pushed, names one digest for ever. */
export function isImmutable(tag: string, rules: TagRules): boolean {
  if (rules.immutable === 'none' || referrersTag.test(tag)) return false;
  if (rules.mutablePrefixes.some((prefix) => tag.startsWith(prefix))) return false;
  return rules.immutable === 'all' || versionLike.test(tag) || commitLike.test(tag);
}
