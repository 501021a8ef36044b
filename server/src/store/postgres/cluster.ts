/** The data folder of the embedded PostgreSQL: made once, whole or not at all, and refused when another version wrote it. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BelugaError } from '../../errors.ts';
import { giveFolder, type Owner, openFolder, refusalOf } from './owner.ts';
import type { Program } from './program.ts';

/** Where the parts of one embedded PostgreSQL are. */
export type Places = {
  readonly folder: string;
  readonly data: string;
  /** The folder of the socket. */
  readonly run: string;
  readonly log: string;
  /** Who may connect as whom. */
  readonly rules: { readonly access: string; readonly names: string };
};

/** The role that Beluga connects as, and the name of its database. */
export const role = 'beluga';

const run = promisify(execFile);

/** Makes the folders and, the first time, the data. Throws `database-version`, `database-folder`, `disk-full`. */
export async function prepareCluster(program: Program, owner: Owner, places: Places): Promise<void> {
  await openFolder(join(places.folder, 'log'), owner);
  await giveFolder(places.run, owner);
  await writeRules(owner, places);
  await removeDrafts(places.folder);
  const found = await versionOf(places.data);
  if (found === null) await createData(program, owner, places);
  else await checkData(found, program, owner, places);
}

/** The kernel says who connects (peer); only the user who runs Beluga is let in, and there is no network port at all. */
async function writeRules(owner: Owner, { rules, folder }: Places): Promise<void> {
  try {
    await writeFile(rules.access, 'local all all peer map=beluga\n');
    await writeFile(rules.names, `beluga "${owner.client}" ${role}\n`);
    await Promise.all([rules.access, rules.names].map((file) => chmod(file, 0o644)));
  } catch (error) {
    throw refusalOf(error, folder);
  }
}

async function checkData(found: string, program: Program, owner: Owner, { data }: Places): Promise<void> {
  if (found !== program.major) throw new BelugaError('database-version', { folder: data, found, ours: program.major });
  const { uid } = await stat(data);
  if (uid === owner.uid) return;
  throw new BelugaError('database-folder', {
    folder: data,
    problem: `it belongs to user id ${uid}, and user ${owner.name} would run it`,
    remedy: `Start Beluga as the user who made it, or give it over: chown -R ${owner.uid}:${owner.gid} ${data}.`,
  });
}

/** The major version that wrote the data; null when there are none yet. */
async function versionOf(data: string): Promise<string | null> {
  try {
    return (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw refusalOf(error, data);
  }
  const entries = await readdir(data).catch(() => null);
  if (entries === null) return null;
  throw new BelugaError('database-folder', {
    folder: data,
    problem: 'it holds something that is no database',
    remedy: 'Move it away to begin with an empty database.',
  });
}

async function createData(program: Program, owner: Owner, places: Places): Promise<void> {
  const draft = join(places.folder, `data.${process.pid}.${randomUUID()}`);
  try {
    await mkdir(draft, { mode: 0o700 });
    if (owner.lent) await chown(draft, owner.uid, owner.gid);
    await initialize(program, owner, draft);
    await rename(draft, places.data);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const anotherWasFaster = ['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!anotherWasFaster) throw refusalOf(error, places.folder);
  }
}

async function initialize(program: Program, owner: Owner, draft: string): Promise<void> {
  const options = ['--encoding=UTF8', ...program.locale, '--data-checksums', `--username=${role}`, '--auth=peer', '--no-instructions'];
  try {
    await run(join(program.bin, 'initdb'), ['-D', draft, ...options], {
      cwd: '/',
      env: { ...program.env, TZ: 'UTC' },
      ...(owner.lent ? { uid: owner.uid, gid: owner.gid } : {}),
    });
  } catch (error) {
    throw refusalOfInitdb(error, dirname(draft));
  }
}

function refusalOfInitdb(cause: unknown, folder: string): unknown {
  const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : '';
  if (/no space left on device|disk quota exceeded/i.test(said)) return new BelugaError('disk-full', { folder }, { cause });
  const problem = /error: (.*)/.exec(said)?.[1] ?? (cause instanceof Error ? cause.message : String(cause));
  return new BelugaError('database-start-failed', { problem, log: 'the server log' }, { cause });
}

/** Removes what a Beluga that was killed while it made the data left behind. */
async function removeDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^data\.(\d+)\./.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Whether a process of that number runs, of whatever user. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
