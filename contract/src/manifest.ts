/**
 * Reads `beluga.yaml`: a manifest, or every problem of the file with its line, its column and what to do.
 */
import schema from '../beluga.schema.json' with { type: 'json' };
import { rulesBrokenBy } from './manifest-rules.ts';
import type { Manifest } from './manifest-schema.ts';
import { type Finding, findingsAgainst, type JsonSchema, list } from './schema-findings.ts';
import { FileError, readYaml } from './yaml-file.ts';

export type { Manifest } from './manifest-schema.ts';
export { type BuildPlan, buildOf, normalise, type Spec } from './spec.ts';

/** Everything that is wrong with a manifest; the message is one line for each problem. */
export class ManifestError extends FileError {}

/** The manifest in the text of `file`; throws `ManifestError` with all problems, never anything else. */
export function readManifest(text: string, file: string): Manifest {
  const read = readYaml(text, file, manifestFindings);
  if ('problems' in read) throw new ManifestError(read.problems);
  return read.value as Manifest;
}

/** What is wrong with a manifest that came as a value (in a request); empty when it is a `Manifest`. */
export function manifestFindings(value: unknown): readonly Finding[] {
  const findings = findingsAgainst(manifestSchema, value).map(sentHome);
  return findings.length > 0 ? findings : rulesBrokenBy(value as Manifest);
}

const manifestSchema: JsonSchema = schema;

/** A key that stands in the wrong section is told where it belongs. */
function sentHome(finding: Finding): Finding {
  const key = finding.path.at(-1);
  if (finding.unknown === undefined || typeof key !== 'string') return finding;
  const sections = Object.entries(manifestSchema.properties ?? {});
  const homes = sections.filter(([, { properties = {} }]) => Object.hasOwn(properties, key)).map(([name]) => name);
  return homes.length === 0 ? finding : { ...finding, remedy: `it belongs in ${list(homes, 'or')}` };
}
