/** The command `beluga`. Compiled code is kept beside the packages, so that the next start is quicker. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'beluga'));
const { run } = await import('./program.ts');
process.exitCode = await run(process.argv.slice(2));
