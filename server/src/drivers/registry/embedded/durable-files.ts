/** Files that are there in whole or not at all, also after a crash: written aside, synced, renamed, their folder synced. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Of each folder, the sync under way, and the one that begins after it. */
const syncing = new Map<string, Promise<void>>();
const nextSync = new Map<string, Promise<void>>();

/**
 * Makes what was created, renamed or removed in a folder survive a crash. Those who ask while a sync is under way share the next one: what
 * they did was done before it begins.
 */
export function syncFolder(folder: string): Promise<void> {
  const shared = nextSync.get(folder);
  if (shared !== undefined) return shared;
  const before = syncing.get(folder) ?? Promise.resolve();
  const own: Promise<void> = before.then(
    () => syncNow(folder, own),
    () => syncNow(folder, own),
  );
  nextSync.set(folder, own);
  return own;
}

async function syncNow(folder: string, own: Promise<void>): Promise<void> {
  nextSync.delete(folder);
  syncing.set(folder, own);
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } finally {
    if (syncing.get(folder) === own) syncing.delete(folder);
  }
}

/** The folders that are being made, one after the other: whoever finds one there already waits until it is sure to stay. */
let making: Promise<void> = Promise.resolve();

/** Creates a folder and its parents durably. */
export async function ensureFolder(folder: string): Promise<void> {
  const made = making.then(() => makeFolder(folder));
  making = made.catch(() => undefined);
  await made;
}

async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Writes a file durably through `aside`, a folder on the same disk; readers see the former content or the new one. */
export async function writeDurably(path: string, content: string | Uint8Array, aside: string): Promise<void> {
  const temporary = join(aside, `${randomUUID()}.part`);
  try {
    await writeSynced(temporary, content);
    await moveDurably(temporary, path);
  } catch (problem) {
    await rm(temporary, { force: true });
    throw problem;
  }
}

const newAndSynced = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_DSYNC;

/** Writes a new small file whose bytes survive a crash; its name does once it was moved durably. */
export async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  await using handle = await open(path, newAndSynced);
  await handle.writeFile(content);
}

/** Renames a file whose bytes are synced already, so that the new name survives a crash. */
export async function moveDurably(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (problem) {
    if (!isMissing(problem)) throw problem;
    await ensureFolder(dirname(to));
    await rename(from, to);
  }
  await Promise.all([syncFolder(dirname(to)), making]);
}

/** Removes a file durably; says whether it was there. */
export async function removeDurably(path: string): Promise<boolean> {
  const gone = await unlessMissing(unlink(path).then(() => true));
  if (gone === null) return false;
  await syncFolder(dirname(path));
  return true;
}

/** What a call on a path gives, or null when nothing is there. */
export async function unlessMissing<Result>(call: Promise<Result>): Promise<Result | null> {
  try {
    return await call;
  } catch (problem) {
    if (isMissing(problem)) return null;
    throw problem;
  }
}

export async function readIfThere(path: string): Promise<Buffer | null> {
  return unlessMissing(readFile(path));
}

/** The names in a folder; none when it is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await unlessMissing(readdir(folder))) ?? [];
}

/** Milliseconds since 1970 at which a file was last written, or null when it is not there. */
export async function writtenAt(path: string): Promise<number | null> {
  return (await unlessMissing(stat(path)))?.mtimeMs ?? null;
}

function isMissing(problem: unknown): boolean {
  const code = errorCode(problem);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The code of a system error such as ENOSPC, or an empty text. */
export function errorCode(problem: unknown): string {
  return problem instanceof Error && 'code' in problem && typeof problem.code === 'string' ? problem.code : '';
}
