/**
 * Files an instance is given: configuration on disk, secrets in memory.
 *
 * Each instance has folders of its own, written before it starts and removed after it is gone, mounted read-only.
 */
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretReference } from '../../../domain/release.ts';
import type { Workload } from '../../../domain/workload.ts';
import { BelugaError } from '../../../errors.ts';

export type FileRoots = {
  /** On disk. */
  readonly files: string;
  /** In memory (tmpfs). */
  readonly secrets: string;
};

/** Writes the files of an instance and gives the mounts for them. Throws `start-failed` for a secret that cannot be read. */
export async function writeFiles(roots: FileRoots, instance: string, workload: Workload, user: string): Promise<readonly string[]> {
  const configuration = await writeConfiguration(join(roots.files, instance), workload);
  const secrets = await writeSecrets(join(roots.secrets, instance), instance, workload.secrets, user);
  return [...configuration, ...secrets];
}

export async function removeFiles(roots: FileRoots, instance: string): Promise<void> {
  await rm(join(roots.files, instance), { recursive: true, force: true });
  await rm(join(roots.secrets, instance), { recursive: true, force: true });
}

async function writeConfiguration(folder: string, workload: Workload): Promise<readonly string[]> {
  if (workload.files.length === 0) return [];
  await mkdir(folder, { recursive: true, mode: 0o755 });
  return await Promise.all(
    workload.files.map(async (file, index) => {
      const path = join(folder, String(index));
      await writeFile(path, file.content, { mode: 0o644 });
      return `${path}:${file.path}:ro`;
    }),
  );
}

async function writeSecrets(
  folder: string,
  instance: string,
  secrets: readonly SecretReference[],
  user: string,
): Promise<readonly string[]> {
  if (secrets.length === 0) return [];
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (const secret of secrets) {
    const path = join(folder, secret.name);
    await rm(path, { force: true });
    await writeFile(path, await readSecret(secret, instance), { mode: 0o400 });
    await own(path, user);
  }
  return [`${folder}:/run/secrets:ro`];
}

async function readSecret(secret: SecretReference, instance: string): Promise<string> {
  const [kind, ...rest] = secret.ref.split(':');
  const where = rest.join(':');
  const value = kind === 'env' ? process.env[where] : await readFile(where, 'utf8').catch(() => undefined);
  if (value === undefined)
    throw new BelugaError('start-failed', { instance, problem: `the secret ${secret.name} cannot be read from ${secret.ref}` });
  return value;
}

/** Gives a path to the numeric user of an instance; a user known by name only inside its image gets read access for everybody. */
export async function own(path: string, user: string): Promise<void> {
  const [uid, gid] = user.split(':').map(Number);
  if (uid !== undefined && Number.isInteger(uid)) await chown(path, uid, Number.isInteger(gid) ? (gid ?? uid) : uid);
  else await chmod(path, 0o444);
}
