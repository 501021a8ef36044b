/** The JSON Schemas of `beluga.yaml`, `platform.yaml` and `socle.yaml` as they are published beside this folder (2020-12). */
import { ManifestSchema } from './manifest-schema.ts';
import { PlatformSchema } from './platform-schema.ts';
import { SocleManifestSchema } from './socle-schema.ts';

/** The text of each published file, by its name. */
export const publishedSchemas: Readonly<Record<string, () => string>> = {
  'beluga.schema.json': () => published('manifest', ManifestSchema),
  'platform.schema.json': () => published('platform', PlatformSchema),
  'socle.schema.json': () => published('socle', SocleManifestSchema),
};

function published(name: string, schema: object): string {
  const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `urn:beluga:${name}:v1` };
  return `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`;
}
