/** The commit behind a folder, asked of git itself. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { ReleaseRequest } from '@beluga/contract/api-schema';
import { CliError } from '../errors.ts';

export type Commit = NonNullable<ReleaseRequest['commit']>;
export type Source = {
  readonly commit: Commit | null;
  /** The version that the commit names: its tag without a leading v, else `0.0.0-<number of commits>.<short id>`. */
  readonly version: string | null;
};

const run = promisify(execFile);
const mostBytes = 16 * 1024 * 1024;

/** Throws `git-missing`, `git-failed`, and `not-committed` where something is not committed and `allowDirty` is not said. */
export async function readSource(folder: string, allowDirty: boolean): Promise<Source> {
  const inside = await git(folder, ['rev-parse', '--is-inside-work-tree']).catch(outsideIsNull);
  if (inside === null) return { commit: null, version: null };
  const head = await git(folder, ['log', '-1', '--format=%H%n%an%n%cI%n%s']).catch(outsideIsNull);
  if (head === null) return { commit: null, version: null };
  const [id = '', author = '', at = '', ...subject] = head.split('\n');
  const changed = await git(folder, ['status', '--porcelain', '--', '.']);
  if (changed !== '' && !allowDirty) throw new CliError('not-committed', { folder, files: listed(changed) });
  const branch = await git(folder, ['branch', '--show-current']);
  const commit = { id, branch: branch === '' ? null : branch, subject: subject.join('\n'), author, at: new Date(at).toISOString() };
  const version = await versionOf(folder, id);
  return { commit, version: changed === '' ? version : `${version}+dirty.${await changeHash(folder, changed)}` };
}

async function versionOf(folder: string, id: string): Promise<string> {
  const tags = await git(folder, ['tag', '--points-at', 'HEAD', '--sort=-version:refname']);
  const tag = tags.split('\n')[0] ?? '';
  if (tag !== '') return tag.replace(/^v(?=[0-9])/, '');
  const count = await git(folder, ['rev-list', '--count', 'HEAD']);
  return `0.0.0-${count}.${id.slice(0, 8)}`;
}

async function changeHash(folder: string, changed: string): Promise<string> {
  const diff = await git(folder, ['diff', 'HEAD', '--', '.']);
  return createHash('sha256').update(changed).update(diff).digest('hex').slice(0, 8);
}

function listed(changed: string): string {
  const files = changed.split('\n').map((line) => line.slice(2).trim());
  return files.length > 3 ? `${files.slice(0, 3).join(', ')} and ${files.length - 3} more` : files.join(', ');
}

function outsideIsNull(error: unknown): null {
  if (error instanceof CliError && error.code === 'git-failed') return null;
  throw error;
}

async function git(folder: string, words: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...words], { maxBuffer: mostBytes });
    return stdout.trimEnd();
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') throw new CliError('git-missing');
    throw new CliError('git-failed', { folder, problem: (stderr ?? message).trim().split('\n')[0] ?? message });
  }
}
