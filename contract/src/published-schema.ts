/** The JSON Schema of `beluga.yaml` as it is published in `contract/beluga.schema.json` (2020-12). */
import { ManifestSchema } from './manifest-schema.ts';

/** The text of the published file. */
export function publishedSchema(): string {
  const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'urn:beluga:manifest:v1' };
  return `${JSON.stringify({ ...head, ...ManifestSchema }, null, 2)}\n`;
}
