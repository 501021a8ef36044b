/**
 * A segment: one file of a log, its name the cursor of its first line. The first row is its head: how far each source was kept when the
 * segment began; every further row is a line. Segments that are complete are compressed.
 */
import { appendFile, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import type { KeptLine, Line } from '../logs.ts';

/** How far a source was kept: the time of its last line, and how many lines had just this time. */
export type Mark = { readonly at: string; readonly same: number };
export type Marks = ReadonlyMap<string, Mark>;
export type Segment = { readonly first: number; readonly bytes: number; readonly changedMs: number };
export type Content = { readonly marks: Marks; readonly lines: readonly KeptLine[]; readonly next: number };

const compressed = '.ndjson.zst';
const plain = '.ndjson';
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** The oldest first. What a crash left twice is once. */
export async function listSegments(folder: string): Promise<readonly Segment[]> {
  const found = new Map<number, Segment>();
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d{16}\.ndjson(\.zst)?$/.test(name));
  for (const name of names) {
    const first = Number(name.slice(0, 16));
    if (name.endsWith(plain) && names.includes(nameOf(first, compressed))) {
      await rm(join(folder, name), { force: true });
      continue;
    }
    const { size, mtimeMs } = await stat(join(folder, name));
    found.set(first, { first, bytes: size, changedMs: mtimeMs });
  }
  return [...found.values()].toSorted((a, b) => a.first - b.first);
}

export async function beginSegment(folder: string, first: number, marks: Marks): Promise<number> {
  const head = `${JSON.stringify({ marks: Object.fromEntries(marks) })}\n`;
  await writeFile(join(folder, nameOf(first, plain)), head);
  return Buffer.byteLength(head);
}

/** Gives how many bytes were added. */
export async function appendLines(folder: string, first: number, lines: readonly Line[]): Promise<number> {
  const rows = lines.map(({ at, instance, stream, text }) => `${JSON.stringify({ at, instance, stream, text })}\n`).join('');
  await appendFile(join(folder, nameOf(first, plain)), rows);
  return Buffer.byteLength(rows);
}

/** Empty when the segment was removed meanwhile. */
export async function readSegment(folder: string, first: number): Promise<Content> {
  const text = await textOf(folder, first);
  const rows = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  rows.pop();
  const lines: KeptLine[] = [];
  for (const [index, row] of rows.entries()) {
    const line = index === 0 ? null : parsed<Line>(row);
    if (line !== null) lines.push({ cursor: first + index - 1, ...line });
  }
  const head = parsed<{ readonly marks: Readonly<Record<string, Mark>> }>(rows[0] ?? '');
  return { marks: new Map(Object.entries(head?.marks ?? {})), lines, next: first + Math.max(rows.length - 1, 0) };
}

/** Takes away what a crash left of a last row; gives the size that remains. */
export async function mendSegment(folder: string, first: number): Promise<number> {
  const path = join(folder, nameOf(first, plain));
  const content = await readFile(path);
  const bytes = content.lastIndexOf('\n') + 1;
  if (bytes < content.length) await truncate(path, bytes);
  return bytes;
}

export async function compressSegment(folder: string, first: number): Promise<number> {
  const [from, to] = [join(folder, nameOf(first, plain)), join(folder, nameOf(first, compressed))];
  const content = await compress(await readFile(from));
  await writeFile(`${to}.new`, content);
  await rename(`${to}.new`, to);
  await rm(from, { force: true });
  return content.length;
}

export async function removeSegment(folder: string, first: number): Promise<void> {
  for (const kind of [plain, compressed]) await rm(join(folder, nameOf(first, kind)), { force: true });
}

async function textOf(folder: string, first: number): Promise<string> {
  const uncompressed = await contentOf(join(folder, nameOf(first, plain)));
  if (uncompressed !== null) return uncompressed.toString();
  const content = await contentOf(join(folder, nameOf(first, compressed)));
  return content === null ? '' : (await decompress(content)).toString();
}

async function contentOf(path: string): Promise<Buffer | null> {
  return await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

function nameOf(first: number, kind: string): string {
  return `${String(first).padStart(16, '0')}${kind}`;
}

function parsed<T>(row: string): T | null {
  try {
    return JSON.parse(row) as T;
  } catch {
    return null;
  }
}
