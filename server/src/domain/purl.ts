/** Package URLs, as far as packages are compared: by type, namespace and name, and by version. */
export type NamedPackage = { readonly base: string; readonly version: string };

/** Without qualifiers and subpath, which every tool writes differently; the version as it was before it was encoded. */
export function namePurl(purl: string): NamedPackage {
  const [plain = ''] = purl.split(/[?#]/);
  const at = plain.lastIndexOf('@');
  const hasVersion = at > plain.lastIndexOf('/');
  return { base: (hasVersion ? plain.slice(0, at) : plain).replace('/@', '/%40'), version: hasVersion ? decoded(plain.slice(at + 1)) : '' };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
