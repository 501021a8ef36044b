/** A socle's folder: its socle.yaml, read and checked. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readSocle, SocleError, type SocleSpec } from '@beluga/contract/socle';
import { CliError } from '../errors.ts';

export type SocleFolder = { readonly folder: string; readonly file: string; readonly spec: SocleSpec };

/** Throws `socle-file-unreadable` and `socle-file-wrong` (every problem with its line and column). */
export async function readSocleFolder(given: string | undefined): Promise<SocleFolder> {
  const folder = resolve(given ?? '.');
  const file = join(folder, 'socle.yaml');
  return { folder, file, spec: parse(await textOf(file), file) };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError('socle-file-unreadable', { file, problem: code === 'ENOENT' ? 'it is not there' : (code ?? message) });
  }
}

function parse(text: string, file: string): SocleSpec {
  try {
    return readSocle(text, file);
  } catch (error) {
    if (!(error instanceof SocleError)) throw error;
    const problem = error.message.replace(/\.$/, '');
    throw new CliError('socle-file-wrong', { problem, remedy: error.problems[0]?.remedy ?? 'Mend the file.' }, { cause: error });
  }
}
