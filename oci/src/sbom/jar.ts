/** What a jar, war or ear holds: what Maven wrote into it, else its manifest; and the jars inside, as Spring Boot packs them. */
import type { Package } from './package.ts';
import { readZip, type ZipEntry } from './zip.ts';

const deepest = 3;
const longestText = 1024 * 1024;
const longestInner = 64 * 1024 * 1024;

/** Throws when the bytes are no zip file, or a jar inside is damaged. */
export function readJar(bytes: Buffer, fileName: string, depth = 0): readonly Package[] {
  const entries = readZip(bytes);
  const own = byMaven(entries);
  const inner = depth >= deepest ? [] : entries.filter(({ name }) => /\.(jar|war)$/i.test(name));
  return [
    ...(own.length > 0 ? own : byManifest(entries, fileName)),
    ...inner.flatMap((entry) => readJar(entry.content(longestInner), entry.name, depth + 1)),
  ];
}

/** A shaded jar holds the pom.properties of everything that was packed into it. */
function byMaven(entries: readonly ZipEntry[]): readonly Package[] {
  return entries
    .filter(({ name }) => /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/.test(name))
    .flatMap((entry) => {
      const found = new Map<string, string>();
      for (const line of entry.content(longestText).toString('utf8').split(/\r?\n/)) {
        const [, key, value] = /^\s*([^#!=:\s]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
        if (key !== undefined && value !== undefined) found.set(key, value);
      }
      return maven(found.get('groupId'), found.get('artifactId'), found.get('version'));
    });
}

function byManifest(entries: readonly ZipEntry[], fileName: string): readonly Package[] {
  const manifest = entries.find(({ name }) => name.toUpperCase() === 'META-INF/MANIFEST.MF');
  const fields = manifest === undefined ? new Map<string, string>() : manifestFields(manifest.content(longestText).toString('utf8'));
  const [, fileArtifact, fileVersion] = /([^/]+?)(?:-(\d[^/]*))?\.[jw]ar$/i.exec(fileName) ?? [];
  const bundle = fields.get('bundle-symbolicname')?.split(';')[0]?.trim();
  const version =
    fileVersion ?? fields.get('implementation-version') ?? fields.get('bundle-version') ?? fields.get('specification-version');
  return maven(fields.get('implementation-vendor-id') ?? bundle, fileArtifact ?? bundle, version);
}

/** Long lines go on in the next one, after a space (JAR file specification). */
function manifestFields(text: string): ReadonlyMap<string, string> {
  const [main = ''] = text.replace(/\r\n?/g, '\n').replace(/\n /g, '').split('\n\n');
  return new Map(
    main.split('\n').flatMap((line) => {
      const colon = line.indexOf(': ');
      return colon <= 0 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 2).trim()] as const];
    }),
  );
}

function maven(group: string | undefined, artifact: string | undefined, version: string | undefined): readonly Package[] {
  if (artifact === undefined || artifact === '' || version === undefined || version === '') return [];
  return [
    {
      type: 'maven',
      namespace: group === undefined || group === '' ? artifact : group,
      name: artifact,
      version,
      qualifiers: {},
      license: null,
    },
  ];
}
