/** The git repositories of the demo's components, made from `examples/` with real commits, and their dependencies from npm. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export type Repository = { readonly component: string; readonly folder: string };

const run = promisify(execFile);
const examples = fileURLToPath(new URL('../../../examples/', import.meta.url));
const versions = fileURLToPath(new URL('versions/', import.meta.url));

/** A repository with one commit: the example as it is. One that was there is made again, its installed packages kept. */
export async function makeRepository(home: string, component: string): Promise<Repository> {
  const folder = join(home, 'demo', component);
  await mkdir(folder, { recursive: true });
  const former = (await readdir(folder)).filter((name) => name !== 'node_modules');
  await Promise.all(former.map((name) => rm(join(folder, name), { recursive: true })));
  await cp(join(examples, component), folder, { recursive: true, filter: (path) => !path.endsWith('/node_modules') });
  const repository = { component, folder };
  await git(repository, 'init', '--quiet', '--initial-branch=main');
  await commit(repository, `feat: ${component}`);
  return repository;
}

/** Installs what the lockfile names, as a CI job does, under the Node that Beluga pins. */
export async function installPackages({ folder }: Repository): Promise<void> {
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const words = ['ci', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline'];
  await run('npm', words, { cwd: folder, env: { ...process.env, PATH: path } }).catch((error: Error & { stderr?: string }) => {
    throw new Error(`npm could not install the packages of ${folder}: ${lastLines(error.stderr ?? error.message)}`, { cause: error });
  });
}

/** Commits the change that makes a version: `versions/<component>-<number>.patch`. */
export async function commitVersion(repository: Repository, number: number, subject: string): Promise<void> {
  await git(repository, 'apply', '--index', join(versions, `${repository.component}-${number}.patch`));
  await commit(repository, subject);
}

/** Takes the last commit back, with a commit. */
export async function revert(repository: Repository): Promise<void> {
  await git(repository, 'revert', '--no-edit', 'HEAD');
}

async function commit(repository: Repository, subject: string): Promise<void> {
  await git(repository, 'add', '--all');
  await git(repository, 'commit', '--quiet', '--message', subject);
}

/** git as of a person of the demo, whatever the machine's own configuration says. */
async function git({ folder }: Repository, ...words: readonly string[]): Promise<void> {
  const person = { NAME: 'Camille Le Goff', EMAIL: 'camille@alize.example' };
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    ...Object.fromEntries(
      Object.entries(person).flatMap(([key, value]) => [
        [`GIT_AUTHOR_${key}`, value],
        [`GIT_COMMITTER_${key}`, value],
      ]),
    ),
  };
  await run('git', words, { cwd: folder, env });
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n');
}
