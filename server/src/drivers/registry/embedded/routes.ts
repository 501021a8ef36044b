/** Which of the endpoints of the OCI distribution specification 1.1 (end-1 to end-13) a request means; pure. */
import { isName } from './names.ts';
import { RegistryProblem } from './problem.ts';

export type Endpoint = 'base' | 'catalog' | 'tags' | 'manifest' | 'blob' | 'uploads' | 'upload' | 'referrers';
/** `name` is a repository's, or empty; `reference` a tag, digest or upload's id, or empty. */
export type Route = { readonly endpoint: Endpoint; readonly name: string; readonly reference: string };

const patterns: readonly (readonly [Endpoint, RegExp])[] = [
  ['base', /^\/v2\/?$/],
  ['catalog', /^\/v2\/_catalog$/],
  ['uploads', /^\/v2\/(?<name>.+)\/blobs\/uploads\/?$/],
  ['upload', /^\/v2\/(?<name>.+)\/blobs\/uploads\/(?<reference>[^/]+)$/],
  ['blob', /^\/v2\/(?<name>.+)\/blobs\/(?<reference>[^/]+)$/],
  ['manifest', /^\/v2\/(?<name>.+)\/manifests\/(?<reference>[^/]+)$/],
  ['referrers', /^\/v2\/(?<name>.+)\/referrers\/(?<reference>[^/]+)$/],
  ['tags', /^\/v2\/(?<name>.+)\/tags\/list$/],
];

/** The route of a path; refuses with NAME_INVALID, or NAME_UNKNOWN when the path means nothing. */
export function routeOf(path: string): Route {
  const decoded = decode(path);
  for (const [endpoint, pattern] of patterns) {
    const match = pattern.exec(decoded);
    if (match === null) continue;
    const { name = '', reference = '' } = match.groups ?? {};
    if (name !== '' && !isName(name)) throw invalidName(name);
    return { endpoint, name, reference };
  }
  throw new RegistryProblem(
    'NAME_UNKNOWN',
    `There is nothing at ${decoded.slice(0, 300)}; see the OCI distribution specification 1.1 for what a registry has.`,
  );
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalidName(path);
  }
}

function invalidName(name: string): RegistryProblem {
  return new RegistryProblem(
    'NAME_INVALID',
    `"${name.slice(0, 300)}" is no repository's name; use lowercase letters, digits and single . _ - between them, parts joined by /, at most 255 characters.`,
  );
}
