/** Writes into the docs what the code says: `./dev/node dev/write-docs.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generated, wanted } from './docs/generated.ts';

const checkout = join(import.meta.dirname, '..');

for (const one of generated) {
  const path = join(checkout, one.file);
  writeFileSync(path, wanted(one, one.kind === 'page' ? '' : readFileSync(path, 'utf8')));
  process.stdout.write(`wrote ${one.file}\n`);
}
