import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { type Entry, folderEntry, sortEntries } from './entry.ts';
import { OciError, problemOf, systemCode } from './errors.ts';
import { linksOutside } from './link.ts';
import { stampOf } from './tar.ts';

/** The file that names what does not go into an image, in the syntax of .gitignore. */
export const ignoreFile = '.belugaignore';

const ignoredEverywhere = new Set(['.git', '.beluga']);

export interface TreeOptions {
  /** What becomes of a link whose target lies outside. Default: `refuse`. */
  readonly outside?: 'refuse' | 'skip';
}

/** Whether a path, relative to the folder and ending in a slash if it is a folder, stays out. */
type Rules = (path: string) => boolean;

/**
 * Reads what is in a folder, without the content of files, sorted; paths are relative to it.
 *
 * Modes are 0755 for folders and executables, 0644 for all else, so that neither umask nor user matters; hard links are files.
 * `.belugaignore`, `.git` and `.beluga` stay out. Throws `artifact-missing`, `artifact-unreadable`, `artifact-changed`,
 * `link-leaves-folder`, `special-file`, `name-not-utf8`.
 */
export async function readTree(folder: string, options: TreeOptions = {}): Promise<readonly Entry[]> {
  const top = realFolder(folder);
  const walk = new Walk(top, await readRules(top));
  walk.visit('');
  const entries = sortEntries(walk.entries);
  const [outside] = linksOutside(entries);
  if (outside === undefined) return entries;
  if (options.outside === 'skip') return withoutLinksOutside(entries);
  throw new OciError('link-leaves-folder', { file: `${top}/${outside.path}`, target: outside.target, folder: top });
}

function withoutLinksOutside(entries: readonly Entry[]): readonly Entry[] {
  const outside = new Set<Entry>(linksOutside(entries));
  return entries.filter((entry) => !outside.has(entry));
}

/** The folder with all links on the way resolved; throws `artifact-missing`. */
export function realFolder(folder: string): string {
  try {
    const real = realpathSync(folder);
    if (lstatSync(real).isDirectory()) return real;
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(systemCode(error))) throw unreadable(folder, error);
  }
  throw new OciError('artifact-missing', { folder });
}

class Walk {
  readonly entries: Entry[] = [];
  readonly #top: string;
  readonly #rules: Rules;

  constructor(top: string, rules: Rules) {
    this.#top = top;
    this.#rules = rules;
  }

  visit(folder: string): void {
    for (const found of this.#list(folder)) {
      if (ignoredEverywhere.has(found.name)) continue;
      const path = folder === '' ? found.name : `${folder}/${found.name}`;
      if (path === ignoreFile || this.#rules(found.isDirectory() ? `${path}/` : path)) continue;
      this.#add(path, found);
    }
  }

  #list(folder: string): readonly Dirent[] {
    const place = folder === '' ? this.#top : `${this.#top}/${folder}`;
    try {
      return readdirSync(place, { withFileTypes: true });
    } catch (error) {
      throw unreadable(place, error);
    }
  }

  #add(path: string, found: Dirent): void {
    const file = `${this.#top}/${path}`;
    if (found.name.includes('\ufffd')) refuseUnreadableName(file, found);
    if (found.isDirectory()) {
      this.entries.push(folderEntry(path));
      this.visit(path);
    } else if (found.isSymbolicLink()) this.entries.push({ kind: 'link', path, target: read(file, (path) => readlinkSync(path)) });
    else if (found.isFile())
      this.entries.push(
        fileEntry(
          path,
          file,
          read(file, (path) => lstatSync(path)),
        ),
      );
    else throw new OciError('special-file', { file, kind: specialKind(found) });
  }
}

function fileEntry(path: string, file: string, stats: Stats): Entry {
  const mode = (stats.mode & 0o100) === 0 ? 0o644 : 0o755;
  return { kind: 'file', path, mode, sizeBytes: stats.size, source: { kind: 'disk', file, stamp: stampOf(stats) } };
}

function read<T>(file: string, how: (file: string) => T): T {
  try {
    return how(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): OciError {
  const code = ['ENOENT', 'ENOTDIR', 'EINVAL'].includes(systemCode(error)) ? 'artifact-changed' : 'artifact-unreadable';
  return new OciError(code, { file, problem: problemOf(error) }, { cause: error });
}

/** Node replaces what is not UTF-8 in a name by U+FFFD; then nothing exists under the name it gives. */
function refuseUnreadableName(file: string, found: Dirent): void {
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) return;
  throw new OciError('name-not-utf8', { folder: found.parentPath, name: found.name });
}

function specialKind(found: Dirent): string {
  if (found.isSocket()) return 'socket';
  if (found.isFIFO()) return 'named pipe';
  return 'device';
}

async function readRules(top: string): Promise<Rules> {
  const text = readIgnoreFile(`${top}/${ignoreFile}`);
  if (text === undefined) return () => false;
  const { default: ignore } = await import('ignore');
  const rules = ignore().add(text);
  return (path) => rules.ignores(path);
}

function readIgnoreFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
}
