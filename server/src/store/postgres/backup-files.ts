/**
 * A backup on disk: a folder with `backup.json` and, for every table, its rows in PostgreSQL's own COPY text, compressed.
 *
 * The digest of a table is that of its rows in a fixed order, so that two databases with the same content have the same digests; the
 * digest of `backup.json` covers them all.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { BelugaError } from '../../errors.ts';
import type { Applied } from '../migrate.ts';

export type BackupTable = { readonly name: string; readonly columns: readonly string[]; readonly rows: number; readonly digest: string };
export type BackupSequence = { readonly name: string; readonly value: string; readonly called: boolean };

export type Backup = {
  readonly format: 'beluga-backup/1';
  /** RFC 3339. */
  readonly takenAt: string;
  readonly postgres: string;
  readonly migrations: readonly Applied[];
  /** In an order in which they can be filled: a table after those it refers to. */
  readonly tables: readonly BackupTable[];
  readonly sequences: readonly BackupSequence[];
};

/** A backup with the digest of `backup.json`: keep it apart from the backup to be sure later that it is this one. */
export type KeptBackup = Backup & { readonly digest: string };

export const index = 'backup.json';

export function fileOf(table: string): string {
  return `${table}.copy.zst`;
}

export function digestOf(bytes: string | Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Passes everything on and knows its digest at the end. */
export class Digesting extends Transform {
  readonly #hash = createHash('sha256');

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.#hash.update(chunk);
    done(null, chunk);
  }

  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}

/**
 * Reads a backup and checks every byte of it. With a digest it must be that very backup. Throws `backup-damaged`.
 */
export async function verifyBackup(folder: string, digest?: string): Promise<KeptBackup> {
  const text = await readFile(join(folder, index)).catch((cause: unknown) => damaged(folder, `${index} cannot be read`, cause));
  const found = digestOf(text);
  if (digest !== undefined && found !== digest) damaged(folder, `its digest is ${found}, not ${digest}`);
  const backup = parse(folder, text.toString());
  for (const table of backup.tables) await verifyTable(folder, table);
  return { ...backup, digest: found };
}

function parse(folder: string, text: string): Backup {
  try {
    const backup = JSON.parse(text) as Backup;
    if (backup.format === 'beluga-backup/1') return backup;
  } catch (cause) {
    damaged(folder, `${index} is not JSON`, cause);
  }
  return damaged(folder, `${index} is not of the format beluga-backup/1`);
}

async function verifyTable(folder: string, table: BackupTable): Promise<void> {
  const digesting = new Digesting();
  const file = fileOf(table.name);
  try {
    await pipeline(createReadStream(join(folder, file)), createZstdDecompress(), digesting.resume());
  } catch (cause) {
    damaged(folder, `${file} cannot be read to its end`, cause);
  }
  if (digesting.digest() !== table.digest) damaged(folder, `${file} holds other rows than were written`);
}

function damaged(folder: string, problem: string, cause?: unknown): never {
  throw new BelugaError('backup-damaged', { folder, problem }, { cause });
}
