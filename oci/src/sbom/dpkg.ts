/** The database of dpkg: `var/lib/dpkg/status`, and the files of `status.d` in images without dpkg itself (distroless). */
import type { Package } from './package.ts';

/** The packages that are installed; those that were removed leave a stanza too. Stanzas by deb822(5). */
export function readDpkg(text: string): readonly Package[] {
  return text
    .split(/\n(?:[ \t]*\n)+/)
    .map(fieldsOf)
    .flatMap((fields) => {
      const [name, version, status] = [fields.get('package'), fields.get('version'), fields.get('status')];
      if (name === undefined || version === undefined) return [];
      if (status !== undefined && !/\binstalled$/.test(status)) return [];
      const arch = fields.get('architecture') ?? '';
      return [{ type: 'deb' as const, namespace: null, name, version, qualifiers: { arch }, license: null }];
    });
}

function fieldsOf(stanza: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of stanza.split('\n')) {
    const [, name, value] = /^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name.toLowerCase(), value.trim());
  }
  return fields;
}
