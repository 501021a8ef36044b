/** Writes what is generated from the schemas of `beluga.yaml` and `platform.yaml`: run it after changing them. */
import { writeFile } from 'node:fs/promises';
import { publishedSchemas } from './src/published-schema.ts';

for (const [name, text] of Object.entries(publishedSchemas)) await writeFile(new URL(name, import.meta.url), text());
