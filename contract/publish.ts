/** Writes what is generated from the schema of `beluga.yaml`: run it after changing `manifest-schema.ts`. */
import { writeFile } from 'node:fs/promises';
import { publishedSchema } from './src/published-schema.ts';

await writeFile(new URL('beluga.schema.json', import.meta.url), publishedSchema());
