/** The commit behind a folder, asked of git itself. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { ReleaseRequest } from '@beluga/contract/api-schema';
import { CliError } from '../errors.ts';

export type Commit = NonNullable<ReleaseRequest['commit']>;
export type CommitMessage = NonNullable<ReleaseRequest['commits']>[number];
export type Source = {
  readonly commit: Commit | null;
  /** The version that the commit names: its tag without a leading v, else `0.0.0-<number of commits>.<short id>`. */
  readonly version: string | null;
};

const run = promisify(execFile);
const mostBytes = 64 * 1024 * 1024;
const nothing: Source = { commit: null, version: null };

/** Throws `git-missing`, `git-failed`, `repository-of-another`, and `not-committed` where `allowDirty` is not said. */
export async function readSource(folder: string, allowDirty: boolean): Promise<Source> {
  const state = await stateOf(folder);
  if (state === null) return nothing;
  if (state.changed.length > 0 && !allowDirty) throw new CliError('not-committed', { folder, files: listed(state.changed) });
  const [commit, tags] = await Promise.all([
    commitOf(folder, state.branch),
    git(folder, ['tag', '--points-at', 'HEAD', '--sort=-version:refname']),
  ]);
  const version = versionIn(tags) ?? `0.0.0-${await git(folder, ['rev-list', '--count', 'HEAD'])}.${commit.id.slice(0, 8)}`;
  return { commit, version: state.changed.length === 0 ? version : `${version}+dirty.${await changeHash(folder)}` };
}

/** How many commits a release tells of at most. */
const mostCommits = 500;

/** What came into the folder after `former`, the newest first; the last commit alone where the repository does not know that one. */
export async function readCommitsSince(folder: string, former: string | null): Promise<readonly CommitMessage[]> {
  const range = former !== null && (await isBehind(folder, former)) ? [`${former}..HEAD`, `--max-count=${mostCommits}`] : ['-1'];
  const text = await git(folder, ['log', ...range, '--format=%H%x1f%an%x1f%cI%x1f%s%x1f%b%x1e', '--', '.']);
  return text.split('\u001E').flatMap((entry): readonly CommitMessage[] => {
    const [id = '', author = '', at = '', subject = '', body = ''] = entry.trim().split('\u001F');
    if (id === '') return [];
    const told = body.trim().slice(0, 4000);
    return [
      {
        id,
        author: author.slice(0, 200),
        at: new Date(at).toISOString(),
        subject: subject.slice(0, 1000),
        body: told === '' ? null : told,
      },
    ];
  });
}

async function isBehind(folder: string, commit: string): Promise<boolean> {
  if (!/^[0-9a-f]{7,64}$/.test(commit)) return false;
  return git(folder, ['merge-base', '--is-ancestor', commit, 'HEAD']).then(
    () => true,
    () => false,
  );
}

type State = { readonly branch: string | null; readonly changed: readonly string[] };

/** Null where there is no repository, or no commit in it yet. */
async function stateOf(folder: string): Promise<State | null> {
  const text = await git(folder, ['status', '--porcelain=v2', '--branch', '--', '.']).catch(nullOutside);
  if (text === null || text.includes('# branch.oid (initial)')) return null;
  const branch = /^# branch\.head (.+)$/m.exec(text)?.[1] ?? null;
  const changed = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return { branch: branch === '(detached)' ? null : branch, changed: changed.map(pathIn) };
}

async function commitOf(folder: string, branch: string | null): Promise<Commit> {
  const text = await git(folder, ['log', '-1', '--format=%H%n%an%n%cI%n%s']);
  const [id = '', author = '', at = '', ...subject] = text.split('\n');
  return { id, branch, subject: subject.join('\n'), author, at: new Date(at).toISOString() };
}

/** The highest tag that can be a version. */
function versionIn(tags: string): string | null {
  const versions = tags.split('\n').map((tag) => tag.replace(/^v(?=[0-9])/, ''));
  return versions.find((version) => /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(version)) ?? null;
}

/** Over what differs from the commit, and the content of files that git does not know. */
async function changeHash(folder: string): Promise<string> {
  const diff = await git(folder, ['diff', '--binary', 'HEAD', '--', '.']);
  const unknown = await git(folder, ['ls-files', '--others', '--exclude-standard', '-z', '--', '.']);
  const files = unknown.split('\0').filter((file) => file !== '');
  const contents = files.length === 0 ? '' : await git(folder, ['hash-object', '--', ...files]);
  return createHash('sha256').update(diff).update('\0').update(unknown).update(contents).digest('hex').slice(0, 8);
}

/** A line of the second format of `git status`: eight or nine fields before the path, or none but the mark. */
function pathIn(line: string): string {
  const fields = { '1': 8, '2': 9, u: 10 }[line[0] ?? ''] ?? 1;
  return line.split(' ').slice(fields).join(' ').split('\t')[0] ?? line;
}

function listed(files: readonly string[]): string {
  return files.length > 3 ? `${files.slice(0, 3).join(', ')} and ${files.length - 3} more` : files.join(', ');
}

function nullOutside(error: unknown): null {
  if (error instanceof CliError && error.code === 'git-failed' && /not a git repository/.test(error.message)) return null;
  throw error;
}

/** A hook of git that calls Beluga has variables that would name another repository. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^GIT_(?:DIR|WORK_TREE|INDEX_FILE|PREFIX|OBJECT_DIRECTORY)$/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' };
}

async function git(folder: string, words: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...words], { maxBuffer: mostBytes, env: environment() });
    return stdout.trimEnd();
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') throw new CliError('git-missing');
    if (/dubious ownership/.test(stderr ?? '')) throw new CliError('repository-of-another', { folder });
    const [first = message] = (stderr ?? message).trim().split('\n');
    throw new CliError('git-failed', { folder, problem: first.replace(/^fatal: /, '').replace(/\.$/, '') });
  }
}
