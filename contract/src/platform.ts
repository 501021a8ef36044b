/** Reads `platform.yaml`: the platform as code, or every problem of the file with its line, its column and what to do. */
import schema from '../platform.schema.json' with { type: 'json' };
import { platformRulesBroken } from './platform-rules.ts';
import type { PlatformFile } from './platform-schema.ts';
import { type Finding, findingsAgainst, type JsonSchema } from './schema-findings.ts';
import { FileError, readYaml } from './yaml-file.ts';

export { entryOf, type PlatformSpec, platformOf } from './platform-spec.ts';

/** Everything that is wrong with `platform.yaml`; the message is one line for each problem. */
export class PlatformError extends FileError {}

/** The platform in the text of `file`; throws `PlatformError` with all problems, never anything else. */
export function readPlatform(text: string, file: string): PlatformFile {
  const read = readYaml(text, file, platformFindings);
  if ('problems' in read) throw new PlatformError(read.problems);
  return read.value as PlatformFile;
}

function platformFindings(value: unknown): readonly Finding[] {
  const findings = findingsAgainst(schema as JsonSchema, value);
  return findings.length > 0 ? findings : platformRulesBroken(value as PlatformFile);
}
