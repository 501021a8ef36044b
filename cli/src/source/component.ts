/** A component's folder: its manifest, read and checked. */
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BuildPlan, buildOf, type Manifest, ManifestError, readManifest } from '@beluga/contract/manifest';
import { CliError } from '../errors.ts';

export type Component = {
  readonly folder: string;
  readonly file: string;
  readonly manifest: Manifest;
  readonly build: BuildPlan;
};

/** Throws `folder-missing`, `manifest-missing`, `manifest-unreadable` and `manifest-wrong` (every problem with its line and column). */
export async function readComponent(given: string | undefined): Promise<Component> {
  const folder = resolve(given ?? '.');
  if (!(await isFolder(folder))) throw new CliError('folder-missing', { folder });
  const file = join(folder, 'beluga.yaml');
  const manifest = parse(await textOf(file, folder), file);
  return { folder, file, manifest, build: buildOf(manifest) };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

async function textOf(file: string, folder: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CliError('manifest-missing', { folder });
    throw new CliError('manifest-unreadable', { file, problem: code ?? message });
  }
}

function parse(text: string, file: string): Manifest {
  try {
    return readManifest(text, file);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const problem = error.message.replace(/\.$/, '');
    throw new CliError('manifest-wrong', { problem, remedy: error.problems[0]?.remedy ?? 'Mend the file.' }, { cause: error });
  }
}
