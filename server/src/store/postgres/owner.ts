/**
 * Who runs the embedded PostgreSQL. It refuses to run as root, so root lends it the user `nobody`; then root keeps the folder and the
 * rules of access, and `nobody` gets only data and socket.
 */
import { chmod, chown, lstat, mkdir, readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { BelugaError } from '../../errors.ts';

export type Owner = {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  /** The system user whom the server lets in: the one who runs Beluga. */
  readonly client: string;
  /** Whether it is another user than the one who runs Beluga. */
  readonly lent: boolean;
};

type Account = { readonly name: string; readonly uid: number; readonly gid: number; readonly home: string };

/** The user who runs the database. Throws `database-folder` where the system knows no such user. */
export async function ownerOfDatabase(folder: string): Promise<Owner> {
  const me = whoAmI(folder);
  if (me.uid !== 0) return { uid: me.uid, gid: me.gid, name: me.username, client: me.username, lent: false };
  const nobody = (await accounts()).find((account) => account.name === 'nobody');
  if (nobody !== undefined) return { uid: nobody.uid, gid: nobody.gid, name: nobody.name, client: me.username, lent: true };
  throw new BelugaError('database-folder', {
    folder,
    problem: 'root may not run it and /etc/passwd has no user nobody',
    remedy: 'Run Beluga as another user than root, or set DATABASE_URL.',
  });
}

/** Makes a folder that belongs to the user who runs Beluga, and that the owner of the database can pass. */
export async function openFolder(folder: string, owner: Owner): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o711 });
    if (owner.lent) await letPass(folder, owner);
  } catch (error) {
    throw refusalOf(error, folder);
  }
}

/** Makes a folder that only the owner of the database may enter. */
export async function giveFolder(folder: string, owner: Owner): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await checkOurs(folder, owner);
    if (owner.lent) await chown(folder, owner.uid, owner.gid);
  } catch (error) {
    throw refusalOf(error, folder);
  }
}

/** A short folder under /tmp may have been laid there by somebody else, or as a link. */
async function checkOurs(folder: string, owner: Owner): Promise<void> {
  const found = await lstat(folder);
  const ours = found.isDirectory() && (found.uid === owner.uid || found.uid === process.getuid?.()) && (found.mode & 0o077) === 0;
  if (!ours) throw new BelugaError('database-folder', { folder, problem: 'somebody else made it or may enter it', remedy: 'Remove it.' });
}

/** A failure of the file system, as a refusal that says what to do. */
export function refusalOf(error: unknown, folder: string): unknown {
  if (error instanceof BelugaError || !(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new BelugaError('disk-full', { folder }, { cause: error });
  const problem = code === undefined ? undefined : problems[code];
  if (problem === undefined) return error;
  return new BelugaError('database-folder', { folder, problem, remedy: elsewhere }, { cause: error });
}

const elsewhere = 'Give that folder to the user who runs Beluga, or set BELUGA_HOME to another one.';
const problems: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of that path is not a folder',
  EEXIST: 'a part of that path is not a folder',
};

function whoAmI(folder: string): { readonly uid: number; readonly gid: number; readonly username: string } {
  try {
    return userInfo({ encoding: 'utf8' });
  } catch (cause) {
    const words = {
      folder,
      problem: `user id ${process.getuid?.()} has no name on this system`,
      remedy: 'Add it to /etc/passwd, run Beluga as a user that has a name, or set DATABASE_URL.',
    };
    throw new BelugaError('database-folder', words, { cause });
  }
}

/** The folder and the one it lies in (the state folder) are opened for passing; what lies above is not ours to change. */
async function letPass(folder: string, owner: Owner): Promise<void> {
  const homes = new Set((await accounts()).filter((account) => account.uid === 0 || account.uid >= 1000).map((account) => account.home));
  const above = ancestors(dirname(dirname(folder)));
  for (const each of above) if (!(await canPass(each, owner))) throw cannotPass(folder, each, owner);
  for (const each of [dirname(folder), folder]) {
    if (await canPass(each, owner)) continue;
    if (homes.has(each)) throw cannotPass(folder, each, owner);
    await chmod(each, ((await stat(each)).mode & 0o777) | 0o011);
  }
}

async function canPass(folder: string, owner: Owner): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder);
  if (uid === owner.uid) return (mode & 0o100) !== 0;
  return (mode & (gid === owner.gid ? 0o010 : 0o001)) !== 0;
}

function cannotPass(folder: string, barrier: string, owner: Owner): BelugaError {
  return new BelugaError('database-folder', {
    folder,
    problem: `root may not run it and user ${owner.name}, who does, cannot pass ${barrier}`,
    remedy: 'Set BELUGA_HOME to a folder that every user can pass, such as /var/lib/beluga, or set DATABASE_URL.',
  });
}

function ancestors(folder: string): readonly string[] {
  return folder === dirname(folder) ? [folder] : [...ancestors(dirname(folder)), folder];
}

async function accounts(): Promise<readonly Account[]> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').filter((line) => line.includes(':'));
  return lines.map((line) => {
    const [name = '', , uid, gid, , home = ''] = line.split(':');
    return { name, uid: Number(uid), gid: Number(gid), home };
  });
}
