/** Applies the import table to one file: a sentence for each breach, with what to do instead. */
import { isTest, law, type Place, placeOf, worldly } from './law.ts';
import type { Import, Source } from './sources.ts';

/** What is wrong with one file's imports; a test may import all that it needs. */
export function importFindings({ file, imports }: Source): readonly string[] {
  const place = placeOf(file);
  if (place === null)
    return [`${file} lies in no folder that the import table knows: move it, or add its folder to dev/architecture/law.ts.`];
  if (isTest(file)) return [];
  return imports.flatMap((one) => (one.file === null ? worldlyFindings(file, one) : ourFindings(file, place, one.file, one)));
}

function ourFindings(file: string, place: Place, target: string, { typeOnly, line }: Import): readonly string[] {
  const to = placeOf(target);
  const at = `${file}:${line}`;
  if (to === null) return [`${at} imports ${target}, which lies in no folder of the import table.`];
  if (isTest(target)) return [`${at} imports the test file ${target}: move what it needs into a file of its own.`];
  const { may, instead } = law[place];
  if (to !== place && !may.includes(to)) return [`${at} belongs to ${place} and imports ${target}, which belongs to ${to}. ${instead}`];
  if (place === 'port' && !typeOnly) return [`${at} imports values from ${target}. ${instead}`];
  if (isOfAnotherPort(file, place, target, to)) return [`${at} imports ${target}, of another port. ${instead}`];
  return [];
}

function worldlyFindings(file: string, { specifier, typeOnly, line }: Import): readonly string[] {
  if (specifier === '(computed)') return computedFindings(file, line);
  const rule = worldly.find(({ modules }) => modules.includes(specifier));
  if (rule === undefined || typeOnly || rule.pattern.test(file)) return [];
  return [`${file}:${line} imports ${specifier}, which only ${rule.where} may. Put the work behind a port and let main.ts hand it in.`];
}

function computedFindings(file: string, line: number): readonly string[] {
  if (/^(dev|bench|cli)\//.test(file)) return [];
  return [`${file}:${line} computes what it imports; write the path out so that this test can read it.`];
}

function isOfAnotherPort(file: string, place: Place, target: string, to: Place): boolean {
  return place === 'driver' && (to === 'driver' || to === 'port') && portOf(file) !== portOf(target);
}

function portOf(file: string): string {
  return file.split('/')[3] ?? '';
}
