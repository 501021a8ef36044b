/** A package URL without its version as people call it: `pkg:npm/%40scope/name` is `@scope/name` of npm (purl-spec). */

/** Those whose namespace is the distribution: it says nothing about the package. */
const distributions = ['deb', 'rpm', 'apk', 'alpm'];

export function packageOf(url: string): { readonly name: string; readonly from: string } {
  const [type = '', ...rest] = url.replace(/^pkg:/, '').split('/').map(decoded);
  const last = rest.at(-1);
  if (last === undefined) return { name: url, from: '' };
  return { name: distributions.includes(type) ? last : rest.join('/'), from: type };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
