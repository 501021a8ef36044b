/**
 * Builds the console into web/dist when its sources changed since it was last built; says how long it took. Run by `npm test`, by
 * `./beluga up` and by hand: `./dev/node dev/build-console.ts`.
 *
 * The stamp is the hash of everything that goes in. The new build takes the place of the old one in one move.
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const checkout = join(import.meta.dirname, '..');
const built = join(checkout, 'web', 'dist');
const sources = ['web/index.html', 'web/vite.config.ts', 'web/package.json', 'web/public/**/*', 'web/src/**/*', 'contract/src/**/*.ts'];

/** Null when nothing had changed; else the seconds it took. Throws what Vite found. */
export async function buildConsole(): Promise<number | null> {
  const stamp = hashOfSources();
  const last = await readFile(join(built, '.stamp'), 'utf8').catch(() => '');
  if (last === stamp) return null;
  const startedAt = performance.now();
  const folder = `${built}-${process.pid}`;
  try {
    const { build } = await import('vite');
    const root = join(checkout, 'web');
    await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
    await compress(folder);
    await writeFile(join(folder, '.stamp'), stamp);
    await rm(built, { recursive: true, force: true });
    await rename(folder, built);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return (performance.now() - startedAt) / 1000;
}

function hashOfSources(): string {
  const files = globSync([...sources, 'package-lock.json'], { cwd: checkout }).filter((file) => /\.[a-z]+$/.test(file));
  const hash = createHash('sha256');
  for (const file of files.toSorted())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(checkout, file)));
  return hash.digest('hex');
}

async function compress(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const plain = entries.filter((entry) => entry.isFile() && /\.(js|css|html|svg|json)$/.test(entry.name));
  await Promise.all(
    plain.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      await writeFile(`${path}.gz`, await promisify(gzip)(await readFile(path), { level: 9 }));
    }),
  );
}

if (import.meta.main) {
  const seconds = await buildConsole();
  process.stdout.write(seconds === null ? 'The console is as its sources.\n' : `Built the console in ${seconds.toFixed(1)} s\n`);
}
