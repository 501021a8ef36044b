/** A piece of software that an image holds, as the database of its package manager names it. */
export interface Package {
  readonly type: 'npm' | 'deb' | 'rpm' | 'maven' | 'generic';
  /** The scope of npm, the group of Maven; the distribution of deb and rpm, which only the whole image tells. */
  readonly namespace: string | null;
  readonly name: string;
  readonly version: string;
  readonly qualifiers: Readonly<Record<string, string>>;
  /** As its author wrote it. */
  readonly license: string | null;
}

/** The package URL, by the purl specification: what names the same software in every tool. */
export function purlOf({ type, namespace, name, version, qualifiers }: Package): string {
  const place = namespace === null ? '' : `${namespace.split('/').map(encoded).join('/')}/`;
  const asked = Object.entries(qualifiers)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${encoded(value)}`);
  return `pkg:${type}/${place}${encoded(name)}${version === '' ? '' : `@${encoded(version)}`}${asked.length === 0 ? '' : `?${asked.join('&')}`}`;
}

/** Everything but letters, digits and `.-_~:` in percent-encoding. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}
