/** The code of Beluga on this machine. */
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const checkout = join(import.meta.dirname, '..', '..', '..');
const sources = ['server/src/**/*.ts', 'server/src/store/migrations/*.sql', 'contract/src/**/*.ts', 'oci/src/**/*.ts', 'package-lock.json'];

/** When what the server is made of was last changed here, in milliseconds since the epoch: by an upgrade, or by whoever works on it. */
export function codeChangedMs(): number {
  const files = globSync(sources, { cwd: checkout }).filter((file) => !file.endsWith('.test.ts'));
  return files.reduce((newest, file) => Math.max(newest, statSync(join(checkout, file)).mtimeMs), 0);
}
